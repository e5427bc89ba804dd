#include "scraper/cli/live/screen.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "scraper/cli/table.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kLeastColumns = 30;  // fewer, or fewer rows: one line
constexpr std::size_t kLeastRows = 8;
constexpr std::size_t kStatusLines = 3;
constexpr std::size_t kMostHostRows = 20;
constexpr std::size_t kLeastHostWidth = 16;

enum class Style { kPlain, kDim, kBold, kRed };

std::string styled(const std::string& text, Style style, const Screen& screen) {
  if (!screen.colour || style == Style::kPlain || text.empty()) return text;
  const char* code = style == Style::kDim ? "2" : style == Style::kBold ? "1" : "31";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

// One thing to say, in shorter and shorter words; "" leaves it out. The least worth gives way
// first.
struct Fact {
  int worth;
  std::vector<std::string> forms;
  Style style = Style::kPlain;
  const char* gap = "  ";  // before it, unless it comes first

  const std::string& text() const { return forms.front(); }
};

std::string joined(const std::vector<Fact>& facts) {
  std::string line;
  for (const Fact& fact : facts) {
    if (fact.text().empty()) continue;
    if (!line.empty()) line += fact.gap;
    line += fact.text();
  }
  return line;
}

// The facts in words so short that they fit.
std::string line_of(std::vector<Fact> facts, const Screen& screen) {
  const std::size_t room = screen.columns - 1;
  std::string plain = joined(facts);
  while (display_width(plain) > room) {
    Fact* least = nullptr;
    for (Fact& fact : facts) {
      if (fact.forms.size() > 1 && (least == nullptr || fact.worth <= least->worth)) least = &fact;
    }
    if (least == nullptr) return fitted(plain, room);
    least->forms.erase(least->forms.begin());
    plain = joined(facts);
  }
  for (Fact& fact : facts) fact.forms.front() = styled(fact.text(), fact.style, screen);
  return joined(facts);
}

// "0:12", "4:10", "1:05:00"
std::string clock_time(milliseconds duration) {
  const auto all = std::chrono::duration_cast<seconds>(duration).count();
  if (all < 3600) return fmt::format("{}:{:02}", all / 60, all % 60);
  return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
}

// "12 s", "4 min", "1 h 5 min", "3 days"
std::string rough_time(milliseconds duration) {
  const auto all = std::chrono::ceil<seconds>(duration).count();
  if (all < 100) return fmt::format("{} s", all);
  if (all < 6000) return fmt::format("{} min", (all + 30) / 60);
  if (all < 48 * 3600) return fmt::format("{} h {} min", all / 3600, all / 60 % 60);
  return fmt::format("{} days", all / (24 * 3600));
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return human_count(count) + ' ' + (count == 1 ? one : many);
}

std::string rate_text(double per_second) {
  return per_second < 99.95
             ? fmt::format("{:.1f}/s", per_second)
             : human_count(static_cast<std::uint64_t>(std::llround(per_second))) + "/s";
}

// What it is doing.
Fact state_fact(const LiveView& view) {
  const Progress& now = view.progress;
  if (view.concluding) return {110, {"joining places and saving", "saving"}, Style::kBold, " "};
  if (view.stop == Stop::kNow) return {110, {"leaving"}, Style::kBold, " "};
  if (view.stop == Stop::kDrain) {
    const std::string requests = counted(now.in_flight, "request", "requests");
    return {110,
            {fmt::format("finishing {}; Ctrl-C again to leave at once", requests),
             fmt::format("finishing {}; Ctrl-C: leave", now.in_flight),
             fmt::format("finishing {}", now.in_flight)},
            Style::kBold,
            " "};
  }
  if (now.in_flight == 0 && now.next_due >= seconds(1)) {
    return {90, {"waiting " + rough_time(now.next_due), "waiting"}, Style::kPlain, " "};
  }
  return {90, {"running", ""}, Style::kPlain, " "};
}

Fact error_fact(const LiveView& view) {
  const std::uint64_t errors = view.progress.counters.errors;
  if (errors == 0) return {70, {""}};
  return {70, {counted(errors, "error", "errors"), human_count(errors) + " err", ""}, Style::kRed};
}

Fact place_fact(const LiveView& view) {
  const std::uint64_t places = view.progress.places;
  return {80, {counted(places, "place", "places"), human_count(places) + " pl", ""}};
}

std::string head_line(const LiveView& view, const Screen& screen) {
  const std::string job = printable(view.job) + ':';
  std::vector<Fact> facts = {{60, {fitted(job, 40), fitted(job, 12), ""}, Style::kBold},
                             state_fact(view),
                             {50, {clock_time(view.progress.elapsed), ""}, Style::kPlain, ", "}};
  if (view.left && view.stop == Stop::kNo && !view.concluding) {
    const std::string left = "at least " + rough_time(*view.left) + " left";
    facts.push_back({40, {left + " for what is known so far", left, ""}, Style::kPlain, ", "});
  }
  if (view.keys && !view.show_keys) facts.push_back({10, {"?: keys", ""}, Style::kDim});
  return line_of(std::move(facts), screen);
}

// The middle of the two lines below: as wide in both.
std::size_t spark_width(const Screen& screen) {
  return screen.columns < 50 ? 0 : std::min<std::size_t>(screen.columns / 3 - 4, 60);
}

Fact spark_fact(std::span<const double> values, const Screen& screen) {
  return {30, {sparkline(values, spark_width(screen), screen.utf8), ""}, Style::kDim};
}

std::vector<std::string> status_lines(const LiveView& view, const Screen& screen) {
  const Progress& now = view.progress;
  std::string pages = human_count(now.counters.pages);
  std::string queued = human_count(now.queued);
  const std::size_t width = std::max(pages.size(), queued.size());
  std::vector<Fact> fetched = {{100, {fmt::format("pages {:>{}}", pages, width)}},
                               spark_fact(view.rates, screen),
                               {75, {rate_text(view.pages_per_second), ""}},
                               place_fact(view),
                               error_fact(view)};
  std::vector<Fact> waiting = {{100, {fmt::format("queue {:>{}}", queued, width)}},
                               spark_fact(view.queues, screen),
                               {60, {fmt::format("{} in flight", human_count(now.in_flight)), ""}}};
  if (now.waiting_hosts > 1) {
    const std::string hosts = human_count(now.waiting_hosts) + " hosts wait";
    waiting.push_back({40, {hosts, ""}});
  }
  return {head_line(view, screen), line_of(std::move(fetched), screen),
          line_of(std::move(waiting), screen)};
}

std::string single_line(const LiveView& view, const Screen& screen) {
  const Progress& now = view.progress;
  std::vector<Fact> facts = {{20, {printable(view.job) + ':', ""}}};
  if (view.stop != Stop::kNo || view.concluding) facts.push_back(state_fact(view));
  const std::string pages = human_count(now.counters.pages);
  facts.push_back({100, {pages + (now.counters.pages == 1 ? " page" : " pages"), pages + " pg"}});
  facts.push_back({60, {rate_text(view.pages_per_second), ""}});
  facts.push_back(place_fact(view));
  facts.push_back(error_fact(view));
  facts.push_back({75, {human_count(now.queued) + " queued", ""}});
  for (Fact& fact : facts) fact.gap = " ";
  return line_of(std::move(facts), screen);
}

struct HostColumn {
  int worth;
  const char* title;
  std::vector<std::string> cells;
  bool has_errors = false;

  std::size_t width() const {
    std::size_t widest = display_width(title);
    for (const std::string& cell : cells) widest = std::max(widest, display_width(cell));
    return widest;
  }
};

std::vector<HostColumn> host_columns(const HostTable& table, std::size_t shown) {
  std::vector<HostColumn> columns = {
      {90, "pages", {}}, {80, "places", {}}, {70, "errors", {}, true}, {40, "queue", {}},
      {50, "rate", {}},  {60, "last", {}},   {30, "next in", {}}};
  for (std::size_t i = 0; i < shown; ++i) {
    const HostRow& row = table.rows[i];
    const std::array<std::string, 7> cells = {human_count(row.pages),
                                              human_count(row.places),
                                              human_count(row.errors),
                                              human_count(row.queued),
                                              rate_text(row.requests_per_second),
                                              printable(row.last),
                                              row.wait >= seconds(2) ? rough_time(row.wait) : ""};
    for (std::size_t c = 0; c < cells.size(); ++c) columns[c].cells.push_back(cells[c]);
  }
  std::erase_if(columns, [](const HostColumn& column) {
    return std::ranges::all_of(column.cells, &std::string::empty);
  });
  return columns;
}

// The widths of all columns and their gaps.
std::size_t total_width(const std::vector<HostColumn>& columns) {
  std::size_t total = 0;
  for (const HostColumn& column : columns) total += 2 + column.width();
  return total;
}

std::string host_note(const HostTable& table, std::size_t shown) {
  if (table.more)
    return fmt::format("only the first {} hosts are counted", human_count(table.hosts));
  if (table.hosts > shown) return fmt::format("and {} more", human_count(table.hosts - shown));
  return "";
}

std::vector<std::string> host_lines(const HostTable& table, const Screen& screen) {
  const std::size_t shown = std::min(table.rows.size(), host_rows_that_fit(screen));
  if (shown == 0) return {};
  std::vector<std::string> names;
  std::size_t longest = 4;
  for (std::size_t i = 0; i < shown; ++i) {
    names.push_back(printable(table.rows[i].host));
    longest = std::max(longest, display_width(names.back()));
  }
  auto columns = host_columns(table, shown);
  const std::size_t room = screen.columns - 1;
  const std::size_t wanted = std::min({longest, kLeastHostWidth, room});
  while (!columns.empty() && total_width(columns) + wanted > room) {
    columns.erase(std::min_element(columns.begin(), columns.end(),
                                   [](const auto& a, const auto& b) { return a.worth < b.worth; }));
  }
  const std::size_t width = std::min(longest, room - total_width(columns));
  const auto padded = [](const std::string& text, std::size_t to) {
    return std::string(to - std::min(to, display_width(text)), ' ');
  };
  std::string title = "host" + padded("host", width);
  for (const HostColumn& column : columns) {
    title += "  " + padded(column.title, column.width()) + column.title;
  }
  std::vector<std::string> lines = {styled(fitted(title, room), Style::kDim, screen)};
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string name = fitted(names[i], width);
    std::string line = name + padded(name, width);
    for (const HostColumn& column : columns) {
      const std::string& cell = column.cells[i];
      const bool red = column.has_errors && table.rows[i].errors > 0;
      line += "  " + padded(cell, column.width());
      line += styled(cell, red ? Style::kRed : Style::kPlain, screen);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  const std::string note = host_note(table, shown);
  if (!note.empty()) lines.push_back(styled(fitted(note, room), Style::kDim, screen));
  return lines;
}

std::string key_line(const Screen& screen) {
  return line_of({{50, {"h: hosts", "h"}, Style::kDim},
                  {40, {"p: places on or off", "p: places", "p"}, Style::kDim},
                  {60, {"q: finish and stop, as Ctrl-C", "q: stop", "q"}, Style::kDim},
                  {30, {"?: hide this", "?"}, Style::kDim}},
                 screen);
}

bool is_small(const Screen& screen) {
  return screen.columns < kLeastColumns || screen.rows < kLeastRows;
}

}  // namespace

std::string sparkline(std::span<const double> values, std::size_t width, bool utf8) {
  static constexpr std::array<const char*, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr std::array<const char*, 8> kAscii = {"_", ".", ":", "-", "=", "+", "*", "#"};
  const auto& steps = utf8 ? kBlocks : kAscii;
  if (values.size() > width) values = values.last(width);
  double most = 0;
  for (const double value : values) most = std::max(most, value);
  std::string line(width - values.size(), ' ');
  for (const double value : values) {
    const double step = value <= 0 ? 0 : std::ceil(value / most * 7);
    line += steps[static_cast<std::size_t>(std::clamp(step, 0.0, 7.0))];
  }
  return line;
}

std::size_t host_rows_that_fit(const Screen& screen) {
  // The status, two lines for keys, the table's title and note, and one line of what came before.
  const std::size_t taken = (is_small(screen) ? 1 : kStatusLines) + 5;
  if (screen.rows <= taken) return 0;
  // At most half of the screen, so that the block stays on it when a narrower one wraps its lines.
  return std::min({screen.rows - taken, screen.rows / 2, kMostHostRows});
}

std::vector<std::string> live_lines(const LiveView& view, const Screen& given) {
  Screen screen = given;
  screen.columns = std::max<std::size_t>(screen.columns, 2);
  std::vector<std::string> lines;
  if (view.hosts != nullptr) lines = host_lines(*view.hosts, screen);
  if (is_small(screen)) {
    lines.push_back(single_line(view, screen));
  } else {
    for (std::string& line : status_lines(view, screen)) lines.push_back(std::move(line));
  }
  if (view.keys && view.show_keys && screen.rows > lines.size() + 1) {
    lines.push_back(key_line(screen));
  }
  if (view.show_keys && !view.decision.empty() && screen.rows > lines.size() + 1) {
    const std::string text = printable("auto: " + view.decision);
    lines.push_back(styled(fitted(text, screen.columns - 1), Style::kDim, screen));
  }
  return lines;
}

}  // namespace placer::cli
