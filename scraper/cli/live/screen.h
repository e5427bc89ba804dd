// What the live display of a run says, as lines of text. A function of its arguments: no terminal
// is needed to see it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scraper/engine.h"

namespace placer::cli {

// The terminal as it is now.
struct Screen {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool colour = false;
  bool utf8 = true;  // false: sparklines in ASCII
};

// A row of the table of hosts.
struct HostRow {
  std::string host;
  std::uint64_t pages = 0;  // errors included
  std::uint64_t places = 0;
  std::uint64_t errors = 0;
  std::uint64_t queued = 0;
  double requests_per_second = 0;
  std::string last;                   // how the last request ended: "200", "timeout"
  std::chrono::milliseconds wait{0};  // until the host may be asked again
};

struct HostTable {
  std::vector<HostRow> rows;  // the busiest first; as many are shown as fit
  std::size_t hosts = 0;      // counted in all
  bool more = false;          // there are hosts beyond those that are counted
};

// Where the run stands and how it got there. The spans hold one value per second, the newest last.
struct LiveView {
  std::string job;
  Stop stop = Stop::kNo;
  bool concluding = false;  // all is fetched; places are put together
  Progress progress;
  double pages_per_second = 0;
  std::optional<std::chrono::milliseconds> left;  // at least: links are still to be found
  std::span<const double> rates;                  // pages per second
  std::span<const double> queues;                 // URLs known and not fetched
  const HostTable* hosts = nullptr;               // shown when set
  bool keys = false;                              // the keyboard is read
  bool show_keys = false;                         // and what `auto` decided last:
  std::string decision;
};

// The block at the bottom of the terminal: three lines with sparklines, shorter ones in a narrow
// window, one line in a small one, and the tables asked for above. No line is wider than
// columns - 1; there is one, or at most rows - 1. Text from the web is escaped.
std::vector<std::string> live_lines(const LiveView& view, const Screen& screen);

// Exactly `width` columns for the last `width` values, scaled to the largest of them: the lowest
// step is zero, and only zero. Blank on the left where there are fewer values.
std::string sparkline(std::span<const double> values, std::size_t width, bool utf8);

// Hosts that the table has room for.
std::size_t host_rows_that_fit(const Screen& screen);

}  // namespace placer::cli
