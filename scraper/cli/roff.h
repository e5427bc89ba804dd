// A manual page in the language of man(7), read by groff and mandoc.
#pragma once

#include <string>
#include <string_view>

namespace placer::cli {

// Texts are plain; what roff would take for its own is escaped.
class ManualPage {
 public:
  // `section`: 1 for commands, 5 for file formats. `release`: "placer 1.2.3".
  ManualPage(std::string_view name, int section, std::string_view release, std::string_view what);

  void section(std::string_view title);
  void subsection(std::string_view title);
  void paragraph(std::string_view text);
  void item(std::string_view name, std::string_view text);  // `name` in bold, text indented below
  void example(std::string_view lines);                     // as it stands, in a fixed width

  const std::string& text() const { return out_; }

 private:
  std::string out_;
};

}  // namespace placer::cli
