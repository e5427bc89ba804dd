#include "scraper/cli/live/places.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "scraper/cli/table.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

constexpr std::size_t kLately = 20'000;
constexpr std::size_t kMostBytes = 400;  // of a name: more than any terminal is wide

std::string start_of(const std::optional<std::string>& text) {
  return text ? text->substr(0, kMostBytes) : std::string();
}

std::string dim(const std::string& text, const Screen& screen) {
  return screen.colour && !text.empty() ? "\x1b[2m" + text + "\x1b[0m" : text;
}

}  // namespace

void PlaceStream::add(const Completion& completion) {
  if (completion.page != PageStatus::kOk || completion.outcome.unmodified) return;
  std::unordered_set<std::string_view> here;  // the names on this page, whatever the format
  for (const Observation& observation : completion.outcome.places) {
    const Place& place = observation.place;
    if (observation.about != 0 || !place.name) continue;
    if (!here.insert(*place.name).second) continue;
    Found found{start_of(place.name), start_of(place.category), start_of(place.addr_city)};
    found.kind.erase(0, found.kind.find('=') + 1);
    if (!is_new(found)) continue;
    if (this_second_ < kMostPerSecond) {
      ++this_second_;
      waiting_.push_back(std::move(found));
    } else {
      ++rest_;
    }
  }
}

bool PlaceStream::is_new(const Found& found) {
  if (lately_.size() >= kLately) lately_.clear();
  return lately_.insert(std::hash<std::string>()(found.name + '\n' + found.city)).second;
}

std::string PlaceStream::line_of(const Found& found, const Screen& screen) {
  const std::size_t room = std::max<std::size_t>(screen.columns, 2) - 1;
  std::string name = fitted(printable(found.name), room);
  std::string about = printable(found.kind);
  if (!found.city.empty()) about += (about.empty() ? "" : ", ") + printable(found.city);
  const std::size_t used = display_width(name);
  if (about.empty() || used + 4 > room) return name;
  return name + dim("  " + fitted(about, room - used - 2), screen);
}

std::vector<std::string> PlaceStream::waiting_lines(const Screen& screen) {
  std::vector<std::string> lines;
  for (const Found& found : waiting_) lines.push_back(line_of(found, screen));
  waiting_.clear();
  return lines;
}

void PlaceStream::append_rest(std::vector<std::string>& lines, const Screen& screen) {
  if (rest_ > 0) {
    const std::string text = fmt::format("... and {} more", human_count(rest_));
    lines.push_back(dim(fitted(text, std::max<std::size_t>(screen.columns, 2) - 1), screen));
  }
  rest_ = 0;
  this_second_ = 0;
}

std::vector<std::string> PlaceStream::take(std::chrono::milliseconds elapsed,
                                           const Screen& screen) {
  auto lines = waiting_lines(screen);
  if (elapsed - second_ >= std::chrono::seconds(1)) {
    append_rest(lines, screen);
    second_ = elapsed;
  }
  return lines;
}

std::vector<std::string> PlaceStream::take_all(const Screen& screen) {
  auto lines = waiting_lines(screen);
  append_rest(lines, screen);
  return lines;
}

void PlaceStream::drop() {
  waiting_.clear();
  rest_ = 0;
  this_second_ = 0;
}

}  // namespace placer::cli
