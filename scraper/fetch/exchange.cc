#include "scraper/fetch/exchange.h"

#include <fmt/format.h>
#include <netdb.h>
#include <strings.h>
#include <sys/socket.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "scraper/fetch/address_guard.h"

namespace placer {
namespace {

constexpr std::uint64_t kRobotsBytes = 512 * 1024;     // RFC 9309 section 2.5 asks for 500 KiB
constexpr std::uint64_t kSitemapBytes = 50ULL << 20;   // sitemaps.org's limit, decompressed
constexpr std::uint64_t kErrorPageBytes = 64 * 1024;   // redirects too
constexpr std::uint64_t kLargestReserve = 256 * 1024;  // Content-Length is only a claim

// A typo in an option's type would be undefined behaviour, so libcurl's own type check stays on
// and only the result is looked at here.
void check(CURLcode code, const char* what) {
  if (code != CURLE_OK) {
    throw std::runtime_error(fmt::format("libcurl: {}: {}", what, ::curl_easy_strerror(code)));
  }
}

#define PLACER_SET(option, value) check(::curl_easy_setopt(easy_.get(), option, value), #option)

// False for what would end a header line early (T13: request splitting).
bool is_field_value(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

// True for what a response of this kind is not read for. Sitemaps come under any name: as text, as
// an unknown file, as gzip.
bool is_unreadable(RequestKind kind, std::string_view content_type) {
  constexpr std::string_view kMedia[] = {"image/", "video/", "audio/", "font/"};
  if (kind == RequestKind::kRobots) return false;
  if (kind == RequestKind::kPage) return !is_readable_page(content_type);
  return std::any_of(std::begin(kMedia), std::end(kMedia), [&](std::string_view media) {
    return content_type.size() > media.size() &&
           ::strncasecmp(content_type.data(), media.data(), media.size()) == 0;
  });
}

const char* accept_header(RequestKind kind) {
  switch (kind) {
    case RequestKind::kRobots:
      return "Accept: text/plain,*/*;q=0.5";
    case RequestKind::kSitemap:
      return "Accept: application/xml,text/xml,text/plain;q=0.9,*/*;q=0.5";
    default:
      return "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,"
             "application/ld+json;q=0.9,application/json;q=0.8,text/plain;q=0.7,*/*;q=0.1";
  }
}

std::string numeric_address(const sockaddr* address, socklen_t length) {
  std::array<char, NI_MAXHOST> text{};
  const int failed =
      ::getnameinfo(address, length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return failed ? "an address" : text.data();
}

ErrorCode error_code(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return ErrorCode::kInvalidUrl;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return ErrorCode::kUnresolvedHost;
    case CURLE_COULDNT_CONNECT:
      return ErrorCode::kConnect;
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorCode::kTimeout;
    case CURLE_BAD_CONTENT_ENCODING:
      return ErrorCode::kContentEncoding;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
      return ErrorCode::kTls;
    default:
      return ErrorCode::kProtocol;
  }
}

std::uint64_t microseconds(CURL* easy, CURLINFO what) {
  curl_off_t value = 0;
  ::curl_easy_getinfo(easy, what, &value);
  return static_cast<std::uint64_t>(std::max<curl_off_t>(value, 0));
}

// Whole seconds, rounded up: libcurl's low-speed clock knows no smaller unit.
long low_speed_seconds(std::chrono::milliseconds time) {
  return std::max(1L, static_cast<long>(std::chrono::ceil<std::chrono::seconds>(time).count()));
}

}  // namespace

Exchange::Exchange(const FetchOptions& options, const std::string& user_agent,
                   const RequestHeaders& headers, const Readiness& readiness)
    : options_(options), headers_(headers), readiness_(readiness), easy_(::curl_easy_init()) {
  if (!easy_) throw std::runtime_error("libcurl: no memory for a handle");
  set_lasting_options(user_agent);
}

void Exchange::set_lasting_options(const std::string& user_agent) {
  PLACER_SET(CURLOPT_PRIVATE, static_cast<void*>(this));
  PLACER_SET(CURLOPT_ERRORBUFFER, error_text_.data());
  PLACER_SET(CURLOPT_NOSIGNAL, 1L);
  PLACER_SET(CURLOPT_QUICK_EXIT, 1L);  // a name look-up that hangs holds nobody up
  PLACER_SET(CURLOPT_PROTOCOLS_STR, "http,https");
  PLACER_SET(CURLOPT_FOLLOWLOCATION, 0L);
  PLACER_SET(CURLOPT_HTTP09_ALLOWED, 0L);
  PLACER_SET(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  PLACER_SET(CURLOPT_PATH_AS_IS, 1L);
  PLACER_SET(CURLOPT_USERAGENT, user_agent.c_str());
  PLACER_SET(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode
  PLACER_SET(CURLOPT_PROXY,
             options_.proxy.text.c_str());  // "": none, whatever the environment says
  PLACER_SET(CURLOPT_NOPROXY, "");
  PLACER_SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // Without this the CA bundle is read and parsed for every connection (20 ms of CPU each).
  PLACER_SET(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  PLACER_SET(CURLOPT_SSL_VERIFYPEER, options_.verify_tls ? 1L : 0L);
  PLACER_SET(CURLOPT_SSL_VERIFYHOST, options_.verify_tls ? 2L : 0L);
  PLACER_SET(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  PLACER_SET(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  PLACER_SET(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options_.low_speed_bytes));
  PLACER_SET(CURLOPT_LOW_SPEED_TIME, low_speed_seconds(options_.low_speed_time));
  PLACER_SET(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  PLACER_SET(CURLOPT_HEADERDATA, static_cast<void*>(this));
  PLACER_SET(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  PLACER_SET(CURLOPT_WRITEDATA, static_cast<void*>(this));
  PLACER_SET(CURLOPT_OPENSOCKETFUNCTION, &Exchange::on_open_socket);
  PLACER_SET(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
}

void Exchange::prepare(Request request) {
  request_ = std::move(request);
  response_ = ResponseHeaders{};
  body_.clear();
  header_bytes_ = 0;
  body_began_ = false;
  stop_ = Stop::kNone;
  sockets_opened_ = 0;
  refused_.clear();
  socket_errno_ = 0;
  error_text_[0] = '\0';
  PLACER_SET(CURLOPT_URL, request_.url.c_str());
  if (request_.body.empty()) {
    PLACER_SET(CURLOPT_HTTPGET, 1L);
  } else {
    PLACER_SET(CURLOPT_POSTFIELDSIZE, static_cast<long>(request_.body.size()));
    PLACER_SET(CURLOPT_POSTFIELDS, request_.body.c_str());  // not copied: request_ outlives it
  }
  set_request_headers();
  if (!headers_.empty()) set_login();
}

// Those of one request must not go with the next one on this handle.
void Exchange::set_login() {
  const Login* login = headers_.login_for(request_.url);
  PLACER_SET(CURLOPT_USERNAME, login ? login->user.c_str() : static_cast<const char*>(nullptr));
  PLACER_SET(CURLOPT_PASSWORD, login ? login->password.c_str() : static_cast<const char*>(nullptr));
}

void Exchange::set_request_headers() {
  const Validators& validators = request_.validators;
  const bool is_usual = request_.body.empty() && headers_.empty() && validators.etag.empty() &&
                        validators.last_modified.empty();
  if (is_usual && usual_headers_ == request_.kind) return;
  usual_headers_.reset();
  HeaderList list;
  const auto add = [&list](const std::string& line) {
    curl_slist* longer = ::curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::runtime_error("libcurl: no memory for a header");
    static_cast<void>(list.release());
    list.reset(longer);
  };
  const std::vector<std::string> stated = headers_.for_url(request_.url, request_.kind);
  const auto add_unless_stated = [&](const std::string& line) {
    const std::string_view name = std::string_view(line).substr(0, line.find(':') + 1);
    const bool is_stated = std::any_of(stated.begin(), stated.end(), [&](const std::string& own) {
      return ::strncasecmp(own.c_str(), name.data(), name.size()) == 0;
    });
    if (!is_stated) add(line);
  };
  for (const std::string& line : stated) add(line);
  add_unless_stated(accept_header(request_.kind));
  if (const std::string& body = request_.body; !body.empty()) {
    add("Expect:");  // no 100-continue round trip
    const bool json = body.front() == '{' || body.front() == '[';
    add_unless_stated(json ? "Content-Type: application/json"
                           : "Content-Type: application/x-www-form-urlencoded");
  }
  if (!validators.etag.empty() && is_field_value(validators.etag)) {
    add("If-None-Match: " + validators.etag);
  }
  if (!validators.last_modified.empty() && is_field_value(validators.last_modified)) {
    add("If-Modified-Since: " + validators.last_modified);
  }
  PLACER_SET(CURLOPT_HTTPHEADER, list.get());
  request_headers_ = std::move(list);
  if (is_usual) usual_headers_ = request_.kind;
}

std::size_t Exchange::on_header(char* line, std::size_t size, std::size_t count, void* self) {
  const std::string_view text(line, size * count);
  return static_cast<Exchange*>(self)->take_header(text) ? text.size() : 0;
}

bool Exchange::take_header(std::string_view line) {
  if (header_bytes_ == 0) unread_ = Readiness::Clock::now() - readiness_.since();
  header_bytes_ += line.size();
  if (header_bytes_ > options_.max_headers) {
    stop_ = Stop::kHeadersTooLarge;
    return false;
  }
  if (body_began_) return true;  // a trailer (RFC 9110 section 6.5): counted, not believed
  if (line != "\r\n" && line != "\n") {
    response_.take(line);
    return true;
  }
  if (response_.status < 200) return true;  // more headers follow
  const bool has_content = response_.status < 300 && response_.status != 204;
  if (has_content && is_unreadable(request_.kind, response_.content_type)) {
    stop_ = Stop::kContentType;
    return false;
  }
  return true;
}

std::uint64_t Exchange::body_limit() const {
  if (response_.status >= 300) return std::min(kErrorPageBytes, options_.max_body);
  switch (request_.kind) {
    case RequestKind::kRobots:
      return kRobotsBytes;
    case RequestKind::kSitemap:
      return kSitemapBytes;
    default:
      return options_.max_body;
  }
}

std::size_t Exchange::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  const std::string_view text(bytes, size * count);
  return static_cast<Exchange*>(self)->take_body(text) ? text.size() : 0;
}

bool Exchange::take_body(std::string_view bytes) {
  const std::uint64_t limit = body_limit();
  if (!body_began_) {
    body_began_ = true;
    body_.reserve(std::min({response_.content_length, limit, kLargestReserve}));
  }
  const std::size_t room = static_cast<std::size_t>(limit) - body_.size();
  if (bytes.size() <= room) {
    body_.append(bytes);
    return true;
  }
  const bool may_be_cut = response_.status >= 300 || request_.kind != RequestKind::kPage;
  stop_ = may_be_cut ? Stop::kEnough : Stop::kBodyTooLarge;
  body_.append(bytes.substr(0, room));
  return false;
}

curl_socket_t Exchange::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<Exchange*>(self);
  // A configured proxy is where the user wants to go; its own address is not the web's choice.
  const bool guarded = exchange.options_.private_addresses == PrivateAddresses::kRefuse &&
                       exchange.options_.proxy.text.empty();
  if (guarded) {
    if (const auto reason = refused_because(&address->addr)) {
      exchange.refused_ = fmt::format(
          "{} is not a public address ({})",
          numeric_address(&address->addr, static_cast<socklen_t>(address->addrlen)), *reason);
      return CURL_SOCKET_BAD;
    }
  }
  ++exchange.sockets_opened_;
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) exchange.socket_errno_ = errno;
  return fd;
}

std::string Exchange::message(std::string_view what) const {
  return fmt::format("GET {}: {}", request_.url, what);
}

Error Exchange::error_for(CURLcode code) const {
  const std::string_view text =
      error_text_[0] != '\0' ? error_text_.data() : ::curl_easy_strerror(code);
  switch (stop_) {
    case Stop::kHeadersTooLarge:
      return {ErrorCode::kHeadersTooLarge,
              message(fmt::format("headers of more than {} bytes", options_.max_headers))};
    case Stop::kBodyTooLarge:
      return {ErrorCode::kBodyTooLarge,
              message(fmt::format("a body of more than {} bytes", options_.max_body))};
    case Stop::kContentType:
      return {ErrorCode::kContentType,
              message(fmt::format("content of type {}", response_.content_type))};
    default:
      break;
  }
  if (!refused_.empty() && sockets_opened_ == 0) {
    return {ErrorCode::kAddressRefused,
            message(refused_ + "; fetch.private_addresses: allow lets it through")};
  }
  const int lack = socket_errno_;
  if (lack == EMFILE || lack == ENFILE || lack == ENOBUFS || lack == ENOMEM) {
    return {ErrorCode::kNoDescriptors,
            message(fmt::format("no socket can be had ({}); raise the limit (ulimit -n) or lower "
                                "backend.workers or backend.window",
                                std::strerror(lack)))};
  }
  // libcurl's own limits: 300 KB of headers, and 100 KB for one, which it calls out of memory.
  if (text.starts_with("Too large response headers")) {
    return {ErrorCode::kHeadersTooLarge, message(text)};
  }
  if (code == CURLE_OUT_OF_MEMORY && !body_began_) {
    return {ErrorCode::kHeadersTooLarge, message("a header of more than 100 KB")};
  }
  return {error_code(code), message(text)};
}

std::uint64_t Exchange::answer_time() const {
  const std::uint64_t began = microseconds(easy(), CURLINFO_STARTTRANSFER_TIME_T);
  if (began == 0) return 0;
  const auto unread = std::chrono::duration_cast<std::chrono::microseconds>(unread_).count();
  const std::uint64_t late = microseconds(easy(), CURLINFO_PRETRANSFER_TIME_T) +
                             static_cast<std::uint64_t>(std::max<std::int64_t>(unread, 0));
  return began > late ? began - late : 1;
}

void Exchange::fill_outcome(Outcome& outcome) {
  outcome.status = response_.status;
  outcome.body_bytes = body_.size();
  outcome.content_type = std::move(response_.content_type);
  outcome.validators = {std::move(response_.etag), std::move(response_.last_modified)};
  outcome.retry_after = retry_after_of(response_, std::chrono::system_clock::now());
  outcome.timings.first_byte = answer_time();
  outcome.timings.total = microseconds(easy(), CURLINFO_TOTAL_TIME_T);
  char* address = nullptr;
  ::curl_easy_getinfo(easy(), CURLINFO_PRIMARY_IP, &address);
  if (address != nullptr) outcome.address = address;
}

Fetched Exchange::finish(CURLcode code) {
  Fetched fetched;
  Outcome& outcome = fetched.outcome;
  const bool failed = code != CURLE_OK && stop_ != Stop::kEnough;
  if (failed) outcome.error = error_for(code);  // while the header fields are still there
  fill_outcome(outcome);
  if (failed) {
    body_ = std::string();
  } else if (!body_.empty()) {
    outcome.content_hash = ::XXH3_64bits(body_.data(), body_.size());
  }
  fetched.body = std::move(body_);
  body_ = std::string();
  fetched.location = std::move(response_.location);
  fetched.link_headers = std::move(response_.link);
  fetched.robots_headers = std::move(response_.x_robots_tag);
  outcome.request = std::move(request_);
  return fetched;
}

}  // namespace placer
