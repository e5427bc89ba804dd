#include "scraper/extract/rules/filter.h"

#include <re2/re2.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "config/values.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::size_t kMostTexts = 1000;
constexpr std::int64_t kMostNumber = 1'000'000'000'000'000;
constexpr std::array<std::string_view, 4> kNames = {"re", "split", "join", "add"};

std::optional<std::int64_t> whole_number(std::string_view text) {
  text = trimmed(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number > kMostNumber || number < -kMostNumber) return std::nullopt;
  return number;
}

tl::unexpected<RuleError> fault(std::size_t column, std::string message) {
  return tl::unexpected(RuleError{column, std::move(message)});
}

}  // namespace

RuleFilter::RuleFilter() = default;
RuleFilter::RuleFilter(RuleFilter&&) noexcept = default;
RuleFilter& RuleFilter::operator=(RuleFilter&&) noexcept = default;
RuleFilter::~RuleFilter() = default;

tl::expected<RuleFilter, RuleError> RuleFilter::compile(std::string_view name,
                                                        std::string_view argument) {
  RuleFilter filter;
  filter.argument_ = argument;
  if (name == "re") {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(4 << 20);
    auto pattern = std::make_unique<const re2::RE2>(filter.argument_, options);
    if (!pattern->ok()) return fault(1, "no regular expression (RE2): " + pattern->error());
    filter.pattern_ = std::move(pattern);
    return filter;
  }
  if (name == "split") {
    filter.kind_ = Kind::kSplit;
    if (argument.empty()) return fault(1, "split needs the text to split at, as in split: \",\"");
    return filter;
  }
  if (name == "join") {
    filter.kind_ = Kind::kJoin;
    return filter;
  }
  if (name == "add") {
    filter.kind_ = Kind::kAdd;
    const auto addend = whole_number(argument);
    if (!addend) return fault(1, "add needs a whole number, as in add: 1");
    filter.addend_ = *addend;
    return filter;
  }
  const std::string_view near = nearest(name, {kNames.begin(), kNames.end()});
  return fault(0, "unknown filter " + in_quotes(name) +
                      (near.empty() ? " (there are re, split, join and add)"
                                    : " (did you mean " + in_quotes(near) + "?)"));
}

void RuleFilter::apply(std::vector<std::string>& texts) const {
  switch (kind_) {
    case Kind::kRe:
      apply_re(texts);
      break;
    case Kind::kSplit:
      apply_split(texts);
      break;
    case Kind::kJoin:
      apply_join(texts);
      break;
    case Kind::kAdd:
      apply_add(texts);
      break;
  }
  std::erase_if(texts, [](const std::string& text) { return trimmed(text).empty(); });
}

void RuleFilter::apply_re(std::vector<std::string>& texts) const {
  const int groups = pattern_->NumberOfCapturingGroups() > 0 ? 2 : 1;
  for (std::string& text : texts) {
    std::array<re2::StringPiece, 2> found;
    const bool matches =
        pattern_->Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(), groups);
    const re2::StringPiece taken = found[static_cast<std::size_t>(groups) - 1];
    text = matches && taken.data() != nullptr ? std::string(taken.data(), taken.size())
                                              : std::string();
  }
}

void RuleFilter::apply_split(std::vector<std::string>& texts) const {
  std::vector<std::string> parts;
  for (const std::string& text : texts) {
    std::string_view rest = text;
    while (parts.size() < kMostTexts) {
      const std::size_t end = rest.find(argument_);
      parts.emplace_back(trimmed(rest.substr(0, end)));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + argument_.size());
    }
  }
  texts = std::move(parts);
}

void RuleFilter::apply_join(std::vector<std::string>& texts) const {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : argument_) + text;
  texts.assign(1, joined);
}

void RuleFilter::apply_add(std::vector<std::string>& texts) const {
  for (std::string& text : texts) {
    const auto number = whole_number(text);
    text = number ? std::to_string(*number + addend_) : std::string();
  }
}

}  // namespace placer
