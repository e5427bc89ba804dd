// All places of a report as columns: {"count", "fields", "columns", "origins"}.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/report.h"

namespace placer {

// A list of texts without duplicates, as JSON.
class TextTable {
 public:
  std::size_t index_of(const std::string& text);  // adds it where it is new
  std::string json() const { return '[' + json_ + ']'; }

 private:
  std::unordered_map<std::string, std::size_t> indices_;
  std::string json_;
};

// Columns take a third of what objects would, and a reader builds them in one go. A column that no
// place has is left out; one whose values recur is {"texts", "of"}, where `of` has for each place
// the index of its text, or null. Origins are numbers: for each place url, format, path and fields
// (bits), as often as it has origins; the first three are indices into tables.
class PlaceColumns {
 public:
  PlaceColumns();

  void add(const ReportedPlace& place);
  std::uint64_t count() const { return count_; }
  std::string json() const;

 private:
  struct Column {
    std::string name;
    bool recurs = false;
    std::string values{};  // JSON, joined by commas; indices of `texts` where they recur
    TextTable texts{};
    bool stated = false;
  };

  template <class T>
  void put(std::size_t number, const T& value);

  std::vector<Column> columns_;
  TextTable urls_;
  TextTable formats_;
  TextTable paths_;
  std::string origins_;
  std::uint64_t count_ = 0;
};

// `text` as a JSON string; bytes that are not UTF-8 become U+FFFD.
std::string json_text(std::string_view text);

}  // namespace placer
