// A Fetcher whose exchanges do what their URL says; for tests of backends.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "scraper/fetcher.h"
#include "scraper/worker.h"

namespace placer {

// "https://fake.test/WHAT" or "https://fake.test/WHAT/NUMBER":
//
//   polls/N    answers at the N-th poll             ms/N       answers after N milliseconds
//   never      does not answer                      full       an outcome with every field filled
//   big/N      N bytes of links                     error/N    fails with ErrorCode N
//   throw      poll throws                          pid        answers with the process id
//   fds        answers with its open files          print      writes to standard output
//   segv, abort, exit/N, allocate, wedge            die or hang as they say, inside poll
//   garbage, close                                  break the child's socket
//
// Whatever answers has the URL's hash as its content_hash, so that mixed-up outcomes show.
class ScriptedFetcher : public Fetcher {
 public:
  void start(Request request) override;
  std::vector<Fetched> poll(std::chrono::milliseconds max_wait, int wake_fd) override;
  std::size_t in_flight() const override { return exchanges_.size(); }

 private:
  struct Exchange {
    Request request;
    std::string what;
    std::uint64_t number = 0;
    std::chrono::steady_clock::time_point due;
    std::uint64_t polls = 0;
  };

  std::vector<Fetched> take_due();
  std::chrono::milliseconds patience(std::chrono::milliseconds max_wait) const;

  std::vector<Exchange> exchanges_;
};

// A Worker around a ScriptedFetcher.
std::unique_ptr<Worker> scripted_worker();

// What a scripted worker makes of `request`, worked out without any backend.
Outcome scripted_outcome(const Request& request);

// Every field of a message as text, in the order of its fields() list; `timings` left out.
std::vector<std::string> leaves(const Outcome& outcome);
std::vector<std::string> leaves(const Request& request);

}  // namespace placer
