#include "scraper/extract/text/prose.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::size_t kMostLinks = 200;
constexpr std::size_t kMostLogos = 20;

// Sorted. Elements whose text is not part of what the page says.
constexpr std::array<std::string_view, 9> kUnseen = {
    "head", "iframe", "noscript", "object", "script", "select", "style", "template", "textarea"};

// What the walk has to know of an element.
struct Kind {
  enum class What : std::uint8_t { kOther, kHead, kLink, kPicture, kMeta, kCell };

  What what = What::kOther;
  bool breaks = false;
  bool unseen = false;
  bool bold = false;
  std::uint8_t heading = 0;
};

std::uint8_t heading_of(std::string_view tag) {
  if (tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6') {
    return static_cast<std::uint8_t>(tag[1] - '0');
  }
  return tag == "th" || tag == "dt" || tag == "caption" || tag == "legend" ? 7 : 0;
}

Kind::What what_is(std::string_view tag) {
  if (tag == "head") return Kind::What::kHead;
  if (tag == "a") return Kind::What::kLink;
  if (tag == "img") return Kind::What::kPicture;
  if (tag == "meta") return Kind::What::kMeta;
  return tag == "td" || tag == "th" ? Kind::What::kCell : Kind::What::kOther;
}

Kind read_kind(Node element) {
  const std::string_view tag = element.tag();
  return {.what = what_is(tag),
          .breaks = breaks_line(element),
          .unseen = std::binary_search(kUnseen.begin(), kUnseen.end(), tag),
          .bold = tag == "b" || tag == "strong",
          .heading = heading_of(tag)};
}

// Elements of one name are of one kind. Keeps the kinds of short names met lately.
class Kinds {
 public:
  Kind of(Node element) {
    const std::string_view tag = element.tag();
    if (tag.empty() || tag.size() > sizeof(std::uint64_t)) return read_kind(element);
    const Entry name = {.letters = letters_of(tag),
                        .size = static_cast<std::uint8_t>(tag.size()),
                        .html = element.is_html(),
                        .kind = {}};
    Entry& entry = entries_[(name.letters * 0x9E3779B97F4A7C15ULL) >> 57U];
    if (entry.letters != name.letters || entry.size != name.size || entry.html != name.html) {
      entry = name;
      entry.kind = read_kind(element);
    }
    return entry.kind;
  }

 private:
  struct Entry {
    std::uint64_t letters;
    std::uint8_t size;  // 0: free
    bool html;
    Kind kind;
  };

  // All letters of the name as one number, which names of one length have in common with no other.
  static std::uint64_t letters_of(std::string_view name) {
    const auto byte = [name](std::size_t i) {
      return std::uint64_t{static_cast<std::uint8_t>(name[i])};
    };
    if (name.size() < sizeof(std::uint32_t)) {
      const std::size_t last = name.size() - 1;
      return byte(0) | byte(last / 2) << 8U | byte(last) << 16U;
    }
    std::uint32_t front = 0;
    std::uint32_t back = 0;  // may overlap
    std::memcpy(&front, name.data(), sizeof(front));
    std::memcpy(&back, name.data() + name.size() - sizeof(back), sizeof(back));
    return front | std::uint64_t{back} << 32U;
  }

  std::array<Entry, 128> entries_{};
};

// By byte: may it be copied without a look at what it begins?
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = ' ' + 1; byte < plain.size(); ++byte) {
    plain[byte] = byte != 0xC2 && byte != 0xE2;
  }
  return plain;
}();

class Walker {
 public:
  Walker(Prose& out, Kinds& kinds) : out_(out), kinds_(kinds) {}

  void walk(Node root) {
    Node node = root;
    while (node) {
      Kind kind = node.is_text() ? Kind() : kinds_.of(node);
      Node next = enter(node, kind) ? node.first_child() : Node();
      if (next) open_.push_back(kind);
      while (!next) {
        leave(node, kind);
        if (node == root) {
          end_line();
          return;
        }
        next = node.next_sibling();
        if (next) break;
        node = node.parent();
        kind = open_.back();
        open_.pop_back();
      }
      node = next;
    }
  }

