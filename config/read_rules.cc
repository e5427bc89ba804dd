// Reading extract.rules: lists of mappings whose keys are partly the user's own.
#include <fmt/format.h>

#include "config/reader.h"
#include "config/rule_template.h"
#include "config/values.h"

namespace placer::job_file {
namespace {

// Of the text itself, behind the quote it begins with.
SourceMark text_mark(const YamlNode& node) {
  SourceMark mark = node.mark;
  if (!node.plain && mark.line > 0) ++mark.column;
  return mark;
}

bool is_named_in(std::string_view text, std::string_view name) {
  const auto pieces = split_template(text);
  return std::any_of(pieces.begin(), pieces.end(), [name](const TemplatePiece& piece) {
    return piece.is_name && piece.text == name;
  });
}

}  // namespace

void JobReader::read(const YamlEntry& entry, std::vector<RuleOptions>& member, const RuleList&) {
  if (entry.value.kind != YamlNode::Kind::kList) {
    return wrong_kind(entry.value, entry, "a list of rules, each 'when', 'place' and so on");
  }
  member.clear();
  const std::string_view section = path_;
  const std::string_view key = key_;
  key_ = {};
  for (std::size_t i = 0; i < entry.value.items.size(); ++i) {
    const std::string where = fmt::format("{}.{}[{}]", section, key, i + 1);
    path_ = where;
    read_rule(entry.value.items[i], member.emplace_back());
    path_ = section;
  }
  key_ = key;
}

void JobReader::read_rule(const YamlNode& node, RuleOptions& rule) {
  if (!accept_mapping(node)) return;
  rule.mark = node.mark;
  levels_.push_back({&node, {}});
  const auto read_one = [this](std::string_view key, TextCheck check, RuleText& text) {
    const YamlEntry* entry = find(key);
    if (entry == nullptr) return;
    key_ = key;
    if (auto read = read_rule_text(entry->value, *entry, check)) text = *std::move(read);
  };
  read_one("when", check_glob, rule.when);
  read_one("each", check_expression, rule.each);
  const YamlEntry* place = find("place");
  const YamlEntry* follow = find("follow");
  key_ = "place";
  if (place != nullptr) read_place(*place, rule);
  key_ = "follow";
  if (follow != nullptr) read_follow(*follow, rule);
  key_ = {};
  if (place == nullptr && follow == nullptr) {
    fail(node.mark, "takes nothing; say what with 'place', or where to go on with 'follow'");
  }
  refuse_unknown_keys();
  levels_.pop_back();
}

std::optional<RuleText> JobReader::read_rule_text(const YamlNode& node, const YamlEntry& entry,
                                                  TextCheck check) {
  auto text = read_text(node, entry, check);
  if (!text) return std::nullopt;
  return RuleText{*std::move(text), text_mark(node)};
}

// One expression, or a list of them.
void JobReader::read_alternatives(const YamlEntry& entry, std::vector<RuleText>& expressions) {
  const YamlNode& node = entry.value;
  if (node.kind == YamlNode::Kind::kList && node.items.empty()) {
    return fail(node.mark, "expected at least one expression");
  }
  const bool is_list = node.kind == YamlNode::Kind::kList;
  for (const YamlNode& item : is_list ? std::span(node.items) : std::span(&node, 1)) {
    if (auto text = read_rule_text(item, entry, check_expression)) {
      expressions.push_back(*std::move(text));
    }
  }
}

void JobReader::read_place(const YamlEntry& entry, RuleOptions& rule) {
  if (entry.value.kind != YamlNode::Kind::kMap) {
    return wrong_kind(entry.value, entry, "fields such as 'name: h1'");
  }
  if (entry.value.entries.empty()) fail(entry.value.mark, "expected at least one field");
  for (const YamlEntry& field : entry.value.entries) {
    const std::string where = "place." + field.key;
    key_ = where;
    RuleField& read = rule.place.emplace_back();
    read.name = field.key;
    read.mark = field.mark;
    read_alternatives(field, read.expressions);
    key_ = {};
  }
}

void JobReader::read_follow(const YamlEntry& entry, RuleOptions& rule) {
  const YamlNode& node = entry.value;
  const bool is_list = node.kind == YamlNode::Kind::kList;
  if (is_list && node.items.empty()) return fail(node.mark, "expected at least one expression");
  for (const YamlNode& item : is_list ? std::span(node.items) : std::span(&node, 1)) {
    if (item.kind == YamlNode::Kind::kMap) {
      read_request(item, rule.requests.emplace_back());
    } else if (item.kind != YamlNode::Kind::kText) {
      wrong_kind(item, entry, "an expression that yields URLs, or a request with 'get' or 'post'");
    } else if (auto text = read_rule_text(item, entry, check_expression)) {
      rule.follow.push_back(*std::move(text));
    }
  }
}

void JobReader::read_request(const YamlNode& node, RuleRequest& request) {
  levels_.push_back({&node, {}});
  const YamlEntry* get = find("get");
  const YamlEntry* post = find("post");
  const YamlEntry* body = find("body");
  const YamlEntry* headers = find("headers");
  if ((get == nullptr) == (post == nullptr)) {
    fail(node.mark, "a request is either 'get: URL' or 'post: URL'");
  } else {
    const YamlEntry& url = get != nullptr ? *get : *post;
    if (auto text = read_rule_text(url.value, url, check_request_url)) {
      request.url = *std::move(text);
    }
  }
  if (body != nullptr) {
    if (get != nullptr) fail(body->mark, "a body goes with 'post' only");
    if (auto text = read_text(body->value, *body, check_request_body)) {
      request.body = *std::move(text);
    }
  } else if (post != nullptr && get == nullptr) {
    fail(post->mark, "'post' needs a 'body', such as '{\"page\": {page}}' or 'page={page}'");
  }
  if (headers != nullptr) read_headers(*headers, request.headers);
  if (!request.url.text.empty()) read_placeholders(node, request);
  levels_.pop_back();
}

// Every other key of a request is a {name} of its templates, and every {name} is such a key.
void JobReader::read_placeholders(const YamlNode& node, RuleRequest& request) {
  std::vector<std::string_view> known = levels_.back().keys;
  for (const std::string* text : {&request.url.text, &request.body}) {
    for (const TemplatePiece& piece : split_template(*text)) {
      if (!piece.is_name) continue;
      known.push_back(piece.text);
      const bool has_value =
          std::any_of(node.entries.begin(), node.entries.end(),
                      [&](const YamlEntry& entry) { return entry.key == piece.text; });
      if (has_value) continue;
      fail(text == &request.url.text ? request.url.mark : node.mark,
           fmt::format("nothing says what {{{0}}} is; add '{0}: EXPRESSION'{1}", piece.text,
                       text == &request.body
                           ? fmt::format(" (or write '{{ {} }}' for a brace)", piece.text)
                           : std::string()));
    }
  }
  const auto& fixed = levels_.back().keys;
  for (const YamlEntry& entry : node.entries) {
    if (std::find(fixed.begin(), fixed.end(), entry.key) != fixed.end()) continue;
    if (!is_named_in(request.url.text, entry.key) && !is_named_in(request.body, entry.key)) {
      const std::string_view near = nearest(entry.key, known);
      fail(entry.mark,
           fmt::format("unknown key {0}; no {{{1}}} stands in the request{2}", in_quotes(entry.key),
                       entry.key,
                       near.empty() ? "" : fmt::format(" (did you mean {}?)", in_quotes(near))));
      continue;
    }
    RuleField& value = request.values.emplace_back();
    value.name = entry.key;
    value.mark = entry.mark;
    read_alternatives(entry, value.expressions);
  }
}

}  // namespace placer::job_file
