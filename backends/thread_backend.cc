#include "backends/thread_backend.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

#include "backends/guarded_worker.h"

namespace placer {

void ThreadBackend::Outbox::put(std::size_t worker, std::vector<Outcome> outcomes) {
  {
    const std::lock_guard lock(mutex_);
    for (Outcome& outcome : outcomes) finished_.push_back({worker, std::move(outcome)});
  }
  filled_.notify_one();  // unlocked, or who wakes at once would have to wait again
}

std::vector<ThreadBackend::Finished> ThreadBackend::Outbox::take(
    std::chrono::milliseconds max_wait) {
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, max_wait, [this] { return !finished_.empty(); });
  return std::exchange(finished_, {});
}

class ThreadBackend::Seat {
 public:
  Seat(std::size_t number, const WorkerFactory& make_worker, Outbox& outbox)
      : number_(number), outbox_(outbox), wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    try {
      thread_ = std::thread([this, make_worker] { run(make_worker); });
    } catch (...) {
      close(wake_fd_);
      throw;
    }
  }

  ~Seat() {
    stop();
    thread_.join();
    close(wake_fd_);
  }

  std::chrono::microseconds cpu_time() {
    clockid_t clock{};
    timespec time{};
    if (pthread_getcpuclockid(thread_.native_handle(), &clock) != 0) return {};
    if (clock_gettime(clock, &time) != 0) return {};
    return std::chrono::microseconds(time.tv_sec * 1'000'000 + time.tv_nsec / 1000);
  }

  // Asks the thread to end; the destructor waits for it.
  void stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake();
  }

  void give(Request request) {
    const std::lock_guard lock(mutex_);
    inbox_.push_back(std::move(request));
    if (inbox_.size() == 1) wake();  // else it has been woken and did not look yet
  }

 private:
  static constexpr std::chrono::milliseconds kLongWait{60'000};  // wake() ends it
  static constexpr std::chrono::milliseconds kGather{2};
  static constexpr std::size_t kMostGathered = 16;

  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = write(wake_fd_, &one, sizeof one);  // fails only when set
  }

  // Empties the inbox into `requests`; false when the thread shall end.
  bool take(std::vector<Request>& requests) {
    const std::lock_guard lock(mutex_);
    requests.clear();
    if (inbox_.empty()) return !stopping_;
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = read(wake_fd_, &count, sizeof count);
    std::swap(requests, inbox_);
    return !stopping_;
  }

  void run(const WorkerFactory& make_worker) {
    GuardedWorker worker(make_worker, fmt::format("worker {}", number_));
    std::vector<Request> requests;
    while (take(requests)) {
      for (Request& request : requests) worker.start(std::move(request));
      std::vector<Outcome> outcomes = worker.poll(kLongWait, wake_fd_);
      if (outcomes.empty()) continue;
      add_ready(worker, outcomes);
      outbox_.put(number_, std::move(outcomes));
    }
  }

  // What else is ready goes along: one change of threads for many pages, not three for each.
  void add_ready(GuardedWorker& worker, std::vector<Outcome>& outcomes) {
    const auto until = std::chrono::steady_clock::now() + kGather;
    while (outcomes.size() < kMostGathered && std::chrono::steady_clock::now() < until) {
      std::vector<Outcome> more = worker.poll(std::chrono::milliseconds{0}, wake_fd_);
      if (more.empty()) return;
      std::ranges::move(more, std::back_inserter(outcomes));
    }
  }

  const std::size_t number_;
  Outbox& outbox_;
  const int wake_fd_;  // readable while the inbox holds something new
  std::mutex mutex_;
  std::vector<Request> inbox_;  // guarded by mutex_
  bool stopping_ = false;       // guarded by mutex_
  std::thread thread_;
};

ThreadBackend::ThreadBackend(WorkerFactory make_worker, ThreadOptions options)
    : options_(std::move(options)), assigner_(options_.window), loads_(options_.workers) {
  for (std::size_t i = 0; i < options_.workers; ++i) {
    seats_.push_back(std::make_unique<Seat>(i, make_worker, outbox_));
  }
}

ThreadBackend::~ThreadBackend() {
  for (const auto& seat : seats_) seat->stop();
}

void ThreadBackend::submit(Request request) {
  ++in_flight_;
  assigner_.add(std::move(request));
  assign();
}

std::vector<Outcome> ThreadBackend::wait(std::chrono::milliseconds max_wait) {
  std::vector<Outcome> outcomes;
  for (Finished& finished : outbox_.take(max_wait)) {
    WorkerLoad& load = loads_[finished.worker];
    --load.held;
    --in_flight_;
    if (load.held == 0) load.alone = false;
    outcomes.push_back(std::move(finished.outcome));
  }
  assign();
  return outcomes;
}

void ThreadBackend::use(std::uint32_t workers, std::uint32_t window) {
  for (std::size_t i = 0; i < loads_.size(); ++i) loads_[i].ready = i < workers;
  assigner_.set_window(window);
}

std::chrono::microseconds ThreadBackend::cpu_time() const {
  std::chrono::microseconds sum{0};
  for (const auto& seat : seats_) sum += seat->cpu_time();
  return sum;
}

void ThreadBackend::assign() {
  for (auto& [worker, request] : assigner_.assign(loads_)) {
    WorkerLoad& load = loads_[worker];
    ++load.held;
    load.alone = options_.window > 1 && request.crashes > 0;
    seats_[worker]->give(std::move(request));
  }
}

}  // namespace placer