 private:
  // Should the walk go below?
  bool enter(Node node, Kind kind) {
    if (node.is_text()) {
      if (out_.text.size() == begin_) from_ = node;
      append(node.text());
      return false;
    }
    if (kind.unseen) {
      if (kind.what == Kind::What::kHead) read_head(node);
      return false;
    }
    if (kind.what == Kind::What::kLink) {
      read_link(node);
    } else if (kind.what == Kind::What::kPicture) {
      const auto alt = node.attribute("alt");
      if (alt && alt->size() > 2 && out_.logos.size() < kMostLogos) out_.logos.push_back(*alt);
    } else if (kind.what == Kind::What::kMeta) {
      read_meta(node);
    } else if (kind.bold) {
      ++bold_;
    }
    if (kind.breaks) {
      end_line();
      if (kind.what == Kind::What::kCell) cell_ = node.parent() && first_in_row(node);
      if (kind.heading != 0 && heading_ == 0) {
        heading_ = kind.heading;
        heading_node_ = node;
      }
    }
    return out_.text.size() < Prose::kMostText;
  }

  void leave(Node node, Kind kind) {
    if (kind.bold && bold_ > 0) --bold_;
    if (kind.breaks) end_line();
    if (heading_ != 0 && node == heading_node_) {
      heading_ = 0;
      heading_node_ = Node();
    }
  }

  // A row's cells but the first go on with it.
  bool first_in_row(Node cell) {
    const bool same = cell.parent() == row_;
    row_ = cell.parent();
    return same;
  }

  void read_head(Node head) {
    for (Node node = head.first_child(); node; node = node.next_sibling()) {
      if (node.tag() == "meta") read_meta(node);
    }
  }

  void read_meta(Node meta) {
    const auto property = meta.attribute("property");
    const auto content = meta.attribute("content");
    if (!property || !content) return;
    if (*property == "og:site_name") out_.site_name = *content;
    if (*property == "og:type" && ascii::lower_case(*content) == "article") out_.article = true;
    if (*property == "article:published_time") out_.article = true;
  }

  void read_link(Node link) {
    const auto href = link.attribute("href");
    if (!href || href->size() < 5) return;
    const std::string_view written = ascii::trim(*href);
    const auto at = static_cast<std::uint32_t>(out_.text.size());
    const auto has = [&](std::string_view scheme) {
      return written.size() > scheme.size() &&
             ascii::equals_ignoring_case(written.substr(0, scheme.size()), scheme);
    };
    if (has("tel:") && out_.phone_links.size() < kMostLinks) {
      out_.phone_links.push_back({at, written});
    } else if (has("mailto:") && out_.mail_links.size() < kMostLinks) {
      out_.mail_links.push_back({at, written});
    }
  }

