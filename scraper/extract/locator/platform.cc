#include "scraper/extract/locator/platform.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "scraper/ascii.h"
#include "scraper/extract/locator/mark_search.h"

namespace placer {
namespace {

using nlohmann::json;
using Captures = std::map<std::string, std::string>;

constexpr std::size_t kMaxText = 4UL << 20;      // bytes of a page that are looked at
constexpr std::size_t kLongestCapture = 500;     // bytes
constexpr std::size_t kMaxValues = 100'000;      // at one path
constexpr std::int64_t kMaxOffset = 10'000'000;  // results

constexpr LocatorPlatform kPlatforms[] = {
#include "scraper/extract/locator/platforms.inc"
};

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// The expressions of the table, compiled once.
struct Compiled {
  std::vector<std::vector<std::unique_ptr<RE2>>> patterns;
  std::vector<std::unique_ptr<RE2>> answers;
};

template <class Visit>
void each_word(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::string_view word = ascii::next_piece(list, " ");
    if (!word.empty()) visit(word);
  }
}

// Looked for in every page.
const MarkSearch& marks() {
  static const MarkSearch kMarks = [] {
    std::vector<std::string> all;
    for (const LocatorPlatform& platform : kPlatforms) {
      each_word(platform.marks, [&](std::string_view mark) { all.emplace_back(mark); });
    }
    return MarkSearch(all);
  }();
  return kMarks;
}

// Few crawls ever need them; to compile them takes milliseconds.
const Compiled& compiled() {
  static const Compiled kCompiled = [] {
    Compiled out;
    for (const LocatorPlatform& platform : kPlatforms) {
      out.patterns.emplace_back();
      for (const std::string_view pattern : platform.patterns) {
        if (!pattern.empty()) {
          out.patterns.back().push_back(std::make_unique<RE2>(piece(pattern)));
        }
      }
      out.answers.push_back(std::make_unique<RE2>(piece(platform.answers)));
    }
    return out;
  }();
  return kCompiled;
}

// As it was meant before it was written into a script or an attribute.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '/') continue;
    out += text[i];
  }
  return out;
}

void capture(const RE2& pattern, std::string_view text, Captures& captures) {
  const int groups = pattern.NumberOfCapturingGroups();
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(groups) + 1);
  if (!pattern.Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(), groups + 1))
    return;
  for (const auto& [name, index] : pattern.NamedCapturingGroups()) {
    const re2::StringPiece& group = found[static_cast<std::size_t>(index)];
    if (group.empty() || group.size() > kLongestCapture) continue;
    captures.try_emplace(name, unescaped({group.data(), group.size()}));
  }
}

// Nothing when a capture without a default is missing. Braces around anything but a name stay.
std::optional<std::string> filled(std::string_view text, const Captures& captures) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const std::size_t close = text.find('}');
    const std::string_view inner = close == text.npos ? "" : text.substr(1, close - 1);
    const std::string_view name = inner.substr(0, inner.find('|'));
    if (name.empty() || !std::ranges::all_of(name, ascii::is_letter)) {
      out += text.substr(0, 1);
      text.remove_prefix(std::min<std::size_t>(1, text.size()));
      continue;
    }
    const auto found = captures.find(std::string(name));
    if (found == captures.end() && name.size() == inner.size()) return std::nullopt;
    out +=
        found != captures.end() ? std::string_view(found->second) : inner.substr(name.size() + 1);
    text.remove_prefix(close + 1);
  }
  return out;
}

