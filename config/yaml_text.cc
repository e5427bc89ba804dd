#include "config/yaml_text.h"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <deque>
#include <istream>
#include <optional>
#include <streambuf>
#include <unordered_map>
#include <utility>

#include "config/values.h"

namespace placer {
namespace {

// yaml-cpp sometimes takes an unclosed bracket for a key.
constexpr const char* kBadKey = "a key must be text; is every bracket closed?";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Turns byte offsets, and the byte columns of yaml-cpp, into lines and columns of characters.
class Positions {
 public:
  explicit Positions(std::string_view text) : text_(text), starts_{0} {
    int characters = 0;
    for (std::size_t block = 0; block <= text.size(); block += kBlock) {
      before_block_.push_back(characters);
      characters += first_bytes(block, block + kBlock);
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }

  SourceMark at(std::size_t offset) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    return mark(static_cast<std::size_t>(after - starts_.begin()) - 1, offset);
  }

  SourceMark at(const YAML::Mark& mark) const {
    if (mark.is_null()) return {1, 1};
    return this->mark(line_of(mark), offset(mark));
  }

  // From the start of the line of `mark`.
  std::string_view line(const YAML::Mark& mark) const {
    return mark.is_null() ? std::string_view() : text_.substr(starts_[line_of(mark)]);
  }

  // What the text says from `mark` on.
  std::string_view rest(const YAML::Mark& mark) const { return text_.substr(offset(mark)); }

 private:
  static constexpr std::size_t kBlock = 256;

  std::size_t line_of(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(mark.line), starts_.size() - 1);
  }

  std::size_t offset(const YAML::Mark& mark) const {
    return std::min(starts_[line_of(mark)] + static_cast<std::size_t>(mark.column), text_.size());
  }

  SourceMark mark(std::size_t line, std::size_t offset) const {
    return {static_cast<int>(line) + 1, characters(offset) - characters(starts_[line]) + 1};
  }

  // Characters before `offset`. Counted from a block's start: a line may have 1 MiB.
  int characters(std::size_t offset) const {
    const std::size_t block = offset / kBlock;
    return before_block_[block] + first_bytes(block * kBlock, offset);
  }

  int first_bytes(std::size_t begin, std::size_t end) const {
    const std::string_view part = text_.substr(begin, end - begin);
    return static_cast<int>(std::count_if(part.begin(), part.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
  }

  std::string_view text_;
  std::vector<std::size_t> starts_;  // byte offset of each line
  std::vector<int> before_block_;    // characters before each block of kBlock bytes
};

// False when `text` begins with a quote whose end is missing.
bool is_closed(std::string_view text) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return true;
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || !text.substr(i + 1).starts_with('\'')) return true;
      ++i;
    }
  }
  return false;
}

// Leaves yaml-cpp's parser from within its callbacks; caught in read_yaml.
struct Refusal {
  Diagnostic diagnostic;
};

// Builds the tree of one document from the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Positions& positions, std::size_t& nodes, std::vector<Diagnostic>& errors)
      : positions_(positions), nodes_(nodes), errors_(errors) {}

  YamlNode take() { return std::move(root_); }
  bool started() const { return started_; }
  const YAML::Mark& start() const { return start_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    started_ = true;
    start_ = mark;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (!expects_key()) {
      add(mark, "", anchor, YamlNode::Kind::kNull);
      return;
    }
    // Not refused at once: an unclosed bracket shows up like this before the parser sees it.
    errors_.push_back({positions_.at(mark), kBadKey});
    open_.back().expects_value = true;
    open_.back().repeated = true;
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases (*name) are not accepted in a job file; write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (value.find('\0') != std::string::npos) refuse(mark, "a NUL character");
    // yaml-cpp lets the end of the file end a quoted text.
    if (tag == "!" && !is_closed(positions_.rest(mark))) refuse(mark, "this quote is never closed");
    if (expects_key()) {
      add_key(mark, tag, anchor, value);
      return;
    }
    YamlNode& node = add(mark, tag, anchor, YamlNode::Kind::kText);
    node.text = value;
    node.plain = tag == "?";
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(add(mark, tag, anchor, YamlNode::Kind::kList), mark);
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(add(mark, tag, anchor, YamlNode::Kind::kMap), mark);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  // A list or mapping whose end has not been seen. The node stays where it is: its parent grows
  // only after it was closed.
  struct Open {
    YamlNode* node;
    bool expects_value = false;
    bool repeated = false;  // the value to come belongs to a duplicate key
    YamlNode discarded;
    std::unordered_map<std::string, SourceMark> keys;
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message) const {
    throw Refusal{{positions_.at(mark), std::move(message)}};
  }

  bool expects_key() const {
    return !open_.empty() && open_.back().node->kind == YamlNode::Kind::kMap &&
           !open_.back().expects_value;
  }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(mark, "anchors (&name) are not accepted in a job file");
    if (!tag.empty() && tag != "?" && tag != "!") {
      refuse(mark, "tags (!name) are not accepted in a job file");
    }
    if (++nodes_ > kMostYamlNodes) {
      refuse(mark, fmt::format("more than {} values in a job file", kMostYamlNodes));
    }
  }

  void add_key(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
               const std::string& key) {
    check(mark, tag, anchor);
    if (key == "<<") refuse(mark, "merge keys (<<) are not accepted in a job file");
    Open& map = open_.back();
    const auto [known, is_new] = map.keys.try_emplace(key, positions_.at(mark));
    map.expects_value = true;
    map.repeated = !is_new;
    if (is_new) {
      map.node->entries.push_back({key, known->second, {}});
    } else {
      errors_.push_back({positions_.at(mark), fmt::format("duplicate key {} (first on line {})",
                                                          in_quotes(key), known->second.line)});
    }
  }

  YamlNode& add(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                YamlNode::Kind kind) {
    if (expects_key()) refuse(mark, kBadKey);
    check(mark, tag, anchor);
    YamlNode& node = slot();
    node = YamlNode{};
    node.kind = kind;
    node.mark = positions_.at(mark);
    return node;
  }

  YamlNode& slot() {
    if (open_.empty()) return root_;
    Open& parent = open_.back();
    if (parent.node->kind == YamlNode::Kind::kList) return parent.node->items.emplace_back();
    parent.expects_value = false;
    return parent.repeated ? parent.discarded : parent.node->entries.back().value;
  }

  void open(YamlNode& node, const YAML::Mark& mark) {
    if (open_.size() >= kMostYamlDepth) {
      refuse(mark, fmt::format("nested deeper than {} levels", kMostYamlDepth));
    }
    open_.push_back(Open{.node = &node, .discarded = {}, .keys = {}});
  }

  const Positions& positions_;
  std::size_t& nodes_;
  std::vector<Diagnostic>& errors_;
  bool started_ = false;
  YAML::Mark start_;
  YamlNode root_;
  std::deque<Open> open_;  // a deque: `discarded` must not move
};

