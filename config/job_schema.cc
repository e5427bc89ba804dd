#include "config/job_schema.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "config/option_texts.h"
#include "config/schema.h"
#include "config/values.h"
#include "config/yaml_text.h"

namespace placer {
namespace job_file {
namespace {

using Json = nlohmann::ordered_json;

Json text_type() { return {{"type", "string"}}; }
Json pattern(std::string_view expression) {
  return {{"type", "string"}, {"pattern", std::string(expression)}};
}
Json reference(std::string_view definition) {
  return {{"$ref", fmt::format("#/$defs/{}", definition)}};
}
Json any_of(std::vector<Json> choices) { return {{"anyOf", std::move(choices)}}; }
Json list_of(Json item) { return {{"type", "array"}, {"items", std::move(item)}}; }
Json mapping_to(Json value) {
  return {{"type", "object"}, {"additionalProperties", std::move(value)}};
}
Json words(std::span<const std::string_view> all) {
  Json choices = Json::array();
  for (const std::string_view word : all) choices.push_back(std::string(word));
  return {{"enum", std::move(choices)}};
}

// What a check of checks.cc says that a regular expression can say too.
Json text_for(TextCheck check) {
  if (check == check_job_name) {
    // YAML reads "2024" as a number; the program takes it for a name.
    Json name = pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$");
    name["type"] = {"string", "integer"};
    return name;
  }
  if (check == check_glob) return pattern("^[/*]");
  if (check == check_user_agent) return pattern("^[ -~]{1,256}$");
  if (check == check_proxy) {
    return pattern("^$|^\\$\\{|^(https?|socks4a?|socks5h?)://");
  }
  return text_type();
}

Json schema_of(const std::string&, const Text& rule) { return text_for(rule.check); }
Json schema_of(const SecretText&, const Secret& rule) { return text_for(rule.check); }
Json schema_of(const std::vector<std::string>&, const TextList& rule) {
  return list_of(text_for(rule.check));
}
Json schema_of(const std::vector<StartUrl>&, const StartList&) { return reference("urls"); }
Json schema_of(const SitemapOptions&, const SitemapList&) {
  return any_of({{{"enum", {"auto", "off"}}}, reference("urls")});
}
Json schema_of(bool, const Flag&) { return {{"type", "boolean"}}; }
Json schema_of(const std::vector<RuleOptions>&, const RuleList&) {
  return list_of(reference("rule"));
}
Json schema_of(const std::vector<HostHeaders>&, const HeaderList&) {
  Json entry = {{"type", "object"},
                {"properties", {{"host", text_type()}, {"fields", reference("headers")}}},
                {"required", {"fields"}},
                {"additionalProperties", false}};
  return any_of({reference("headers"), entry, list_of(entry)});
}
Json schema_of(const std::vector<HostLogin>&, const LoginList&) {
  Json entry = {
      {"type", "object"},
      {"properties", {{"host", text_type()}, {"user", text_type()}, {"password", text_type()}}},
      {"required", {"user", "password"}},
      {"additionalProperties", false}};
  return any_of({entry, list_of(entry)});
}
template <class Member>
Json schema_of(const Member&, const Whole& rule) {
  return {{"type", "integer"}, {"minimum", rule.min}, {"maximum", rule.max}};
}
template <class Member>
Json schema_of(const Member&, const Bytes& rule) {
  Json bytes = {{"type", "integer"}, {"minimum", rule.min}, {"maximum", rule.max}};
  return any_of({reference("size"), std::move(bytes)});
}
template <class Member>
Json schema_of(const Member&, const Duration& rule) {
  if (rule.min.count() > 0) return reference("duration");
  return any_of({reference("duration"), {{"const", 0}}});
}
template <class E>
Json schema_of(E, const Word&) {
  return words(kWords<E>);
}
template <class E>
Json schema_of(const std::vector<E>&, const WordList&) {
  Json list = list_of(words(kWords<E>));
  list["minItems"] = 1;
  list["uniqueItems"] = true;
  return list;
}

template <class Member>
constexpr bool kMayBeAuto = false;
template <class T>
constexpr bool kMayBeAuto<std::optional<T>> = true;

// As the default is written in a job file, a number where the option is one.
Json value_of(const YamlNode& node, const Json& schema) {
  if (node.kind == YamlNode::Kind::kList) {
    Json list = Json::array();
    for (const YamlNode& item : node.items) list.push_back(item.text);
    return list;
  }
  const std::string type = schema.contains("type") && schema["type"].is_string()
                               ? schema["type"].get<std::string>()
                               : "";
  if (type == "boolean") return node.text == "true";
  if (const auto number = parse_whole(node.text); type == "integer" && number) return *number;
  return node.text;
}

// "politeness.delay: a text; duration, 0 ... 1h", which is what an editor shows.
std::string hover(const OptionText& text) {
  return text.type.empty() ? text.description : fmt::format("{} ({})", text.description, text.type);
}

class SchemaVisitor {
 public:
  SchemaVisitor() {
    for (const OptionText& text : option_texts()) texts_[text.name] = &text;
  }

