#include "tests/scripted_fetcher.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "backends/child_process.h"

namespace placer {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kSite = "https://fake.test/";

// FNV-1a: the same in every process.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 14695981039346656037ULL;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return value;
}

void allocate_all() {
  std::vector<std::string> hoard;
  for (;;) hoard.emplace_back(64U << 20, 'x');
}

// A fault handler of a sanitizer would turn the signal into an exit.
void die_of(int number) {
  signal(number, SIG_DFL);
  raise(number);
}

void wedge() {
  for (volatile bool forever = true; forever;) {
  }
}

std::string open_files() {
  std::string numbers;
  for (int fd = 0; fd < 1000; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) numbers += std::to_string(fd) + " ";
  }
  return numbers;
}

void misbehave(const std::string& what, std::uint64_t number) {
  if (what == "throw") throw std::runtime_error("scripted");
  if (what == "segv") die_of(SIGSEGV);
  if (what == "abort") die_of(SIGABRT);
  if (what == "exit") _exit(static_cast<int>(number));
  if (what == "allocate") allocate_all();
  if (what == "wedge") wedge();
  if (what == "garbage") send(kChildSocket, "HTTP/1.1 200 OK\r\n\r\n", 19, MSG_NOSIGNAL);
  if (what == "close") {
    close(kChildSocket);
    wedge();
  }
}

Observation full_observation() {
  Observation seen;
  seen.format = "json-ld";
  seen.path = "script[2]/@graph/0";
  seen.raw = "{\"name\":\"Caf\xC3\xA9 \xF0\x9F\x8D\xB0\"}\0tail"s;
  seen.place.name = "Caf\xC3\xA9 \xE6\x9D\xB1\xE4\xBA\xAC \xF0\x9F\x8D\xB0 \xFF";
  seen.place.lat = -0.0;
  seen.place.lon = 5e-324;
  seen.place.rating = 0.1 + 0.2;
  seen.place.rating_count = -(1LL << 40);
  seen.place.phone = "";
  return seen;
}

void fill(Outcome& outcome) {
  outcome.status = 599;
  outcome.content_type = "application/octet-stream";
  outcome.validators = {"\"etag\"", "Mon, 01 Jan 2024 00:00:00 GMT"};
  outcome.retry_after = std::chrono::seconds(-1);
  outcome.address = "2001:db8::1";
  outcome.facts = {"title", "https://fake.test/", "de-AT", "windows-1252", true, false};
  outcome.links = {{"https://fake.test/\xF0\x9F\x8D\xB0", UINT64_MAX, LinkKind::kEndpoint, true,
                    "{\"page\": 2}"},
                   {"", 0, LinkKind::kAnchor, false, ""}};
  outcome.places = {full_observation(), Observation{}};
  outcome.robots_txt = "User-agent: *\nDisallow:\n";
}

void answer(const std::string& what, std::uint64_t number, Outcome& outcome) {
  outcome.status = 204 + 300;  // nothing a worker reads as a page
  outcome.content_type = "text/plain";
  outcome.content_hash = hash(outcome.request.url);
  if (what == "pid") outcome.address = std::to_string(getpid());
  if (what == "fds") outcome.address = open_files();
  if (what == "print") std::puts("a worker's chatter");
  if (what == "full") fill(outcome);
  if (what == "error") outcome.error = Error{static_cast<ErrorCode>(number), "scripted"};
  if (what != "big") return;
  for (std::uint64_t bytes = 0; bytes < number; bytes += 1000) {
    outcome.links.push_back({std::string(1000, 'x'), bytes, LinkKind::kRelation, false, {}});
  }
}

}  // namespace

