#include "tests/web/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <queue>
#include <system_error>
#include <unordered_map>

#include "tests/web/http.h"
#include "tests/web/listen.h"

namespace placer::web {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxRequest = 256 * 1024;

// Has the kernel note when bytes arrive, which may be long before a busy server reads them.
void ask_for_arrival_times(int fd) {
  const int one = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
}

// When the bytes of `message` arrived; now, where the kernel does not say.
Clock::time_point arrival_of(msghdr& message) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec at{};
    std::memcpy(&at, CMSG_DATA(c), sizeof at);
    const auto age = std::chrono::system_clock::now().time_since_epoch() -
                     std::chrono::seconds(at.tv_sec) - std::chrono::nanoseconds(at.tv_nsec);
    return Clock::now() - std::chrono::duration_cast<Clock::duration>(age);
  }
  return Clock::now();
}

// One client's connection. Idle, or busy with one request: waiting for a timer or writing.
struct Connection {
  std::uint64_t serial = 0;  // tells a timer of an earlier connection with the same fd
  std::string remote;
  std::string in;
  Clock::time_point arrived;  // of the last bytes of `in`
  std::string out;
  std::size_t sent = 0;
  Reply reply;
  std::string host;
  bool busy = false;
  bool holding = false;  // until the delay is over, or for ever
  bool dripping = false;
  bool close_at_end = false;
  bool wants_out = false;
};

struct Timer {
  Clock::time_point due;
  int fd;
  std::uint64_t serial;
  bool operator>(const Timer& other) const { return due > other.due; }
};

}  // namespace

class WebServer::Loop {
 public:
  Loop(Handler handler, ServerOptions options)
      : handler_(std::move(handler)),
        options_(std::move(options)),
        listeners_(listen_on_all(options_)),
        port_(bound_port(listeners_.front())),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw_errno("epoll_create1");
    for (const int fd : listeners_) watch(fd, EPOLLIN, EPOLL_CTL_ADD);
  }

  ~Loop() {
    for (const auto& [fd, connection] : connections_) ::close(fd);
    for (const int fd : listeners_) ::close(fd);
    ::close(epoll_);
  }

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run_until(int stop_fd);

  std::uint16_t port() const { return port_; }
  const ServerOptions& options() const { return options_; }
  std::uint64_t accepted() const { return accepted_; }

  std::vector<LoggedRequest> log() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  void clear_log() {
    const std::lock_guard lock(mutex_);
    log_.clear();
  }

 private:
  enum class Progress { kDone, kPaused, kBroken };

  void watch(int fd, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_, operation, fd, &event) != 0) throw_errno("epoll_ctl");
  }

  int next_timeout() const;
  void accept_from(int listener);
  void run_timers();
  void read_from(int fd, Connection& connection);
  void serve(int fd, Connection& connection);
  void answer(int fd, Connection& connection, ParsedRequest parsed);
  void note(const WebRequest& request, Clock::time_point arrived);
  Progress write_to(int fd, Connection& connection);
  Progress pause(int fd, Connection& connection);
  void finish(int fd, Connection& connection);
  void drop(int fd, bool reset);
  void arm(int fd, const Connection& connection, std::chrono::milliseconds wait) {
    timers_.push(Timer{Clock::now() + wait, fd, connection.serial});
  }

  Handler handler_;
  ServerOptions options_;
  std::vector<int> listeners_;
  std::uint16_t port_;
  int epoll_;
  std::unordered_map<int, Connection> connections_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::unordered_map<std::string, std::uint32_t> in_flight_;  // by host
  std::uint64_t next_serial_ = 1;
  std::atomic<std::uint64_t> accepted_{0};
  mutable std::mutex mutex_;
  std::vector<LoggedRequest> log_;  // guarded by mutex_
};

void WebServer::Loop::run_until(int stop_fd) {
  watch(stop_fd, EPOLLIN, EPOLL_CTL_ADD);
  std::array<epoll_event, 256> events;
  for (bool stopped = false; !stopped;) {
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), next_timeout());
    if (count < 0 && errno != EINTR) throw_errno("epoll_wait");
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      const std::uint32_t what = events[static_cast<std::size_t>(i)].events;
      const auto found = connections_.find(fd);
      if (fd == stop_fd) {
        stopped = true;
      } else if (found == connections_.end()) {
        if (std::find(listeners_.begin(), listeners_.end(), fd) != listeners_.end()) {
          accept_from(fd);
        }
      } else if (what & (EPOLLERR | EPOLLHUP)) {
        drop(fd, false);
      } else if (what & EPOLLOUT) {
        serve(fd, found->second);
      } else {
        read_from(fd, found->second);
      }
    }
    run_timers();
  }
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, stop_fd, nullptr);
}

