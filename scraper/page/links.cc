#include "scraper/page/links.h"

#include <optional>
#include <string>

#include "scraper/ascii.h"
#include "scraper/page/tree.h"

namespace placer {
namespace {

// The tokens of a rel attribute or parameter that matter to a crawler.
struct Relations {
  bool canonical = false;
  bool sequence = false;  // next, prev
  bool alternate = false;
  bool stylesheet = false;
  bool nofollow = false;
};

Relations read_relations(std::string_view rel) {
  Relations found;
  while (!rel.empty()) {
    const std::string token = ascii::lower_case(ascii::next_piece(rel, ascii::kWhiteSpace));
    if (token == "canonical") found.canonical = true;
    if (token == "next" || token == "prev" || token == "previous") found.sequence = true;
    if (token == "alternate") found.alternate = true;
    if (token == "stylesheet") found.stylesheet = true;
    if (token == "nofollow" || token == "ugc" || token == "sponsored") found.nofollow = true;
  }
  return found;
}

// No type, or HTML: feeds and PDFs are alternates too.
bool may_be_html(std::string_view type) {
  const std::string_view essence = ascii::next_piece(type, ";");
  return essence.empty() || ascii::equals_ignoring_case(essence, "text/html") ||
         ascii::equals_ignoring_case(essence, "application/xhtml+xml");
}

std::optional<LinkKind> kind_of_link(const Relations& relations, std::string_view type) {
  if (relations.stylesheet) return std::nullopt;
  if (relations.canonical) return LinkKind::kCanonical;
  if (relations.sequence) return LinkKind::kRelation;
  if (relations.alternate && may_be_html(type)) return LinkKind::kRelation;
  return std::nullopt;
}

// Collects a Markup, one element at a time.
class MarkupReader {
 public:
  explicit MarkupReader(std::string_view agent) : agent_(agent) {}

  void read(Node element) {
    const std::string_view tag = element.tag();
    if (tag == "a" || tag == "area") {
      if (const auto href = element.attribute("href")) {
        const bool nofollow = read_relations(element.attribute("rel").value_or("")).nofollow;
        add(*href, LinkKind::kAnchor, nofollow);
      }
    } else if (tag == "link") {
      read_link(element);
    } else if (tag == "meta") {
      read_meta(element);
    } else if (tag == "iframe" || tag == "frame") {
      if (const auto src = element.attribute("src")) add(*src, LinkKind::kFrame, false);
    } else if (tag == "base" && !has_base_) {
      if (const auto href = element.attribute("href")) {
        markup_.base = *href;
        has_base_ = true;
      }
    } else if (tag == "title" && !has_title_ && element.is_html()) {
      markup_.title = visible_text(element);
      has_title_ = true;
    }
  }

  Markup take() { return std::move(markup_); }

 private:
  void add(std::string_view url, LinkKind kind, bool nofollow) {
    markup_.references.push_back({url, kind, nofollow, false});
  }

  void read_link(Node element) {
    const auto href = element.attribute("href");
    const auto rel = element.attribute("rel");
    if (!href || !rel || ascii::trim(*href).empty()) return;
    const Relations relations = read_relations(*rel);
    const auto kind = kind_of_link(relations, element.attribute("type").value_or(""));
    if (kind) add(*href, *kind, relations.nofollow);
  }

  void read_meta(Node element) {
    const auto content = element.attribute("content");
    if (!content) return;
    if (const auto name = element.attribute("name")) {
      const std::string_view whom = ascii::trim(*name);
      const bool ours = ascii::equals_ignoring_case(whom, "robots") ||
                        (!agent_.empty() && ascii::equals_ignoring_case(whom, agent_));
      if (ours) add_meta_robots(*content, markup_.robots);
    }
    const auto pragma = element.attribute("http-equiv");
    if (pragma && ascii::equals_ignoring_case(*pragma, "refresh")) {
      const std::string_view url = refresh_url(*content);
      if (!url.empty()) add(url, LinkKind::kMetaRefresh, false);
    }
  }