  void directive(std::string_view key, std::string_view) { add(key, text_type()); }

  template <class Member, class Rule>
  void option(std::string_view key, const Member& member, const Rule& rule, std::string_view) {
    Json schema = schema_of(member, rule);
    if constexpr (kMayBeAuto<Member>) schema = any_of({{{"const", "auto"}}, std::move(schema)});
    add(key, std::move(schema));
  }

  template <class Options>
  void section(std::string_view key, const Options& options, std::string_view) {
    SchemaVisitor inner;
    inner.prefix_ = std::string(key) + ".";
    describe(inner, options);
    add(key, {{"type", {"object", "null"}},
              {"properties", inner.take()},
              {"additionalProperties", false}});
  }

  Json take() { return std::move(properties_); }

 private:
  void add(std::string_view key, Json schema) {
    const OptionText& text = *texts_.at(prefix_ + std::string(key));
    Json described = {{"description", hover(text)}};
    if (const YamlText value = read_yaml(text.default_value); value.documents.size() == 1) {
      described["default"] = value_of(value.documents.front(), schema);
    }
    described.update(schema);
    properties_[std::string(key)] = std::move(described);
  }

  std::string prefix_;
  std::map<std::string, const OptionText*> texts_;
  Json properties_ = Json::object();
};

Json rule_definition() {
  const Json expressions = reference("expressions");
  Json request = {{"type", "object"},
                  {"description",
                   "a request made of what the page states: {name} in URL and body "
                   "stands for the first value of the expression of that name"},
                  {"properties",
                   {{"get", reference("url")},
                    {"post", reference("url")},
                    {"body", text_type()},
                    {"headers", reference("headers")}}},
                  {"oneOf", {{{"required", {"get"}}}, {{"required", {"post", "body"}}}}},
                  {"additionalProperties", expressions}};
  const Json entry = any_of({text_type(), request});
  Json place = mapping_to(expressions);
  place["description"] = "fields of the place: columns of the table place, tags.KEY, or schema.org";
  place["minProperties"] = 1;
  Json follow = any_of({entry, list_of(entry)});
  follow["description"] = "expressions that yield URLs to fetch, or requests";
  Json when = text_for(check_glob);
  when["description"] = "glob over path and query: the pages the rule is about";
  when["default"] = "**";
  return {{"type", "object"},
          {"properties",
           {{"when", std::move(when)},
            {"each",
             {{"type", "string"}, {"description", "selector or path: one place for each match"}}},
            {"place", std::move(place)},
            {"follow", std::move(follow)}}},
          {"anyOf", {{{"required", {"place"}}}, {{"required", {"follow"}}}}},
          {"additionalProperties", false}};
}

Json definitions() {
  Json expressions = any_of({text_type(), list_of(text_type())});
  expressions["description"] =
      "a selector (h2, a @href), a path (/stores/0/name), a constant (= Bella), with filters (| "
      "re: "
      "PATTERN); of a list, the first that yields something";
  Json urls = list_of(reference("url"));
  urls["minItems"] = 1;
  return {{"url", pattern("^[Hh][Tt][Tt][Pp][Ss]?://[^ ]+$")},
          {"urls", any_of({reference("url"), std::move(urls)})},
          {"duration", pattern("^(0|[0-9]+(\\.[0-9]+)?(ms|s|m|h|d))$")},
          {"size", pattern("^[0-9]+(\\.[0-9]+)?([KMGT]i?)?B?$")},
          {"headers", mapping_to(text_type())},
          {"expressions", std::move(expressions)},
          {"rule", rule_definition()}};
}

}  // namespace
}  // namespace job_file

std::string job_schema() {
  job_file::SchemaVisitor visitor;
  const Job job;
  job_file::describe(visitor, job);
  const job_file::Json schema = {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "A placer job"},
      {"description", "One document of a job file; see placer-job(5)."},
      {"type", "object"},
      {"properties", visitor.take()},
      // What a job extends may name and start it.
      {"anyOf", {{{"required", {"job", "start"}}}, {{"required", {"extends"}}}}},
      {"additionalProperties", false},
      {"$defs", job_file::definitions()}};
  return schema.dump(2) + "\n";
}

}  // namespace placer
