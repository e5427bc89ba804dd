#include "config/reader.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "config/values.h"

namespace placer::job_file {
namespace {

// What people write for true and false who know YAML 1.1.
constexpr std::array<std::string_view, 7> kYes = {"yes", "on", "y", "1", "True", "TRUE", "Yes"};
constexpr std::array<std::string_view, 7> kNo = {"no", "off", "n", "0", "False", "FALSE", "No"};

template <class Range>
bool contains(const Range& range, std::string_view text) {
  return std::find(std::begin(range), std::end(range), text) != std::end(range);
}

std::string dotted(std::string_view section, std::string_view key) {
  if (section.empty()) return std::string(key);
  return key.empty() ? std::string(section) : fmt::format("{}.{}", section, key);
}

std::string did_you_mean(std::string_view word) {
  return word.empty() ? std::string() : fmt::format(" (did you mean {}?)", in_quotes(word));
}

// Lists the options instead of reading them.
class NameVisitor {
 public:
  template <class Member, class Rule>
  void option(std::string_view key, const Member&, const Rule&, std::string_view) {
    names_.push_back(dotted(section_, key));
  }
  template <class Options>
  void section(std::string_view key, const Options& options, std::string_view) {
    section_ = key;
    describe(*this, options);
    section_ = {};
  }
  void directive(std::string_view, std::string_view) {}
  std::vector<std::string> take() { return std::move(names_); }

 private:
  std::string_view section_;
  std::vector<std::string> names_;
};

std::string suggest_key(std::string_view key, const std::vector<std::string_view>& here) {
  if (const std::string_view near = nearest(key, here); !near.empty()) return did_you_mean(near);
  for (const std::string& name : option_names()) {
    if (name.substr(name.find('.') + 1) == key) return did_you_mean(name);
  }
  return {};
}

}  // namespace

const std::vector<std::string>& option_names() {
  static const std::vector<std::string> names = [] {
    NameVisitor visitor;
    const Job job;
    describe(visitor, job);
    return visitor.take();
  }();
  return names;
}

const YamlEntry* JobReader::find(std::string_view key) {
  Level& level = levels_.back();
  level.keys.push_back(key);
  const auto& entries = level.map->entries;
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [key](const YamlEntry& e) { return e.key == key; });
  return entry == entries.end() ? nullptr : &*entry;
}

bool JobReader::accept_mapping(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kMap) return true;
  fail(node.mark, path_.empty() ? "a job is a mapping of options such as 'job: cafes'"
                                : "expected options, one 'key: value' a line");
  return false;
}

void JobReader::refuse_unknown_keys() {
  const Level& level = levels_.back();
  for (const YamlEntry& entry : level.map->entries) {
    if (contains(level.keys, entry.key)) continue;
    fail(entry.mark,
         fmt::format("unknown key {}{}", in_quotes(entry.key), suggest_key(entry.key, level.keys)));
  }
}

void JobReader::fail(const SourceMark& mark, std::string_view message) {
  const std::string where = origin_.empty() ? dotted(path_, key_) : origin_;
  errors_.push_back(
      {mark, where.empty() ? std::string(message) : where + ": " + std::string(message)});
}

void JobReader::wrong_kind(const YamlNode& node, const YamlEntry& entry, std::string_view wanted) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      // YAML marks an absent value where the next line begins.
      return fail(&node == &entry.value ? entry.mark : node.mark,
                  fmt::format("expected {}, found nothing", wanted));
    case YamlNode::Kind::kList:
      return fail(node.mark, fmt::format("expected {}, found a list", wanted));
    case YamlNode::Kind::kMap:
      return fail(node.mark, fmt::format("expected {}, found a mapping", wanted));
    case YamlNode::Kind::kText:
      return fail(node.mark, fmt::format("expected {}, found {}{}", wanted,
                                         node.plain ? "" : "the text ", in_quotes(node.text)));
  }
}

void JobReader::out_of_range(const YamlNode& node, std::string_view min, std::string_view max) {
  fail(node.mark, fmt::format("{} is out of range ({} ... {})", in_quotes(node.text), min, max));
}

