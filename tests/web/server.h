// A web server on loopback for tests, the demo and benchmarks: one thread, one epoll set.
//
// HTTP/1.1 with keep-alive and pipelining; request bodies are read whole. Every
// wait (a delayed answer, a drip) is a timer, so that tens of thousands of connections may be open.
// A Reply can misbehave in each of the ways that a crawler has to survive.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace placer::web {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct WebRequest {
  std::string method;
  std::string target;  // as sent: path and query
  std::string host;    // the Host header, as sent
  Headers headers;
  std::string body;
  std::string remote;  // "address:port" of the client

  // The first header of that name (compared without case); nullptr when there is none.
  const std::string* header(std::string_view name) const;
};

struct Reply {
  int status = 200;
  Headers headers;  // Content-Length, Transfer-Encoding and Connection are added
  std::string body;
  std::chrono::milliseconds delay{0};  // before the first byte
  bool chunked = false;

  // Misbehaviour.
  std::optional<std::string> raw;               // sent instead of a response; then closed
  std::optional<std::uint64_t> content_length;  // stated instead of the body's size
  std::optional<std::size_t> close_after;       // closed after so many bytes, headers included
  bool reset = false;                           // close with RST instead of FIN
  std::size_t drip_bytes = 0;                   // so many bytes ...
  std::chrono::milliseconds drip_every{0};      // ... at each tick, the first after one tick
  bool never = false;                           // no answer; the connection stays open
  bool endless_body = false;                    // chunked, without an end
  bool endless_headers = false;
};

using Handler = std::function<Reply(const WebRequest&)>;

struct LoggedRequest {
  std::chrono::steady_clock::time_point received;  // when it arrived, by the kernel's note
  std::string host;
  std::string target;
  std::string user_agent;
  std::uint32_t in_flight = 0;  // requests of that host not yet answered, this one included
};

struct ServerOptions {
  std::vector<std::string> addresses = {"127.0.0.1"};  // IPv4 or IPv6; all on the same port
  std::uint16_t port = 0;                              // 0: any free one
  bool log = true;
};

// Thread safety: run_until() on one thread; port(), url(), log(), clear_log() and connections()
// from any. The handler is called on the thread of run_until().
class WebServer {
 public:
  // Listens at once, so that a client may connect before run_until(). Throws std::system_error.
  explicit WebServer(Handler handler, ServerOptions options = {});
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  std::uint16_t port() const;

  // "http://127.0.0.1:8080" + path, by the position of the address in the options.
  std::string url(std::string_view path = "", std::size_t address = 0) const;

  // Serves until `stop_fd` is readable or hung up.
  void run_until(int stop_fd);

  std::vector<LoggedRequest> log() const;
  void clear_log();
  std::uint64_t connections() const;  // accepted so far

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// A WebServer on a thread of its own; the destructor stops and joins it.
class RunningServer {
 public:
  explicit RunningServer(Handler handler, ServerOptions options = {});
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  std::uint16_t port() const { return server_.port(); }
  std::string url(std::string_view path = "", std::size_t address = 0) const {
    return server_.url(path, address);
  }
  std::vector<LoggedRequest> log() const { return server_.log(); }
  void clear_log() { server_.clear_log(); }
  std::uint64_t connections() const { return server_.connections(); }

 private:
  WebServer server_;
  int stop_fd_;
  std::thread thread_;
};

}  // namespace placer::web