void ScriptedFetcher::start(Request request) {
  Exchange exchange;
  std::string_view path = request.url;
  if (path.starts_with(kSite)) path.remove_prefix(kSite.size());
  path = path.substr(0, path.find('?'));
  const std::size_t slash = path.find('/');
  exchange.what = path.substr(0, slash);
  if (slash != std::string_view::npos) {
    std::from_chars(path.data() + slash + 1, path.data() + path.size(), exchange.number);
  }
  exchange.due = steady_clock::now();
  if (exchange.what == "ms") exchange.due += milliseconds(exchange.number);
  exchange.request = std::move(request);
  exchanges_.push_back(std::move(exchange));
}

std::vector<Fetched> ScriptedFetcher::poll(milliseconds max_wait, int wake_fd) {
  for (const Exchange& exchange : exchanges_) misbehave(exchange.what, exchange.number);
  std::vector<Fetched> fetched = take_due();
  if (!fetched.empty()) return fetched;
  pollfd wake{wake_fd, POLLIN, 0};
  ::poll(&wake, wake_fd < 0 ? 0 : 1, static_cast<int>(patience(max_wait).count()));
  return take_due();
}

std::vector<Fetched> ScriptedFetcher::take_due() {
  std::vector<Fetched> fetched;
  const auto now = steady_clock::now();
  std::erase_if(exchanges_, [&](Exchange& exchange) {
    ++exchange.polls;
    const bool due = exchange.what != "never" && now >= exchange.due &&
                     (exchange.what != "polls" || exchange.polls >= exchange.number);
    if (!due) return false;
    Fetched& one = fetched.emplace_back();
    one.outcome.request = std::move(exchange.request);
    answer(exchange.what, exchange.number, one.outcome);
    return true;
  });
  return fetched;
}

milliseconds ScriptedFetcher::patience(milliseconds max_wait) const {
  milliseconds least = max_wait;
  for (const Exchange& exchange : exchanges_) {
    if (exchange.what == "never") continue;
    if (exchange.what == "polls") return milliseconds(0);
    const auto left = std::chrono::ceil<milliseconds>(exchange.due - steady_clock::now());
    least = std::clamp(left, milliseconds(0), least);
  }
  return least;
}

std::unique_ptr<Worker> scripted_worker() {
  return std::make_unique<Worker>(std::make_unique<ScriptedFetcher>(),
                                  std::vector<std::unique_ptr<Extractor>>(), WorkerOptions{});
}

Outcome scripted_outcome(const Request& request) {
  const auto worker = scripted_worker();
  worker->start(request);
  for (;;) {
    auto outcomes = worker->poll(milliseconds(1000));
    if (!outcomes.empty()) return std::move(outcomes.front());
  }
}

namespace {

class LeafList {
 public:
  template <class... T>
  void operator()(T&... values) {
    (add(values), ...);
  }

  std::vector<std::string> texts;

 private:
  void add(const std::string& text) { texts.push_back('"' + text + '"'); }
  void add(double value) {
    texts.push_back(fmt::format("{:x}", std::bit_cast<std::uint64_t>(value)));
  }
  void add(std::chrono::seconds value) { texts.push_back(fmt::format("{} s", value.count())); }
  void add(const Timings&) {}

  template <class T>
  void add(const std::optional<T>& value) {
    texts.push_back(value ? "present" : "absent");
    if (value) add(*value);
  }

  template <class T>
  void add(const std::vector<T>& values) {
    texts.push_back(fmt::format("{} elements", values.size()));
    for (const T& value : values) add(value);
  }

  template <class T>
  void add(const T& value) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      texts.push_back(fmt::format("{}", static_cast<std::int64_t>(value)));
    } else {
      fields(*this, const_cast<T&>(value));
    }
  }
};

template <class Message>
std::vector<std::string> list(const Message& message) {
  LeafList leaf_list;
  fields(leaf_list, const_cast<Message&>(message));
  return std::move(leaf_list.texts);
}

}  // namespace

std::vector<std::string> leaves(const Outcome& outcome) { return list(outcome); }
std::vector<std::string> leaves(const Request& request) { return list(request); }

}  // namespace placer
