#include "scraper/page/charset.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::size_t kPrescanBytes = 1024;
constexpr std::size_t kLateMetaBytes = 64 * 1024;

using ascii::is_letter;
using ascii::is_space;
using ascii::lower;
using ascii::lower_case;

// "Extracting a character encoding from a meta element" (HTML, section 2.4.4). Also reads the
// charset parameter of a Content-Type header, as browsers do.
const Encoding* encoding_in_content(std::string_view content) {
  const std::string text = lower_case(content);
  std::size_t at = 0;
  while (true) {
    at = text.find("charset", at);
    if (at == std::string::npos) return nullptr;
    at += 7;
    while (at < text.size() && is_space(text[at])) ++at;
    if (at < text.size() && text[at] == '=') break;
  }
  ++at;
  while (at < text.size() && is_space(text[at])) ++at;
  if (at == text.size()) return nullptr;
  if (text[at] == '"' || text[at] == '\'') {
    const std::size_t end = text.find(text[at], at + 1);
    if (end == std::string::npos) return nullptr;
    return find_encoding(std::string_view(text).substr(at + 1, end - at - 1));
  }
  const std::size_t end = std::min(text.find_first_of("\t\n\f\r ;", at), text.size());
  return find_encoding(std::string_view(text).substr(at, end - at));
}

struct Attribute {
  std::string name;
  std::string value;
};

// Walks the head of a byte stream as the standard's prescan does.
class Prescan {
 public:
  explicit Prescan(std::string_view bytes) : bytes_(bytes) {}

  const Encoding* run() {
    using namespace std::string_view_literals;
    if (at("<\0?\0x\0"sv)) return &encoding("utf-16le");
    if (at("\0<\0?\0x"sv)) return &encoding("utf-16be");
    for (; !done(); ++position_) {
      if (at("<!--")) {
        // "<!-->" is a comment too: the two hyphens may be those of the beginning.
        const std::size_t end = bytes_.find("-->", position_ + 2);
        if (end == std::string_view::npos) return nullptr;
        position_ = end + 2;
      } else if (at_meta()) {
        position_ += 5;
        if (const Encoding* found = meta()) return found;
      } else if (at_tag()) {
        pass_tag();
      } else if (at("<!") || at("</") || at("<?")) {
        position_ = std::min(bytes_.find('>', position_), bytes_.size());
      }
    }
    return nullptr;
  }

 private:
  bool done() const { return position_ >= bytes_.size(); }
  char here() const { return bytes_[position_]; }
  bool at(std::string_view what) const { return bytes_.substr(position_).starts_with(what); }

  bool at_meta() const {
    const std::string_view rest = bytes_.substr(position_);
    return rest.size() > 5 && lower_case(rest.substr(0, 5)) == "<meta" &&
           (is_space(rest[5]) || rest[5] == '/');
  }

  bool at_tag() const {
    if (here() != '<') return false;
    const std::size_t letter = position_ + (at("</") ? 2 : 1);
    return letter < bytes_.size() && is_letter(bytes_[letter]);
  }

  void pass_tag() {
    while (!done() && !is_space(here()) && here() != '>') ++position_;
    while (next_attribute()) {
    }
  }

  const Encoding* meta() {
    std::vector<std::string> seen;
    bool got_pragma = false;
    std::optional<bool> need_pragma;
    const Encoding* charset = nullptr;
    while (std::optional<Attribute> attribute = next_attribute()) {
      if (std::find(seen.begin(), seen.end(), attribute->name) != seen.end()) continue;
      seen.push_back(attribute->name);
      if (attribute->name == "http-equiv") {
        got_pragma = got_pragma || attribute->value == "content-type";
      } else if (attribute->name == "content" && charset == nullptr) {
        charset = encoding_in_content(attribute->value);
        if (charset != nullptr) need_pragma = true;
      } else if (attribute->name == "charset") {
        charset = find_encoding(attribute->value);
        need_pragma = false;
      }
    }
    // Input that ends inside the element states nothing.
    if (done() || !need_pragma || (*need_pragma && !got_pragma) || charset == nullptr) {
      return nullptr;
    }
    // Bytes that could be read as ASCII are not in UTF-16.
    if (charset->name.starts_with("UTF-16")) return &encoding("utf-8");
    if (charset->name == "x-user-defined") return &encoding("windows-1252");
    return charset;
  }

  // "Get an attribute"; nothing at the tag's '>' or at the end of the input.
  std::optional<Attribute> next_attribute() {
    while (!done() && (is_space(here()) || here() == '/')) ++position_;
    if (done() || here() == '>') return std::nullopt;
    Attribute attribute;
    while (!done()) {
      const char c = here();
      if (c == '=' && !attribute.name.empty()) break;
      if (is_space(c)) {
        while (!done() && is_space(here())) ++position_;
        if (!done() && here() != '=') return attribute;
        break;
      }
      if (c == '/' || c == '>') return attribute;
      attribute.name += lower(c);
      ++position_;
    }
    if (done()) return std::nullopt;
    ++position_;  // the '='
    while (!done() && is_space(here())) ++position_;
    if (!read_value(attribute.value)) return std::nullopt;
    return attribute;
  }

  bool read_value(std::string& value) {
    if (done()) return false;
    if (here() == '"' || here() == '\'') {
      const std::size_t end = bytes_.find(here(), position_ + 1);
      if (end == std::string_view::npos) {
        position_ = bytes_.size();
        return false;
      }
      value = lower_case(bytes_.substr(position_ + 1, end - position_ - 1));
      position_ = end + 1;
      return true;
    }
    while (!done() && !is_space(here()) && here() != '>') {
      value += lower(here());
      ++position_;
    }
    return !done();
  }

  std::string_view bytes_;
  std::size_t position_ = 0;
};

// The encoding of a byte order mark, and its length (Encoding Standard, section 6).
std::pair<const Encoding*, std::size_t> byte_order_mark(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {&encoding("utf-8"), 3};
  if (bytes.starts_with("\xFE\xFF")) return {&encoding("utf-16be"), 2};
  if (bytes.starts_with("\xFF\xFE")) return {&encoding("utf-16le"), 2};
  return {nullptr, 0};
}

const Encoding* guessed_encoding(std::string_view bytes) {
  if (!has_only_ascii(bytes) && is_valid_utf8(bytes)) return &encoding("utf-8");
  // A meta element that tree construction would meet later changes the encoding (section
  // 13.2.3.5); it is looked for in the same way.
  if (const Encoding* late = Prescan(bytes.substr(0, kLateMetaBytes)).run()) return late;
  return &encoding("windows-1252");
}

}  // namespace

const Encoding* prescan_encoding(std::string_view bytes) {
  return Prescan(bytes.substr(0, kPrescanBytes)).run();
}

Decoded decode(std::string bytes, std::string_view content_type) {
  auto [found, mark] = byte_order_mark(bytes);
  bytes.erase(0, mark);
  if (found == nullptr) found = encoding_in_content(content_type);
  if (found == nullptr) found = prescan_encoding(bytes);
  if (found == nullptr) found = guessed_encoding(bytes);
  return {std::string(found->name), to_utf8(std::move(bytes), *found)};
}

}  // namespace placer
