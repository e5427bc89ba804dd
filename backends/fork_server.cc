#include "backends/fork_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "backends/socket_pair.h"

namespace placer {

namespace {

void close_socket(int socket) {
  if (socket >= 0) close(socket);
}

}  // namespace

ForkServer::ForkServer(const std::vector<std::string>& command, const SandboxLimits& limits,
                       const WorkerStart& start, Time now)
    : process_(command, limits), started_(now) {
  append_frame(unsent_, FrameType::kStart, encode(start));
  flush();
}

ForkServer::~ForkServer() {
  for (const int socket : asked_) close_socket(socket);
}

ChildProcess ForkServer::fork_worker() {
  const SocketPair ends = make_socket_pair();
  ChildProcess worker(ends.ours);
  asked_.push_back(ends.theirs);
  flush();
  return worker;
}

void ForkServer::warm_up() {
  if (std::exchange(warm_, true)) return;
  asked_.push_back(-1);
  flush();
}

void ForkServer::transfer() {
  if (ended_) return;
  flush();
  const ReadState state = reader_.read(process_.socket(), false);
  while (!ended_) {
    const auto frame = reader_.next();
    if (!frame) return end("sent " + frame.error().message);
    if (!*frame) break;
    if ((*frame)->type != FrameType::kHello || hello_) return end("sent a frame out of turn");
    const auto hello = decode_worker_hello((*frame)->payload);
    if (!hello) return end("sent " + hello.error().message);
    if (!hello->problem.empty()) return end("cannot start: " + hello->problem);
    hello_ = true;
    flush();
  }
  if (state == ReadState::kClosed) ended_ = true;
}

void ForkServer::flush() {
  send_ready(process_.socket(), unsent_);
  // Only then: a read for the job's last bytes would drop the descriptors that come with the next.
  if (!hello_) return;
  std::size_t sent = 0;
  while (sent < asked_.size() && send_descriptor(process_.socket(), asked_[sent])) {
    close_socket(asked_[sent++]);
  }
  asked_.erase(asked_.begin(), asked_.begin() + static_cast<std::ptrdiff_t>(sent));
}

ForkServer::Time ForkServer::deadline() const {
  return hello_ ? Time::max() : started_ + kStartDeadline;
}

void ForkServer::check_deadline(Time now) {
  if (!ended_ && now >= deadline()) end("hung at its start");
}

void ForkServer::end(std::string why) {
  ended_ = true;
  why_ = std::move(why);
}

std::string ForkServer::autopsy() {
  const std::string who = fmt::format("fork server (pid {}) ", process_.pid());
  const ChildProcess::Ending ending = process_.finish(why_);
  if (ending.status == ChildProcess::kCannotExecute << 8 && !hello_) {
    return who + "could not be executed";
  }
  return who + ending.how;
}

}  // namespace placer
