#include "scraper/fetch/curl_fetcher.h"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "config/secrets.h"
#include "scraper/fetch/exchange.h"

namespace placer {
namespace {

using Clock = std::chrono::steady_clock;

// libcurl 7.88 walks its tables of hosts and connections for every transfer, so that a multi gets
// slow beyond about a thousand of them. Each has connections of its own, though: only where many
// exchanges are in flight are there several, and then enough to keep the walks short.
constexpr std::size_t kExchangesPerMulti = 1000;
constexpr std::size_t kExchangesPerMultiOfMany = 250;
constexpr std::size_t kMostMultis = 64;
constexpr std::size_t kLeastConnections = 64;
constexpr std::size_t kMostConnections = 1024;
// With more exchanges than this in flight memory matters more than calls that receive.
constexpr std::size_t kManyExchanges = 2000;
constexpr long kSmallBuffer = 4096;  // bytes; libcurl's own is 16 KiB
constexpr int kEvents = 128;
constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(1);

// With the proxy's URL as it is to be used.
FetchOptions ready(FetchOptions options) {
  auto proxy = proxy_with_variables(options.proxy.text, process_environment());
  if (!proxy) throw std::runtime_error("fetch.proxy: " + proxy.error());
  options.proxy.text = *std::move(proxy);
  return options;
}

void start_libcurl() {
  static const CURLcode kStarted = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kStarted != CURLE_OK) {
    throw std::runtime_error(std::string("libcurl: ") + ::curl_easy_strerror(kStarted));
  }
}

bool is_http_url(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

// The part of an http(s) URL that decides which connections can be shared.
std::string_view authority(std::string_view url) {
  url.remove_prefix(url.find("//") + 2);
  return url.substr(0, url.find_first_of("/?#"));
}

Fetched refused(Request request, std::string_view what) {
  Fetched fetched;
  fetched.outcome.error =
      Error{ErrorCode::kInvalidUrl, "GET " + request.url + ": " + std::string(what)};
  fetched.outcome.request = std::move(request);
  return fetched;
}

// An epoll set; closes itself.
class Epoll {
 public:
  Epoll() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  }
  ~Epoll() { ::close(fd_); }
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;

  // `known`: probably watched already.
  void watch(int fd, std::uint32_t events, std::uint32_t tag, bool known = false) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = std::uint64_t{tag} << 32 | static_cast<std::uint32_t>(fd);
    const int first = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (::epoll_ctl(fd_, first, fd, &event) == 0) return;
    if (errno == ENOENT) ::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event);
    if (errno == EEXIST) ::epoll_ctl(fd_, EPOLL_CTL_MOD, fd, &event);
  }
  void forget(int fd) const { ::epoll_ctl(fd_, EPOLL_CTL_DEL, fd, nullptr); }

  int wait(std::array<epoll_event, kEvents>& events, int timeout) const {
    return ::epoll_wait(fd_, events.data(), kEvents, timeout);
  }

 private:
  int fd_;
};

// A libcurl multi and the moment when it wants to be called.
struct Shard {
  CURLM* multi = nullptr;
  const Epoll* epoll = nullptr;
  std::uint32_t tag = 0;
  std::size_t exchanges = 0;
  std::optional<Clock::time_point> due;
};

}  // namespace

class CurlFetcher::Loop {
 public:
  Loop(FetchOptions options, std::string user_agent, std::size_t window, RequestHeaders headers);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void start(Request request);
  std::vector<Fetched> poll(std::chrono::milliseconds max_wait, int wake_fd);
  std::size_t in_flight() const { return active_.size() + ended_.size(); }

 private:
  static constexpr std::uint32_t kWakeTag = 0xFFFFFFFF;

  static int on_socket(CURL*, curl_socket_t fd, int what, void* shard, void* known);
  static int on_timer(CURLM*, long wait, void* shard);

  void set_up(Shard& shard, std::size_t window);
  Shard& shard_for(std::string_view url);
  void watch_wake_fd(int wake_fd);
  void run_due_timers();
  int wait_milliseconds(Clock::time_point until) const;
  bool run_events(Clock::time_point until);
  void collect(Shard& shard);

