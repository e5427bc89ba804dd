// The HTML around places: what pages consist of besides what a scraper wants.
#include "tests/web/markup.h"

namespace placer::web {
namespace {

constexpr std::string_view kStyle =
    "<style>\n:root{--ink:#222;--paper:#fff}\nbody{font:16px/1.5 sans-serif;color:var(--ink)}\n"
    ".card>h3{margin:0 0 .5rem}\n@media(min-width:60rem){main{display:grid;gap:1rem}}\n</style>\n";

constexpr std::string_view kScript =
    "<script>\nwindow.dataLayer=window.dataLayer||[];function tag(){dataLayer.push(arguments)}\n"
    "tag('js',new Date());if(1<2&&3>2){document.documentElement.className+=' js'}\n"
    "var t='<a href=\"/not-a-link\">';\n</script>\n";

bool spaced(Language language) { return language != Language::kJa && language != Language::kZh; }

void append_words(std::string& out, Language language, std::size_t count, Rng& rng) {
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && spaced(language)) out += ' ';
    out += rng.pick(words(language));
  }
}

void append_paragraph(std::string& out, Language language, Rng& rng) {
  out += "<p class=\"text\">";
  append_words(out, language, 12 + rng.below(20), rng);
  out += " <em>";
  append_words(out, language, 2, rng);
  out += "</em>, <strong>";
  append_words(out, language, 3, rng);
  out += "</strong>.</p>\n";
}

void append_list(std::string& out, Language language, Rng& rng) {
  out += "<ul class=\"facts\">\n";
  for (std::size_t i = 0, count = 3 + rng.below(5); i < count; ++i) {
    out += "<li>";
    append_words(out, language, 4, rng);
    out += "</li>\n";
  }
  out += "</ul>\n";
}

void append_table(std::string& out, Language language, Rng& rng) {
  out += "<table><thead><tr><th>#</th><th>";
  append_words(out, language, 1, rng);
  out += "</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0, count = 3 + rng.below(6); i < count; ++i) {
    out += "<tr><td>" + std::to_string(i + 1) + "</td><td><span>";
    append_words(out, language, 3, rng);
    out += "</span></td></tr>\n";
  }
  out += "</tbody></table>\n";
}

void append_script(std::string& out, Rng& rng) {
  out += "<script>\nvar parts=[";
  for (std::size_t i = 0, count = 20 + rng.below(60); i < count; ++i) {
    out += "{id:" + std::to_string(rng.below(100'000)) + ",on:function(e){return e<" +
           std::to_string(rng.below(100)) + "&&!this.off}},\n";
  }
  out += "];\n</script>\n";
}

void append_style(std::string& out, Rng& rng) {
  out += "<style>\n";
  for (std::size_t i = 0, count = 10 + rng.below(30); i < count; ++i) {
    out += ".c" + std::to_string(rng.below(1000)) + ">a{padding:0 " +
           std::to_string(rng.below(32)) + "px;color:#" + std::to_string(100 + rng.below(900)) +
           "}\n";
  }
  out += "</style>\n";
}

void append_drawing(std::string& out, Rng& rng) {
  out += "<svg viewBox=\"0 0 100 100\" aria-hidden=\"true\"><path d=\"M0 0";
  for (std::size_t i = 0, count = 20 + rng.below(80); i < count; ++i) {
    out += "L" + std::to_string(rng.below(100)) + " " + std::to_string(rng.below(100));
  }
  out += "z\"/></svg>\n";
}

void append_prose(std::string& out, Language language, Rng& rng) {
  out += "<p>";
  append_words(out, language, 60 + rng.below(120), rng);
  out += "</p>\n";
}

void append_bulk(std::string& out, Language language, Rng& rng) {
  switch (rng.below(5)) {
    case 0:
      return append_script(out, rng);
    case 1:
      return append_style(out, rng);
    case 2:
      return append_drawing(out, rng);
    default:
      return append_prose(out, language, rng);
  }
}

}  // namespace

std::string anchor(std::string_view href, std::string_view text) {
  return "<a href=\"" + escape_html(href) + "\">" + escape_html(text) + "</a>";
}

std::string filler(Language language, std::size_t bytes, Rng& rng, bool bulk) {
  std::string out;
  out.reserve(bytes + 1024);
  while (out.size() < bytes) {
    if (bulk && rng.chance(0.45)) append_bulk(out, language, rng);
    switch (rng.below(6)) {
      case 0:
        append_list(out, language, rng);
        break;
      case 1:
        append_table(out, language, rng);
        break;
      case 2:
        out += "<!-- block " + std::to_string(rng.below(1000)) + ": <a href=\"/comment\"> -->\n";
        break;
      default:
        append_paragraph(out, language, rng);
        break;
    }
  }
  return out;
}

std::string html(const Document& document) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"" + document.language + "\">\n<head>\n";
  if (!document.charset.empty()) out += "<meta charset=\"" + document.charset + "\">\n";
  out += "<title>" + escape_html(document.title) + "</title>\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<meta name=\"description\" content=\"" + escape_html(document.title) + "\">\n";
  if (!document.canonical.empty()) {
    out += "<link rel=\"canonical\" href=\"" + escape_html(document.canonical) + "\">\n";
  }
  out.append(kStyle).append(kScript).append(document.head);
  out += "</head>\n<body>\n<header><nav><ul><li>" + anchor(document.home, "Start") +
         "</li></ul></nav></header>\n<main>\n";
  out += document.main;
  out += "</main>\n<footer><p>&copy; 2024 &middot; generated</p></footer>\n</body>\n</html>\n";
  return out;
}

}  // namespace placer::web