std::optional<LocatorRequest> request_of(const LocatorPlatform& platform,
                                         const Captures& captures) {
  std::optional<std::string> url;
  each_word(platform.endpoint, [&](std::string_view endpoint) {
    if (!url) url = filled(endpoint, captures);
  });
  if (!url) return std::nullopt;
  const auto body = filled(platform.body, captures);
  if (!body) return std::nullopt;
  const auto scheme = captures.find("scheme");
  if (scheme != captures.end() && url->starts_with("//")) url = scheme->second + *url;
  return LocatorRequest{&platform, *url, *body};
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

// Where the value of a query parameter stands in `url`.
std::optional<std::pair<std::size_t, std::size_t>> parameter_at(std::string_view url,
                                                                std::string_view name) {
  std::size_t at = url.find('?');
  while (at != url.npos) {
    const std::size_t begin = at + 1;
    const std::size_t end = std::min(url.find('&', begin), url.size());
    const std::string_view pair = url.substr(begin, end - begin);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      const std::size_t value = begin + name.size() + 1;
      return std::pair(value, end - value);
    }
    at = end < url.size() ? end : url.npos;
  }
  return std::nullopt;
}

std::optional<std::int64_t> parameter(std::string_view url, std::string_view name) {
  if (name.empty()) return std::nullopt;
  const auto at = parameter_at(url, name);
  return at ? whole_number(url.substr(at->first, at->second)) : std::nullopt;
}

std::string with_parameter(std::string_view url, std::string_view name, std::int64_t value) {
  const auto at = parameter_at(url, name);
  std::string out(url);
  if (at) out.replace(at->first, at->second, std::to_string(value));
  return out;
}

}  // namespace

std::span<const LocatorPlatform> locator_platforms() { return kPlatforms; }

const LocatorPlatform* platform_answering(std::string_view url) {
  const Compiled& table = compiled();
  for (std::size_t i = 0; i < std::size(kPlatforms); ++i) {
    if (RE2::PartialMatch(piece(url), *table.answers[i])) return &kPlatforms[i];
  }
  return nullptr;
}

std::vector<LocatorRequest> locator_requests(std::string_view text) {
  std::vector<LocatorRequest> requests;
  text = text.substr(0, kMaxText);
  if (!marks().any_in(text)) return requests;
  const Compiled& table = compiled();
  for (std::size_t i = 0; i < std::size(kPlatforms); ++i) {
    bool marked = false;
    each_word(kPlatforms[i].marks,
              [&](std::string_view mark) { marked = marked || text.find(mark) != text.npos; });
    if (!marked) continue;
    Captures captures;
    for (const auto& pattern : table.patterns[i]) capture(*pattern, text, captures);
    if (auto request = request_of(kPlatforms[i], captures)) requests.push_back(std::move(*request));
  }
  return requests;
}

std::vector<const json*> values_at(const json& root, std::string_view path) {
  std::vector<const json*> values = {&root};
  while (!path.empty()) {
    const std::string step(path.substr(0, path.find('/')));
    path.remove_prefix(std::min(step.size() + 1, path.size()));
    std::vector<const json*> next;
    for (const json* value : values) {
      if (step == "*" && value->is_structured()) {
        for (const json& child : *value) {
          if (next.size() < kMaxValues) next.push_back(&child);
        }
      } else if (value->is_object()) {
        if (const auto found = value->find(step); found != value->end()) next.push_back(&*found);
      }
    }
    values = std::move(next);
  }
  return values;
}

std::optional<std::string> next_answer(const LocatorPlatform& platform, std::string_view url,
                                       const json& answer, std::size_t count) {
  const LocatorPaging& paging = platform.paging;
  if (count == 0) return std::nullopt;
  if (const auto offset = parameter(url, paging.offset)) {
    const auto limit = parameter(url, paging.limit);
    if (!limit || *limit < 1 || *offset < 0 || *offset > kMaxOffset) return std::nullopt;
    if (static_cast<std::int64_t>(count) < *limit) return std::nullopt;
    return with_parameter(url, paging.offset, *offset + *limit);
  }
  const auto page = parameter(url, paging.page);
  const auto pages = values_at(answer, paging.pages);
  if (!page || paging.pages.empty() || pages.empty() || !pages[0]->is_number_integer()) {
    return std::nullopt;
  }
  if (*page < 0 || *page > kMaxOffset) return std::nullopt;
  const std::int64_t last = pages[0]->get<std::int64_t>() + paging.first_page - 1;
  if (*page >= last) return std::nullopt;
  return with_parameter(url, paging.page, *page + 1);
}

}  // namespace placer
