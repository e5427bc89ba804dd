// One HTTP exchange on one libcurl handle; the handle is reused for the next exchange.
#pragma once

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "scraper/fetch/readiness.h"
#include "scraper/fetch/request_headers.h"
#include "scraper/fetch/response_headers.h"
#include "scraper/fetcher.h"

namespace placer {

struct EasyCleanup {
  void operator()(CURL* easy) const { ::curl_easy_cleanup(easy); }
};
struct SlistCleanup {
  void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};
using EasyHandle = std::unique_ptr<CURL, EasyCleanup>;
using HeaderList = std::unique_ptr<curl_slist, SlistCleanup>;

// Thread safety: confined to one thread. The handle must not be in a multi when it is destroyed.
class Exchange {
 public:
  // `options`, `headers` and `readiness`, the loop's, must outlive the exchange; the proxy's URL
  // has its variables replaced. Throws std::runtime_error when libcurl has no memory.
  Exchange(const FetchOptions& options, const std::string& user_agent,
           const RequestHeaders& headers, const Readiness& readiness);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Prepares the handle for `request`, whose URL is http or https.
  void prepare(Request request);

  // What came of it, after libcurl ended the transfer with `code`. Empties the exchange.
  Fetched finish(CURLcode code);

  CURL* easy() const { return easy_.get(); }
  const Request& request() const { return request_; }

 private:
  // Why a callback of ours made libcurl stop.
  enum class Stop : std::uint8_t {
    kNone,
    kHeadersTooLarge,
    kBodyTooLarge,
    kContentType,
    kEnough,  // what is beyond does not matter: robots.txt, a sitemap, the text of a 404
  };

  static std::size_t on_header(char* line, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  void set_lasting_options(const std::string& user_agent);
  void set_request_headers();
  void set_login();
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  std::uint64_t body_limit() const;
  Error error_for(CURLcode code) const;
  std::string message(std::string_view what) const;
  std::uint64_t answer_time() const;
  void fill_outcome(Outcome& outcome);

  const FetchOptions& options_;
  const RequestHeaders& headers_;
  const Readiness& readiness_;
  EasyHandle easy_;
  HeaderList request_headers_;
  std::optional<RequestKind> usual_headers_;  // request_headers_ are those of any such request
  std::array<char, CURL_ERROR_SIZE> error_text_{};

  Request request_;
  ResponseHeaders response_;
  std::string body_;
  std::uint64_t header_bytes_ = 0;
  Readiness::Clock::duration unread_{};  // the longest that the first of them may have lain unread
  bool body_began_ = false;
  Stop stop_ = Stop::kNone;
  std::uint32_t sockets_opened_ = 0;
  int socket_errno_ = 0;  // why a socket could not be had
  std::string refused_;   // "127.0.0.1 is loopback", of the address last refused
};

}  // namespace placer