std::optional<std::string> JobReader::read_text(const YamlNode& node, const YamlEntry& entry,
                                                TextCheck check) {
  if (node.kind != YamlNode::Kind::kText) {
    wrong_kind(node, entry, "a text");
    return std::nullopt;
  }
  if (const std::string wrong = check(node.text); !wrong.empty()) {
    fail(node.mark, fmt::format("{} {}", in_quotes(node.text), wrong));
    return std::nullopt;
  }
  return node.text;
}

void JobReader::read(const YamlEntry& entry, std::string& member, const Text& rule) {
  if (auto text = read_text(entry.value, entry, rule.check)) member = std::move(*text);
}

void JobReader::read(const YamlEntry& entry, std::vector<std::string>& member,
                     const TextList& rule) {
  if (entry.value.kind != YamlNode::Kind::kList) return wrong_kind(entry.value, entry, "a list");
  member.clear();
  for (const YamlNode& item : entry.value.items) {
    if (auto text = read_text(item, entry, rule.check)) member.push_back(std::move(*text));
  }
}

void JobReader::read(const YamlEntry& entry, std::vector<StartUrl>& member, const StartList&) {
  const YamlNode& node = entry.value;
  if (node.kind != YamlNode::Kind::kList && node.kind != YamlNode::Kind::kText) {
    return wrong_kind(node, entry, "a URL or a list of URLs");
  }
  read_urls(entry, member);
}

void JobReader::read(const YamlEntry& entry, SitemapOptions& member, const SitemapList&) {
  const YamlNode& node = entry.value;
  if (node.kind == YamlNode::Kind::kText && (node.text == "auto" || node.text == "off")) {
    member = {node.text == "auto", {}};
    return;
  }
  const bool is_url = node.text.find("://") != std::string::npos;
  if (node.kind != YamlNode::Kind::kList && !is_url) {
    return wrong_kind(node, entry, "auto, off or a list of URLs");
  }
  member.from_robots = false;
  read_urls(entry, member.urls);
}

void JobReader::read_urls(const YamlEntry& entry, std::vector<StartUrl>& urls) {
  const YamlNode& node = entry.value;
  const bool is_list = node.kind == YamlNode::Kind::kList;
  if (is_list && node.items.empty()) return fail(node.mark, "expected at least one URL");
  urls.clear();
  for (const YamlNode& item : is_list ? std::span(node.items) : std::span(&node, 1)) {
    // What names a user may name the password too: it is not shown.
    if (const std::string wrong = check_start_url(item.text); wrong.starts_with("names a user")) {
      fail(item.mark, "this URL " + wrong);
    } else if (auto url = read_text(item, entry, check_start_url)) {
      urls.push_back({std::move(*url), item.mark});
    }
  }
}

std::optional<std::uint64_t> JobReader::read_whole(const YamlEntry& entry, const Whole& rule,
                                                   std::string_view wanted) {
  const YamlNode& node = entry.value;
  const std::optional<std::uint64_t> value = node.plain ? parse_whole(node.text) : std::nullopt;
  if (!value) {
    wrong_kind(node, entry, fmt::format("{} ({} ... {})", wanted, rule.min, rule.max));
  } else if (*value < rule.min || *value > rule.max) {
    out_of_range(node, std::to_string(rule.min), std::to_string(rule.max));
  } else {
    return value;
  }
  return std::nullopt;
}

void JobReader::read(const YamlEntry& entry, std::uint32_t& member, const Whole& rule) {
  if (const auto value = read_whole(entry, rule, "a whole number")) {
    member = static_cast<std::uint32_t>(*value);
  }
}

void JobReader::read(const YamlEntry& entry, std::uint64_t& member, const Whole& rule) {
  if (const auto value = read_whole(entry, rule, "a whole number")) member = *value;
}

void JobReader::read(const YamlEntry& entry, std::optional<std::uint32_t>& member,
                     const Whole& rule) {
  if (entry.value.kind == YamlNode::Kind::kText && entry.value.text == "auto") {
    member.reset();
  } else if (const auto value = read_whole(entry, rule, "'auto' or a whole number")) {
    member = static_cast<std::uint32_t>(*value);
  }
}

