#include "scraper/cli/roff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace placer::cli {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";  // a hyphen that can be copied into a shell
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '^') {
      out += "\\(ha";
    } else if (c == '~') {
      out += "\\(ti";
    } else {
      out += c;
    }
  }
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

}  // namespace

ManualPage::ManualPage(std::string_view name, int section, std::string_view release,
                       std::string_view what)
    : out_(fmt::format(".TH {} {} \"\" \"{}\" \"{}\"\n.nh\n.ad l\n.SH NAME\n{} \\- {}\n",
                       escaped(upper(name)), section, release,
                       section == 1 ? "User Commands" : "File Formats", escaped(name),
                       escaped(what))) {}

void ManualPage::section(std::string_view title) {
  out_ += fmt::format(".SH \"{}\"\n", escaped(upper(title)));
}

void ManualPage::subsection(std::string_view title) {
  out_ += fmt::format(".SS \"{}\"\n", escaped(title));
}

void ManualPage::paragraph(std::string_view text) {
  out_ += fmt::format(".PP\n{}\n", escaped(text));
}

void ManualPage::item(std::string_view name, std::string_view text) {
  out_ += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(name), escaped(text));
}

void ManualPage::example(std::string_view lines) {
  out_ += fmt::format(".PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", escaped(lines));
}

}  // namespace placer::cli