int WebServer::Loop::next_timeout() const {
  if (timers_.empty()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(timers_.top().due - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

void WebServer::Loop::accept_from(int listener) {
  for (;;) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    const int fd = ::accept4(listener, reinterpret_cast<sockaddr*>(&peer), &length,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int one = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    Connection& connection = connections_[fd];
    connection.serial = next_serial_++;
    connection.remote = text_of(peer);
    ask_for_arrival_times(fd);
    watch(fd, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_ADD);
    ++accepted_;
  }
}

void WebServer::Loop::run_timers() {
  const Clock::time_point now = Clock::now();
  while (!timers_.empty() && timers_.top().due <= now) {
    const Timer timer = timers_.top();
    timers_.pop();
    const auto found = connections_.find(timer.fd);
    if (found == connections_.end() || found->second.serial != timer.serial) continue;
    found->second.holding = false;
    serve(timer.fd, found->second);
  }
}

void WebServer::Loop::read_from(int fd, Connection& connection) {
  std::array<char, 16 * 1024> bytes;
  alignas(cmsghdr) std::array<char, 256> control;
  iovec part{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(fd, &message, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0 || connection.in.size() > kMaxRequest) {
    drop(fd, false);
    return;
  }
  connection.arrived = arrival_of(message);
  connection.in.append(bytes.data(), static_cast<std::size_t>(got));
  serve(fd, connection);
}

// Answers the requests that have arrived, one after the other, as far as that goes now.
void WebServer::Loop::serve(int fd, Connection& connection) {
  for (;;) {
    if (connection.busy) {
      if (connection.holding) return;
      const Progress progress = write_to(fd, connection);
      if (progress == Progress::kBroken) drop(fd, false);
      if (progress != Progress::kDone) return;
      if (connection.close_at_end) {
        drop(fd, connection.reply.reset);
        return;
      }
      finish(fd, connection);
    }
    std::optional<ParsedRequest> parsed = parse_request(connection.in);
    if (!parsed) return;
    connection.in.erase(0, parsed->bytes);
    answer(fd, connection, std::move(*parsed));
  }
}

void WebServer::Loop::note(const WebRequest& request, Clock::time_point arrived) {
  const std::uint32_t in_flight = ++in_flight_[request.host];
  if (!options_.log) return;
  const std::string* agent = request.header("User-Agent");
  const std::lock_guard lock(mutex_);
  log_.push_back(LoggedRequest{arrived, request.host, request.target,
                               agent ? *agent : std::string(), in_flight});
}

void WebServer::Loop::answer(int fd, Connection& connection, ParsedRequest parsed) {
  parsed.request.remote = connection.remote;
  note(parsed.request, connection.arrived);
  connection.busy = true;
  connection.host = parsed.request.host;
  if (parsed.valid) {
    connection.reply = handler_(parsed.request);
  } else {
    connection.reply = Reply{};
    connection.reply.status = 400;
  }
  Reply& reply = connection.reply;
  connection.close_at_end = !parsed.keep_alive || reply.raw || reply.close_after || reply.reset;
  connection.sent = 0;
  connection.out =
      reply.raw ? std::move(*reply.raw)
                : serialize(reply, !connection.close_at_end, parsed.request.method == "HEAD");
  reply.body = std::string();
  if (reply.close_after && *reply.close_after < connection.out.size()) {
    connection.out.resize(*reply.close_after);
  }
  connection.dripping = reply.drip_bytes > 0;
  connection.holding = reply.never || reply.delay.count() > 0 || connection.dripping;
  if (connection.holding && !reply.never) {
    arm(fd, connection, reply.delay.count() > 0 ? reply.delay : reply.drip_every);
  }
}

// Goes on when the client has taken some of what was sent.
WebServer::Loop::Progress WebServer::Loop::pause(int fd, Connection& connection) {
  if (!connection.wants_out) watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP, EPOLL_CTL_MOD);
  connection.wants_out = true;
  return Progress::kPaused;
}

WebServer::Loop::Progress WebServer::Loop::write_to(int fd, Connection& connection) {
  const Reply& reply = connection.reply;
  while (connection.sent < connection.out.size()) {
    const std::size_t left = connection.out.size() - connection.sent;
    const std::size_t size = connection.dripping ? std::min(left, reply.drip_bytes) : left;
    const ssize_t wrote = ::send(fd, connection.out.data() + connection.sent, size, MSG_NOSIGNAL);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return errno == EAGAIN ? pause(fd, connection) : Progress::kBroken;
    connection.sent += static_cast<std::size_t>(wrote);
    if (connection.dripping && connection.sent < connection.out.size()) {
      connection.holding = true;
      arm(fd, connection, reply.drip_every);
      return Progress::kPaused;
    }
  }
  if (!reply.endless_body && !reply.endless_headers) return Progress::kDone;
  connection.out = reply.endless_headers ? endless_header_lines() : endless_chunk();
  connection.sent = 0;
  return pause(fd, connection);  // the others get their turn
}

void WebServer::Loop::finish(int fd, Connection& connection) {
  --in_flight_[connection.host];
  connection.busy = false;
  connection.out = std::string();
  if (connection.wants_out) watch(fd, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_MOD);
  connection.wants_out = false;
}

void WebServer::Loop::drop(int fd, bool reset) {
  const auto found = connections_.find(fd);
  if (found->second.busy) --in_flight_[found->second.host];
  if (reset) {
    const linger abort{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  }
  connections_.erase(found);
  ::close(fd);
}

WebServer::WebServer(Handler handler, ServerOptions options)
    : loop_(std::make_unique<Loop>(std::move(handler), std::move(options))) {}

WebServer::~WebServer() = default;

std::uint16_t WebServer::port() const { return loop_->port(); }

std::string WebServer::url(std::string_view path, std::size_t address) const {
  const std::string& host = loop_->options().addresses.at(address);
  const bool v6 = host.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port()) +
         std::string(path);
}

void WebServer::run_until(int stop_fd) { loop_->run_until(stop_fd); }
std::vector<LoggedRequest> WebServer::log() const { return loop_->log(); }
void WebServer::clear_log() { loop_->clear_log(); }
std::uint64_t WebServer::connections() const { return loop_->accepted(); }

RunningServer::RunningServer(Handler handler, ServerOptions options)
    : server_(std::move(handler), std::move(options)),
      stop_fd_(::eventfd(0, EFD_CLOEXEC)),
      thread_([this] { server_.run_until(stop_fd_); }) {}

RunningServer::~RunningServer() {
  const std::uint64_t one = 1;
  if (::write(stop_fd_, &one, sizeof one) == sizeof one) thread_.join();
  ::close(stop_fd_);
}

}  // namespace placer::web
