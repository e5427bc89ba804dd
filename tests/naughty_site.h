// The Big List of Naughty Strings as the places, links and redirects of a web site, and a crawl of
// it.
#pragma once

#include <absl/strings/escaping.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/suite.h"
#include "tests/web/server.h"

namespace placer {

using nlohmann::json;

inline const std::filesystem::path kSuite = suite_path("strings/blns.json");
inline constexpr std::array kFormats = {"json-ld", "microdata", "rules"};

inline std::string escaped(std::string_view text) {
  return absl::CHexEscape(std::string(text.substr(0, 160)));
}

// Whether it is UTF-8 without control characters (but line feeds) and bidirectional formatting.
inline bool is_plain(const std::string& text) {
  for (const char c : text) {
    if ((c >= 0 && c < ' ' && c != '\n') || c == '\x7f') return false;
  }
  for (std::size_t at = 0; (at = text.find('\xC2', at)) != std::string::npos; ++at) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return false;
  }
  for (const char* bad : {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b",
                          "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    if (text.find(bad) != std::string::npos) return false;
  }
  using Handler = json::error_handler_t;  // whose ways differ only where it is not UTF-8
  const json value = text;
  return value.dump(-1, ' ', false, Handler::ignore) ==
         value.dump(-1, ' ', false, Handler::replace);
}

// The text as it is in a tree: libgumbo puts U+FFFD for control characters and noncharacters.
inline std::string in_tree(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view rest = text.substr(i);
    const bool is_c1 = byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool is_c0 = byte < ' ' && rest.find_first_of("\t\n\f\r") != 0;
    const bool is_noncharacter =
        rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF");
    if (is_c0 || byte == 0x7F || is_c1 || is_noncharacter) {
      out += "\uFFFD";
      i += is_noncharacter ? 2 : is_c1 ? 1 : 0;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Of an HTML attribute between double quotes.
inline std::string attribute(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&' || c == '"' || c == '<' || c == '\r' || c == '\n') {
      out += "&#" + std::to_string(static_cast<int>(c)) + ';';
    } else {
      out += c;
    }
  }
  return out;
}

inline std::string ref_of(std::string_view format, std::size_t i) {
  return std::string(format) + '-' + std::to_string(i);
}

// What a format has of `text`: escapes in JSON carry everything, markup is trimmed.
inline std::string as_stated(std::string_view format, const std::string& text) {
  if (format == "json-ld") return text;
  const std::string carried = in_tree(text);
  const std::size_t begin = carried.find_first_not_of(" \t\n\f\r");
  if (begin == std::string::npos) return "";
  return carried.substr(begin, carried.find_last_not_of(" \t\n\f\r") + 1 - begin);
}

inline json place_of(const std::string& text, std::size_t i) {
  const double degrees = static_cast<double>(i) / 100;
  return {{"@type", json::array({"CafeOrCoffeeShop", text})},
          {"branchCode", ref_of("json-ld", i)},
          {"name", text},
          {"description", text},
          {"address",
           {{"@type", "PostalAddress"},
            {"streetAddress", text},
            {"addressLocality", text},
            {"addressRegion", text},
            {"postalCode", text},
            {"addressCountry", text}}},
          {"telephone", text},
          {"email", text},
          {"url", text},
          {"image", text},
          {"sameAs", {text, "https://www.facebook.com/" + text}},
          {"brand", text},
          {"openingHours", text},
          {"priceRange", text},
          {"amenityFeature",
           {{"@type", "LocationFeatureSpecification"}, {"name", text}, {"value", true}}},
          {"geo", {{"latitude", 48 + degrees}, {"longitude", 8 + degrees}}}};
}

// A page for each format that lists a place for each string, and one with links made of them.
class NaughtySite {
 public:
  explicit NaughtySite(const std::vector<std::string>& strings) : strings_(strings) {
    std::string graph;
    for (std::size_t i = 0; i < strings.size(); ++i) {
      const std::string text = attribute(strings[i]);
      const bool all_escaped = i % 2 == 0 || in_tree(strings[i]) != strings[i];
      graph += (i > 0 ? ",\n" : "") + place_of(strings[i], i).dump(-1, ' ', all_escaped);
      microdata_ += "<div itemscope itemtype='https://schema.org/Restaurant'><meta itemprop=name" +
                    (" content=\"" + text) +
                    "\"><meta itemprop=branchCode content=" + ref_of("microdata", i) + "><h2>" +
                    text + "</h2></div>\n";
      rules_ += "<li data-name=\"" + text + "\" data-ref=" + ref_of("rules", i) + ">" + text + "\n";
      links_ += "<a href=\"" + text + "\">" + text + "</a>\n";
    }
    for (std::size_t at = 0; (at = graph.find('<', at)) != std::string::npos;) {
      graph.replace(at, 1, "\\u003c");
    }
    json_ld_ =
        "<script type='application/ld+json'>{\"@context\": \"https://schema.org\", \"@graph\": [" +
        graph + "]}</script>";
    for (const char* format : kFormats) links_ += std::string("<a href='/") + format + "'>x</a>\n";
    for (std::size_t i = 0; i < strings.size(); ++i) {
      const bool odd = std::ranges::any_of(strings[i], [](char c) { return c < ' ' && c >= 0; });
      if (odd) links_ += "<a href='/go/" + std::to_string(i) + "'>x</a>\n";
    }
  }

  web::Reply answer(const web::WebRequest& request) const {
    web::Reply reply;
    reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
    if (request.target == "/") {
      reply.body = "<!doctype html><title>\x1b[35;7mred\u202e</title>" + links_;
    } else if (request.target == "/json-ld") {
      reply.body = json_ld_;
    } else if (request.target == "/microdata") {
      reply.body = microdata_;
    } else if (request.target == "/rules") {
      reply.body = "<ul>" + rules_ + "</ul>";
    } else if (request.target.starts_with("/go/")) {
      reply.status = 302;
      reply.headers.emplace_back("Location",
                                 "/to/" + strings_[std::stoul(request.target.substr(4))]);
    } else {
      reply.status = 404;
    }
    return reply;
  }

 private:
  std::string json_ld_, microdata_, rules_, links_;
  std::vector<std::string> strings_;
};

// The site, crawled twice: the first run logged as text, the second as JSON.
struct Crawl {
  Crawl()
      : strings(json::parse(read_bytes(kSuite)).get<std::vector<std::string>>()),
        site(strings),
        server([this](const web::WebRequest& request) { return site.answer(request); }) {
    folder.write("job.yaml", loopback_job(server.url("/")) +
                                 "extract:\n  rules:\n    - when: '/rules'\n      each: li\n"
                                 "      place: {name: '@data-name', ref: '@data-ref'}\n"
                                 "storage: {path: places.db}\n");
    text_run = run(
        {"run", "job.yaml", "--backend", "async", "--set", "scope.traps=follow", "--log", "text"});
    json_run = run(
        {"run", "job.yaml", "--backend", "async", "--set", "scope.traps=follow", "--log", "json"});
  }

  ProgramResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), PLACER_BINARY);
    return run_program(arguments, folder.path());
  }

  std::vector<std::string> strings;
  NaughtySite site;
  web::RunningServer server;
  TemporaryFolder folder;
  std::string db = folder / "places.db";
  ProgramResult text_run;
  ProgramResult json_run;
};

}  // namespace placer
