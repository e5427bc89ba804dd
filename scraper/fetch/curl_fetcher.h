// HTTP exchanges with libcurl: many at once on one thread, driven by one epoll set.
//
// Connections are kept alive and reused, HTTP/2 is spoken over TLS, certificates are verified, and
// every address is shown to the address guard before a socket is opened. No cookies, no stored
// credentials, no redirects; proxies in the environment are ignored.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "scraper/fetch/request_headers.h"
#include "scraper/fetcher.h"

namespace placer {

// What ends in which Error:
//   kInvalidUrl       not http(s), or libcurl cannot read it
//   kAddressRefused   the guard refused every address; the message names address and reason
//   kContentType      a 2xx page of a type placer does not read; the body was not taken
//   kBodyTooLarge     decompressed bytes beyond FetchOptions::max_body
//   kHeadersTooLarge  beyond FetchOptions::max_headers (libcurl itself stops at 300 KB)
//   kTimeout          connect, whole exchange or low speed
//   kProtocol         truncated, reset, or not HTTP
// A status of 400 or more is no error: status is set and the body cut at 64 KiB. A robots.txt is
// cut at 512 KiB (RFC 9309 section 2.5). With an error the body is empty; status and header fields
// are set as far as they came.
class CurlFetcher : public Fetcher {
 public:
  // `window`: about how many exchanges will be in flight at once; sizes the connection pools.
  // Throws std::runtime_error when libcurl or epoll cannot be set up.
  CurlFetcher(FetchOptions options, std::string user_agent, std::size_t window = 64,
              RequestHeaders headers = {});
  ~CurlFetcher() override;

  void start(Request request) override;

  // `wake_fd` stays registered until a poll() with another value: pass -1 before closing it.
  // Returns early, with nothing, when a signal handler ran.
  std::vector<Fetched> poll(std::chrono::milliseconds max_wait, int wake_fd) override;

  std::size_t in_flight() const override;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// libcurl's version and those of the libraries it uses: "libcurl/7.88.1 OpenSSL/3.0.15 ...".
std::string curl_versions();

}  // namespace placer
