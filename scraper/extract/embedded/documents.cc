#include "scraper/extract/embedded/documents.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/extract/embedded/dictionary.h"
#include "scraper/extract/embedded/script.h"
#include "scraper/page/json_text.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxText = 16UL << 20;  // bytes of scripts and attributes read, of one page
constexpr std::size_t kShortestScript = 30;
constexpr std::size_t kMaxMarkers = 20'000;
constexpr std::string_view kServerComponents = "self.__next_f";

enum class ScriptKind : std::uint8_t { kJson, kJavaScript, kOther };

ScriptKind script_kind(Node script) {
  const auto type = script.attribute("type");
  if (!type) return ScriptKind::kJavaScript;
  const std::string essence = media_type_essence(*type);
  if (essence.ends_with("ld+json")) return ScriptKind::kOther;
  if (essence.ends_with("json")) return ScriptKind::kJson;
  const bool javascript = essence.empty() || essence == "module" ||
                          essence.find("javascript") != std::string::npos ||
                          essence.find("ecmascript") != std::string::npos;
  return javascript ? ScriptKind::kJavaScript : ScriptKind::kOther;
}

// The text of a script without copying it where it is one piece.
std::string_view script_text(Node script, std::string& storage) {
  const Node child = script.first_child();
  if (!child) return {};
  if (!child.next_sibling()) return child.text();
  storage = text_content(script);
  return storage;
}

class Reader {
 public:
  explicit Reader(const Page& page) : page_(page) {}

  std::vector<EmbeddedDocument> documents() {
    for (const Node node : page_.index().carriers) {
      if (node.tag() == "script") read_script(node);
      read_attributes(node);
    }
    read_server_components();
    return std::move(documents_);
  }

 private:
  bool charge(std::size_t bytes) {
    if (bytes > text_left_) return false;
    text_left_ -= bytes;
    return true;
  }

  void add(std::string path, std::string_view text) {
    auto value = read_json(text, budget_);
    if (value && value->is_structured()) documents_.push_back({std::move(path), std::move(*value)});
  }

  void read_script(Node script) {
    ++scripts_;
    const ScriptKind kind = script_kind(script);
    if (kind == ScriptKind::kOther) return;
    std::string storage;
    const std::string_view text = script_text(script, storage);
    if (text.size() < kShortestScript || !charge(text.size())) return;
    const std::size_t pushed = kind == ScriptKind::kJson ? text.npos : text.find(kServerComponents);
    if (pushed != text.npos) return append_payload(text.substr(pushed));
    if (!mentions_places(text)) return;
    const std::string path = "script[" + std::to_string(scripts_) + "]";
    if (kind == ScriptKind::kJson) return add(path, text);
    std::map<std::string, int> names;
    for (const ScriptLiteral& literal : script_literals(text)) {
      if (!mentions_places(literal.json)) continue;
      const int turn = ++names[literal.name];
      std::string name = literal.name.empty() ? "" : "/" + literal.name;
      if (turn > 1) name += "[" + std::to_string(turn) + "]";
      add(path + name, literal.json);
    }
  }

  // self.__next_f.push([1,"..."]): the strings of all scripts in a row are one stream.
  void append_payload(std::string_view text) {
    const std::size_t list = text.find("push([1,");
    if (list == text.npos) return;
    std::size_t quote = text.find_first_not_of(ascii::kWhiteSpace, list + 8);
    if (quote == text.npos || (text[quote] != '"' && text[quote] != '\'')) return;
    payload_ += script_string(text, quote);
  }

  // Rows of "ID:JSON" and "ID:T<length in hex>,text"; other rows load modules and styles.
  void read_server_components() {
    std::string_view rest = payload_;
    while (!rest.empty()) {
      const std::size_t colon = rest.find(':');
      if (colon == rest.npos) return;
      const std::string_view id = rest.substr(0, std::min<std::size_t>(colon, 16));
      rest.remove_prefix(colon + 1);
      if (rest.starts_with('T')) {
        const std::size_t comma = rest.find(',');
        const auto length = text_length(rest.substr(1, comma - 1));
        if (comma != rest.npos && length) {
          rest.remove_prefix(std::min(comma + 1 + *length, rest.size()));
          continue;
        }
      }
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view row = rest.substr(0, end);
      if (begins_json(row) && mentions_places(row)) {
        add(std::string(kServerComponents) + "/" + std::string(ascii::trim(id)), row);
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  static std::optional<std::size_t> text_length(std::string_view hex) {
    if (hex.empty() || hex.size() > 7) return std::nullopt;
    std::size_t length = 0;
    for (const char c : hex) {
      const char lower = ascii::lower(c);
      const bool letter = lower >= 'a' && lower <= 'f';
      if (!ascii::is_digit(c) && !letter) return std::nullopt;
      length = length * 16 + static_cast<std::size_t>(letter ? lower - 'a' + 10 : c - '0');
    }
    return length;
  }

  void read_attributes(Node element) {
    bool marker = false;
    for (std::size_t i = 0; i < element.attribute_count(); ++i) {
      const auto [name, value] = element.attribute_at(i);
      if (name == "data-lat" || name == "data-latitude") marker = true;
      if (!may_be_json(value) || name.starts_with("on") || name == "style" || name == "class")
        continue;
      if (!charge(value.size()) || !mentions_places(value)) continue;
      const std::string own(name.substr(0, 60));
      add(own + "[" + std::to_string(++attributes_[own]) + "]", value);
    }
    if (marker && markers_ < kMaxMarkers) read_marker(element);
  }

  // <li data-name="..." data-lat="..." data-lng="...">
  void read_marker(Node element) {
    json value = json::object();
    for (std::size_t i = 0; i < element.attribute_count() && value.size() < 60; ++i) {
      const auto [name, text] = element.attribute_at(i);
      if (!name.starts_with("data-") || !charge(text.size())) continue;
      value[std::string(name.substr(5))] = text;
    }
    documents_.push_back({"marker[" + std::to_string(++markers_) + "]", std::move(value), true});
  }

  const Page& page_;
  std::vector<EmbeddedDocument> documents_;
  JsonBudget budget_;
  std::size_t text_left_ = kMaxText;
  std::size_t scripts_ = 0;
  std::size_t markers_ = 0;
  std::map<std::string, int> attributes_;
  std::string payload_;
};

}  // namespace

std::vector<EmbeddedDocument> embedded_documents(const Page& page) {
  return Reader(page).documents();
}

}  // namespace placer