  FetchOptions options_;
  std::string user_agent_;
  RequestHeaders headers_;
  bool many_;  // exchanges in flight
  std::size_t exchanges_per_multi_;
  Epoll epoll_;
  Readiness readiness_{Clock::now()};
  std::vector<Shard> shards_;
  int wake_fd_ = -1;
  std::vector<std::unique_ptr<Exchange>> idle_;
  std::unordered_map<CURL*, std::unique_ptr<Exchange>> active_;
  std::vector<Fetched> ended_;
};

CurlFetcher::Loop::Loop(FetchOptions options, std::string user_agent, std::size_t window,
                        RequestHeaders headers)
    : options_(ready(std::move(options))),
      user_agent_(std::move(user_agent)),
      headers_(std::move(headers)),
      many_(window > kManyExchanges),
      exchanges_per_multi_(many_ ? kExchangesPerMultiOfMany : kExchangesPerMulti) {
  start_libcurl();
  const std::size_t multis = std::clamp<std::size_t>(
      (window + exchanges_per_multi_ - 1) / exchanges_per_multi_, 1, kMostMultis);
  shards_.resize(multis);
  for (Shard& shard : shards_) set_up(shard, window / multis + 1);
}

void CurlFetcher::Loop::set_up(Shard& shard, std::size_t window) {
  shard.multi = ::curl_multi_init();
  if (shard.multi == nullptr) throw std::runtime_error("libcurl: no memory for a multi");
  shard.epoll = &epoll_;
  shard.tag = static_cast<std::uint32_t>(&shard - shards_.data());
  const std::size_t connections =
      std::max(window, std::clamp(4 * window, kLeastConnections, kMostConnections));
  ::curl_multi_setopt(shard.multi, CURLMOPT_SOCKETFUNCTION, &Loop::on_socket);
  ::curl_multi_setopt(shard.multi, CURLMOPT_SOCKETDATA, static_cast<void*>(&shard));
  ::curl_multi_setopt(shard.multi, CURLMOPT_TIMERFUNCTION, &Loop::on_timer);
  ::curl_multi_setopt(shard.multi, CURLMOPT_TIMERDATA, static_cast<void*>(&shard));
  ::curl_multi_setopt(shard.multi, CURLMOPT_MAXCONNECTS, static_cast<long>(connections));
}

CurlFetcher::Loop::~Loop() {
  for (const auto& [easy, exchange] : active_) {
    for (const Shard& shard : shards_) ::curl_multi_remove_handle(shard.multi, easy);
  }
  active_.clear();
  idle_.clear();
  for (const Shard& shard : shards_) ::curl_multi_cleanup(shard.multi);
}

// libcurl keeps `known` with the socket, null until it is set here.
int CurlFetcher::Loop::on_socket(CURL*, curl_socket_t fd, int what, void* shard, void* known) {
  Shard& self = *static_cast<Shard*>(shard);
  if (what == CURL_POLL_REMOVE) {
    self.epoll->forget(fd);
    return 0;
  }
  const std::uint32_t events = (what & CURL_POLL_IN ? std::uint32_t{EPOLLIN} : 0) |
                               (what & CURL_POLL_OUT ? std::uint32_t{EPOLLOUT} : 0);
  self.epoll->watch(fd, events, self.tag, known != nullptr);
  if (known == nullptr) ::curl_multi_assign(self.multi, fd, &self);
  return 0;
}

int CurlFetcher::Loop::on_timer(CURLM*, long wait, void* shard) {
  auto& due = static_cast<Shard*>(shard)->due;
  due.reset();
  if (wait >= 0) due = Clock::now() + std::chrono::milliseconds(wait);
  return 0;
}

// The same for all URLs of a host, so that its connections are reused; another one when that is
// full, because libcurl looks at every connection to a host to find a free one.
Shard& CurlFetcher::Loop::shard_for(std::string_view url) {
  const std::size_t hash = std::hash<std::string_view>{}(authority(url));
  Shard& usual = shards_[hash % shards_.size()];
  if (usual.exchanges < exchanges_per_multi_) return usual;
  return *std::min_element(shards_.begin(), shards_.end(), [](const Shard& a, const Shard& b) {
    return a.exchanges < b.exchanges;
  });
}