  std::string_view agent_;
  bool has_base_ = false;
  bool has_title_ = false;
  Markup markup_;
};

void skip_spaces(std::string_view& text) {
  while (!text.empty() && ascii::is_space(text.front())) text.remove_prefix(1);
}

// Cuts one parameter's value, a token or a quoted string, off the front of `rest`.
std::string_view cut_parameter_value(std::string_view& rest) {
  skip_spaces(rest);
  if (rest.empty() || rest.front() != '"') {
    const std::size_t end = std::min(rest.find_first_of(";,"), rest.size());
    const std::string_view value = ascii::trim(rest.substr(0, end));
    rest.remove_prefix(end);
    return value;
  }
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  end = std::min(end, rest.size());
  const std::string_view value = rest.substr(1, end - 1);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return value;
}

// Cuts the parameters of one link value, up to its ',' or the end; the first rel counts, and a
// link with an anchor says something of another document.
std::string_view cut_rel(std::string_view& rest) {
  std::optional<std::string_view> rel;
  bool anchored = false;
  while (!rest.empty()) {
    skip_spaces(rest);
    if (rest.empty() || rest.front() == ',') break;
    if (rest.front() == ';') {
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t end = std::min(rest.find_first_of("=;,"), rest.size());
    const std::string_view name = ascii::trim(rest.substr(0, end));
    rest.remove_prefix(end);
    std::string_view value;
    if (!rest.empty() && rest.front() == '=') {
      rest.remove_prefix(1);
      value = cut_parameter_value(rest);
    }
    if (!rel && ascii::equals_ignoring_case(name, "rel")) rel = value;
    if (ascii::equals_ignoring_case(name, "anchor")) anchored = true;
  }
  return anchored ? std::string_view() : rel.value_or("");
}

}  // namespace

Markup read_markup(Node root, const TreeIndex& index, std::string_view agent) {
  MarkupReader reader(agent);
  for (const Node element : index.references) reader.read(element);
  Markup markup = reader.take();
  const auto lang = root.attribute("lang");
  markup.language = ascii::trim(lang ? *lang : root.attribute("xml:lang").value_or(""));
  return markup;
}

std::vector<Reference> read_link_header(std::string_view value) {
  std::vector<Reference> references;
  std::string_view rest = value;
  while (true) {
    while (!rest.empty() && (ascii::is_space(rest.front()) || rest.front() == ',')) {
      rest.remove_prefix(1);
    }
    if (rest.empty() || rest.front() != '<') return references;
    const std::size_t end = rest.find('>');
    if (end == std::string_view::npos) return references;
    const std::string_view url = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    const Relations relations = read_relations(cut_rel(rest));
    if (relations.alternate && !relations.canonical && !relations.sequence) continue;
    const auto kind = kind_of_link(relations, "");
    if (kind) references.push_back({url, *kind, relations.nofollow, true});
  }
}

std::string_view refresh_url(std::string_view content) {
  std::string_view rest = content;
  skip_spaces(rest);
  if (rest.empty() || !(ascii::is_digit(rest.front()) || rest.front() == '.')) return {};
  while (!rest.empty() && (ascii::is_digit(rest.front()) || rest.front() == '.')) {
    rest.remove_prefix(1);
  }
  if (rest.empty()) return {};
  if (!ascii::is_space(rest.front()) && rest.front() != ';' && rest.front() != ',') return {};
  skip_spaces(rest);
  if (!rest.empty() && (rest.front() == ';' || rest.front() == ',')) rest.remove_prefix(1);
  skip_spaces(rest);
  if (ascii::equals_ignoring_case(rest.substr(0, 3), "url")) {
    std::string_view after = rest.substr(3);
    skip_spaces(after);
    if (!after.empty() && after.front() == '=') {
      after.remove_prefix(1);
      skip_spaces(after);
      rest = after;
    }
  }
  if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
    const char quote = rest.front();
    rest.remove_prefix(1);
    rest = rest.substr(0, rest.find(quote));
  }
  return ascii::trim(rest);
}

}  // namespace placer