// Offset of the first byte that no job file may contain, by RFC 3629 and YAML 1.2 section 5.1.
std::optional<std::size_t> first_bad_byte(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto byte = [&](std::size_t at) {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const unsigned first = byte(i);
    if (first < 0x80) {
      const bool allowed =
          first >= 0x20 ? first != 0x7F : first == '\t' || first == '\n' || first == '\r';
      if (!allowed) return i;
      ++i;
      continue;
    }
    const std::size_t length = first < 0xC2   ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    const unsigned lowest = first == 0xE0 ? 0xA0U : first == 0xF0 ? 0x90U : 0x80U;
    const unsigned highest = first == 0xED ? 0x9FU : first == 0xF4 ? 0x8FU : 0xBFU;
    if (length == 0 || byte(i + 1) < lowest || byte(i + 1) > highest) return i;
    for (std::size_t k = 2; k < length; ++k) {
      if ((byte(i + k) & 0xC0U) != 0x80U) return i;
    }
    i += length;
  }
  return std::nullopt;
}

// The bytes as a stream, not copied.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // never written to: a get area only
    setg(begin, begin, begin + text.size());
  }
};

// What an error of yaml-cpp means, for people who do not know its grammar.
std::string_view explain(std::string_view message) {
  static const std::array<std::pair<std::string_view, std::string_view>, 9> explanations = {{
      {YAML::ErrorMsg::MAP_VALUE,
       "a ':' that fits nowhere; put quotes around a text with ': ' in it"},
      {YAML::ErrorMsg::MAP_KEY, "a '?' that fits nowhere; put quotes around the text"},
      {YAML::ErrorMsg::END_OF_MAP_FLOW, "a '{' is not closed before this"},
      {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a '[' is not closed before this"},
      {YAML::ErrorMsg::EOF_IN_SCALAR, "a quoted text is not closed before this"},
      {YAML::ErrorMsg::FLOW_END, "this bracket closes nothing"},
      {YAML::ErrorMsg::END_OF_MAP, "this line is not indented like those before it"},
      {YAML::ErrorMsg::END_OF_SEQ, "this line is not indented like those before it"},
      {YAML::ErrorMsg::UNKNOWN_TOKEN, "no text begins with this character; put quotes around it"},
  }};
  for (const auto& [original, explanation] : explanations) {
    if (message == original) return explanation;
  }
  return message;
}

// yaml-cpp notices a tab in the indentation late, or as something else.
Diagnostic explain(const YAML::Exception& error, const Positions& positions) {
  const std::string_view line = positions.line(error.mark);
  const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  if (const std::size_t tab = line.substr(0, indent).find('\t'); tab != line.npos) {
    return {{error.mark.line + 1, static_cast<int>(tab) + 1},
            "a tab cannot indent in YAML; use spaces"};
  }
  return {positions.at(error.mark), fmt::format("not valid YAML: {}", explain(error.msg))};
}

void read_documents(std::string_view text, const Positions& positions, YamlText& result) {
  TextBuffer buffer(text);
  std::istream stream(&buffer);
  std::size_t nodes = 0;
  YAML::Parser parser(stream);
  while (true) {
    TreeBuilder builder(positions, nodes, result.errors);
    // yaml-cpp takes whatever follows a document for the next one, without end.
    const bool more = parser.HandleNextDocument(builder);
    if (!more || !builder.started()) return;
    if (!result.documents.empty() && !positions.rest(builder.start()).starts_with("---")) {
      throw Refusal{{positions.at(builder.start()), "not valid YAML: this belongs to no document"}};
    }
    result.documents.push_back(builder.take());
    YamlNode& root = result.documents.back();
    if (root.kind == YamlNode::Kind::kNull) root.mark = positions.at(builder.start());
  }
}

}  // namespace

YamlText read_yaml(std::string_view text) {
  YamlText result;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kMostYamlBytes) {
    result.errors.push_back({{1, 1}, "a job file may have 1 MiB, this has more"});
    return result;
  }
  const Positions positions(text);
  if (const std::optional<std::size_t> bad = first_bad_byte(text)) {
    result.errors.push_back(
        {positions.at(*bad),
         fmt::format("byte 0x{:02x} is not UTF-8 text", static_cast<unsigned char>(text[*bad]))});
    return result;
  }
  try {
    read_documents(text, positions, result);
  } catch (const Refusal& refusal) {
    result.errors.push_back(refusal.diagnostic);
  } catch (const YAML::Exception& error) {
    result.errors.push_back(explain(error, positions));
  }
  return result;
}

}  // namespace placer