void CurlFetcher::Loop::start(Request request) {
  if (!is_http_url(request.url)) {
    ended_.push_back(refused(std::move(request), "not an http or https URL"));
    return;
  }
  std::unique_ptr<Exchange> exchange;
  if (idle_.empty()) {
    exchange = std::make_unique<Exchange>(options_, user_agent_, headers_, readiness_);
    if (many_) ::curl_easy_setopt(exchange->easy(), CURLOPT_BUFFERSIZE, kSmallBuffer);
  } else {
    exchange = std::move(idle_.back());
    idle_.pop_back();
  }
  exchange->prepare(std::move(request));
  Shard& shard = shard_for(exchange->request().url);
  CURL* easy = exchange->easy();
  const CURLMcode added = ::curl_multi_add_handle(shard.multi, easy);
  if (added != CURLM_OK) throw std::runtime_error(::curl_multi_strerror(added));
  ++shard.exchanges;
  active_.emplace(easy, std::move(exchange));
}

void CurlFetcher::Loop::watch_wake_fd(int wake_fd) {
  if (wake_fd == wake_fd_) return;
  if (wake_fd_ >= 0) epoll_.forget(wake_fd_);
  wake_fd_ = wake_fd;
  if (wake_fd_ >= 0) epoll_.watch(wake_fd_, EPOLLIN, kWakeTag);
}

void CurlFetcher::Loop::run_due_timers() {
  for (Shard& shard : shards_) {
    if (!shard.due || *shard.due > Clock::now()) continue;
    shard.due.reset();
    int running = 0;
    ::curl_multi_socket_action(shard.multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect(shard);
  }
}

int CurlFetcher::Loop::wait_milliseconds(Clock::time_point until) const {
  for (const Shard& shard : shards_) {
    if (shard.due) until = std::min(until, *shard.due);
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// Waits for sockets and serves them. True when the caller's turn has come: the wake fd is readable
// or a signal arrived.
bool CurlFetcher::Loop::run_events(Clock::time_point until) {
  std::array<epoll_event, kEvents> events;
  const Clock::time_point before = Clock::now();
  const int count = epoll_.wait(events, wait_milliseconds(until));
  readiness_.looked(before, Clock::now(), count < kEvents);
  if (count < 0) {
    if (errno == EINTR) return true;
    throw std::system_error(errno, std::generic_category(), "epoll_wait");
  }
  bool woken = false;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto tag = static_cast<std::uint32_t>(event.data.u64 >> 32);
    if (tag == kWakeTag) {
      woken = true;
      continue;
    }
    int what = 0;
    if (event.events & EPOLLIN) what |= CURL_CSELECT_IN;
    if (event.events & EPOLLOUT) what |= CURL_CSELECT_OUT;
    if (event.events & (EPOLLERR | EPOLLHUP)) what |= CURL_CSELECT_ERR;
    int running = 0;
    const auto fd = static_cast<curl_socket_t>(event.data.u64 & 0xFFFFFFFF);
    ::curl_multi_socket_action(shards_[tag].multi, fd, what, &running);
  }
  if (count > 0) {
    for (Shard& shard : shards_) collect(shard);
  }
  return woken;
}

void CurlFetcher::Loop::collect(Shard& shard) {
  int left = 0;
  while (const CURLMsg* message = ::curl_multi_info_read(shard.multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto found = active_.find(easy);
    ::curl_multi_remove_handle(shard.multi, easy);
    ended_.push_back(found->second->finish(code));
    --shard.exchanges;
    idle_.push_back(std::move(found->second));
    active_.erase(found);
  }
}

std::vector<Fetched> CurlFetcher::Loop::poll(std::chrono::milliseconds max_wait, int wake_fd) {
  watch_wake_fd(wake_fd);
  const Clock::time_point until = Clock::now() + std::min(max_wait, kLongestWait);
  run_due_timers();
  bool waiting = ended_.empty();
  while (waiting) {
    const bool woken = run_events(until);
    run_due_timers();
    waiting = ended_.empty() && !woken && Clock::now() < until;
  }
  return std::exchange(ended_, {});
}

CurlFetcher::CurlFetcher(FetchOptions options, std::string user_agent, std::size_t window,
                         RequestHeaders headers)
    : loop_(std::make_unique<Loop>(std::move(options), std::move(user_agent), window,
                                   std::move(headers))) {}

CurlFetcher::~CurlFetcher() = default;

void CurlFetcher::start(Request request) { loop_->start(std::move(request)); }

std::vector<Fetched> CurlFetcher::poll(std::chrono::milliseconds max_wait, int wake_fd) {
  return loop_->poll(max_wait, wake_fd);
}

std::size_t CurlFetcher::in_flight() const { return loop_->in_flight(); }

std::string curl_versions() { return curl_version(); }

}  // namespace placer
