// Rows for people: columns under each other, no wider than the terminal.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace placer::cli {

// Columns that a text takes on a terminal: wide characters (East Asian, emoji) two, combining marks
// none. REQUIRES: the text is printable() (terminal.h).
std::size_t display_width(std::string_view text);

// Cut to `columns` of a terminal, with an ellipsis at the end when something is missing.
std::string fitted(std::string_view text, std::size_t columns);

// Columns for a table on standard output: the terminal's width; npos when it goes elsewhere, where
// nothing is to be cut.
std::size_t table_width();

struct TableColumn {
  std::string title;
  bool right = false;  // numbers
};

// Shows rows when it knows how wide they are: after the first thousand, or at the end. Cells are
// web text; they are escaped here. Where the columns do not fit, the widest are cut, and the last
// ones left out when even twelve characters each are too many.
class Table {
 public:
  Table(std::vector<TableColumn> columns, std::size_t width, bool colour, std::FILE* out);

  void row(std::vector<std::string> cells);  // as many as columns; missing ones are empty
  void end();

 private:
  void lay_out();
  void show(const std::vector<std::string>& cells, bool heading) const;

  std::vector<TableColumn> columns_;
  std::size_t width_;
  bool colour_;
  std::FILE* out_;
  std::vector<std::vector<std::string>> waiting_;
  std::vector<std::size_t> widths_;  // of the columns shown
  bool laid_out_ = false;
};

}  // namespace placer::cli