  void append(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
      const std::size_t width = blank_at(text, i);
      if (width > 0) {
        i += width;
        continue;
      }
      const std::size_t end = end_of_run(text, i + 1);
      if (space_ && out_.text.size() > begin_) out_.text += ' ';
      space_ = false;
      out_.text.append(text, i, end - i);
      if (bold_ > 0) bold_bytes_ += letters_in(text.substr(i, end - i));
      i = end;
    }
  }

  static bool is_plain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

  // The end of plain bytes, with single spaces between them, that go on at `at` behind one.
  static std::size_t end_of_run(std::string_view text, std::size_t at) {
    if constexpr (std::endian::native == std::endian::little) at = past_whole_words(text, at);
    while (at < text.size() && (is_plain(text[at]) || (text[at] == ' ' && text[at - 1] != ' '))) {
      ++at;
    }
    return text[at - 1] == ' ' ? at - 1 : at;
  }

  // The same, eight bytes at a time, as far as that goes.
  static std::size_t past_whole_words(std::string_view text, std::size_t at) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHigh = kOnes * 0x80;
    // The high bit of each byte that is zero.
    const auto zeros = [](std::uint64_t x) { return ~(((x & ~kHigh) + ~kHigh) | x) & kHigh; };
    std::uint64_t space_before = 0;
    std::uint64_t word = 0;
    for (; at + sizeof(word) <= text.size(); at += sizeof(word)) {
      std::memcpy(&word, text.data() + at, sizeof(word));
      const std::uint64_t controls = ~(((word & ~kHigh) + kOnes * (0x80 - ' ')) | word) & kHigh;
      const std::uint64_t spaces = zeros(word ^ (kOnes * ' '));
      const std::uint64_t marks = zeros((word & (kOnes * 0xDF)) ^ (kOnes * 0xC2));  // 0xC2, 0xE2
      const std::uint64_t ends = controls | marks | (spaces & (spaces << 8U | space_before));
      if (ends != 0) return at + static_cast<std::size_t>(std::countr_zero(ends)) / 8;
      space_before = spaces >> 56U;
    }
    return at;
  }

  static std::size_t letters_in(std::string_view run) {
    return run.size() - static_cast<std::size_t>(std::count(run.begin(), run.end(), ' '));
  }

  // Bytes of white space, or of nothing that is seen, at `at`; 0: none.
  std::size_t blank_at(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) <= ' ') {
      space_ = true;
      return 1;
    }
    return c == '\xC2' || c == '\xE2' ? blank_beyond_ascii(text, at) : 0;
  }

  std::size_t blank_beyond_ascii(std::string_view text, std::size_t at) {
    const std::string_view two = text.substr(at, 2);
    const std::string_view three = text.substr(at, 3);
    if (two == "\u00A0" || three == "\u2009" || three == "\u202F") {  // no-break, thin, narrow
      space_ = true;
      return two == "\u00A0" ? 2 : 3;
    }
    if (two == "\u00AD") return 2;  // a soft hyphen
    return three == "\u200B" ? 3 : 0;
  }

  void end_line() {
    space_ = false;
    if (out_.text.size() > begin_) close_line();
  }

  void close_line() {
    const std::size_t length = out_.text.size() - begin_;
    const auto end = static_cast<std::uint32_t>(out_.text.size());
    const bool bold = bold_bytes_ * 10 >= length * 8;
    const auto heading = heading_ != 0 ? heading_ : static_cast<std::uint8_t>(bold ? 7 : 0);
    out_.lines.push_back({static_cast<std::uint32_t>(begin_), end, heading, cell_, from_});
    out_.text += '\n';
    begin_ = out_.text.size();
    cell_ = false;
    bold_bytes_ = 0;
  }

  Prose& out_;
  Kinds& kinds_;
  std::vector<Kind> open_;  // the elements around
  std::size_t begin_ = 0;   // of the line
  std::size_t bold_bytes_ = 0;
  std::size_t bold_ = 0;
  std::uint8_t heading_ = 0;
  Node heading_node_;
  Node from_;  // where the line's text begins
  Node row_;
  bool cell_ = false;
  bool space_ = false;
};

}  // namespace

std::size_t Prose::line_at(std::size_t offset) const {
  const auto after =
      std::upper_bound(lines.begin(), lines.end(), offset,
                       [](std::size_t at, const ProseLine& line) { return at < line.begin; });
  return after == lines.begin() ? 0 : static_cast<std::size_t>(after - lines.begin()) - 1;
}

Prose read_prose(const Page& page) {
  Prose out;
  if (!page.root()) return out;
  out.text.reserve(std::min(page.text().size() / 2, Prose::kMostText));
  thread_local Kinds kinds;
  Walker(out, kinds).walk(page.root());
  return out;
}

}  // namespace placer
