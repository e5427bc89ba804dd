// Places as they are found, for lines that stream by: a few a second, the others counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "scraper/cli/live/screen.h"
#include "scraper/crawl_state.h"

namespace placer::cli {

class PlaceStream {
 public:
  static constexpr std::size_t kMostPerSecond = 8;

  // Takes note of a page's places. What other formats and pages said of them a while ago is not
  // said again.
  void add(const Completion& completion);

  // The lines that are due, cut to the screen, escaped: "Café Bo  cafe, Berlin", and once a second
  // "... and 312 more" for what was too much to read. `elapsed`: since the run began.
  std::vector<std::string> take(std::chrono::milliseconds elapsed, const Screen& screen);

  // The same for the end, when no more seconds will pass.
  std::vector<std::string> take_all(const Screen& screen);

  // What waits is forgotten.
  void drop();

 private:
  struct Found {
    std::string name;
    std::string kind;
    std::string city;
  };
  static std::string line_of(const Found& found, const Screen& screen);
  bool is_new(const Found& found);
  std::vector<std::string> waiting_lines(const Screen& screen);
  void append_rest(std::vector<std::string>& lines, const Screen& screen);

  std::vector<Found> waiting_;
  std::size_t this_second_ = 0;  // places shown or waiting since second_ began
  std::uint64_t rest_ = 0;       // more since then
  std::chrono::milliseconds second_{0};
  std::unordered_set<std::size_t> lately_;  // hashes of places
};

}  // namespace placer::cli
