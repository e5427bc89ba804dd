// A fetched document, decoded and parsed: what links and extractors read. HTML becomes a tree;
// JSON, JSONP and XML become a JSON value.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/message.h"
#include "scraper/page/media_type.h"
#include "scraper/page/tree.h"
#include "scraper/page/tree_index.h"

namespace placer {

// What the exchange said about the document.
struct PageSource {
  std::string url;           // of the exchange, absolute
  std::string content_type;  // the header's value; may be empty
  std::vector<std::string> link_headers;
  std::vector<std::string> robots_headers;
  std::string_view user_agent;  // whose robots directives hold
  std::int64_t now = 0;         // when it was fetched, for unavailable_after; seconds since 1970
};

// Owns its text and its tree. Movable; confined to one thread at a time.
class Page {
 public:
  // True for what parse() knows how to read.
  static bool reads(const PageSource& source, std::string_view body);

  // Decodes (BOM, header, meta prescan, fallback) and parses. kParseDeadline or kParseMemory when
  // the document is a bomb. JSON and XML beyond repair give a page without tree and value.
  static Result<Page> parse(std::string body, const PageSource& source, const ParseLimits& limits);

  const std::string& url() const { return url_; }
  const std::string& base() const { return base_; }  // what relative references resolve against
  std::string_view text() const { return *text_; }   // UTF-8, always valid
  Node root() const { return tree_ ? tree_->root() : Node(); }  // null unless it is HTML
  const TreeIndex& index() const { return index_; }             // of root()
  // The value of JSON (json_text.h) or XML (xml_text.h); null for HTML.
  const nlohmann::json* json() const { return json_ ? &*json_ : nullptr; }
  const PageFacts& facts() const { return facts_; }
  const std::vector<Link>& links() const { return links_; }  // in tree order, http and https only
  std::vector<Link> take_links() { return std::move(links_); }

  // `reference` made absolute; empty when it is no http or https URL.
  std::string resolve(std::string_view reference) const;

 private:
  Page(std::string url, std::unique_ptr<std::string> text)
      : url_(std::move(url)), base_(url_), text_(std::move(text)) {}

  void read_values(DocumentKind kind);
  void read_tree(const PageSource& source);

  std::string url_;
  std::string base_;
  std::unique_ptr<std::string> text_;  // on the heap: the tree points into it
  std::optional<Tree> tree_;
  TreeIndex index_;
  std::optional<nlohmann::json> json_;
  PageFacts facts_;
  std::vector<Link> links_;
};

}  // namespace placer