void JobReader::read(const YamlEntry& entry, std::uint64_t& member, const Bytes& rule) {
  const YamlNode& node = entry.value;
  const bool is_text = node.kind == YamlNode::Kind::kText;
  const std::optional<std::uint64_t> value = is_text ? parse_size(node.text) : std::nullopt;
  if (!value) {
    wrong_kind(node, entry, "a size such as 500KB, 64KiB, 10MiB or 1GiB");
  } else if (*value < rule.min || *value > rule.max) {
    out_of_range(node, format_size(rule.min), format_size(rule.max));
  } else {
    member = *value;
  }
}

void JobReader::read(const YamlEntry& entry, std::chrono::milliseconds& member,
                     const Duration& rule) {
  const YamlNode& node = entry.value;
  const bool is_text = node.kind == YamlNode::Kind::kText;
  const auto value = is_text ? parse_duration(node.text) : std::nullopt;
  if (!value) {
    const bool without_unit = is_text && parse_whole(node.text).has_value();
    wrong_kind(node, entry,
               without_unit ? "a duration with a unit (ms, s, m or h)"
                            : "a duration such as 1500ms, 30s, 10m or 1h");
  } else if (*value < rule.min || *value > rule.max) {
    out_of_range(node, format_duration(rule.min), format_duration(rule.max));
  } else {
    member = *value;
  }
}

void JobReader::read(const YamlEntry& entry, std::optional<std::chrono::milliseconds>& member,
                     const Duration& rule) {
  if (entry.value.kind == YamlNode::Kind::kText && entry.value.text == "auto") {
    member.reset();
    return;
  }
  std::chrono::milliseconds duration = member.value_or(rule.min);
  const std::size_t errors_before = errors_.size();
  read(entry, duration, rule);
  if (errors_.size() == errors_before) member = duration;
}

void JobReader::read(const YamlEntry& entry, bool& member, const Flag&) {
  const YamlNode& node = entry.value;
  if (node.plain && (node.text == "true" || node.text == "false")) {
    member = node.text == "true";
    return;
  }
  std::string wanted = "true or false";
  if (contains(kYes, node.text)) wanted = "true";
  if (contains(kNo, node.text)) wanted = "false";
  wrong_kind(node, entry, wanted);
}

std::optional<std::size_t> JobReader::read_word(const YamlNode& node, const YamlEntry& entry,
                                                std::span<const std::string_view> words) {
  if (node.kind != YamlNode::Kind::kText) {
    wrong_kind(node, entry, fmt::format("one of {}", fmt::join(words, ", ")));
    return std::nullopt;
  }
  const auto word = std::find(words.begin(), words.end(), node.text);
  if (word != words.end()) return static_cast<std::size_t>(word - words.begin());
  fail(node.mark, fmt::format("{} is none of {}{}", in_quotes(node.text), fmt::join(words, ", "),
                              did_you_mean(nearest(node.text, {words.begin(), words.end()}))));
  return std::nullopt;
}

std::optional<std::vector<std::size_t>> JobReader::read_words(
    const YamlEntry& entry, std::span<const std::string_view> words) {
  const YamlNode& node = entry.value;
  std::vector<std::size_t> indexes;
  if (node.kind != YamlNode::Kind::kList) {
    wrong_kind(node, entry, fmt::format("a list of {}", fmt::join(words, ", ")));
    return std::nullopt;
  }
  if (node.items.empty()) {
    fail(node.mark, fmt::format("expected at least one of {}", fmt::join(words, ", ")));
    return std::nullopt;
  }
  bool good = true;
  for (const YamlNode& item : node.items) {
    const std::optional<std::size_t> index = read_word(item, entry, words);
    if (!index) {
      good = false;
    } else if (std::find(indexes.begin(), indexes.end(), *index) != indexes.end()) {
      fail(item.mark, fmt::format("{} is listed twice", in_quotes(item.text)));
      good = false;
    } else {
      indexes.push_back(*index);
    }
  }
  return good ? std::optional(std::move(indexes)) : std::nullopt;
}

}  // namespace placer::job_file
