#include "storage/table_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "storage/database_file.h"
#include "storage/sqlite.h"

namespace placer {
namespace {

struct ComparedTable {
  std::string_view name;
  std::vector<std::string_view> key;       // unique
  std::vector<std::string_view> left_out;  // beside what time_columns() says
};

const std::vector<ComparedTable>& tables() {
  static const std::vector<ComparedTable> all{
      {"place", {"id"}, {}},
      {"observation", {"url", "format", "path"}, {"id", "page"}},
      // `address`: a host may have several. `found_on` and what follows from it: see the header.
      // `pass`, `checks`, `changes`: how often it was looked at, as by a pass after one that
      // failed.
      {"page",
       {"url"},
       {"id", "address", "found_on", "depth", "redirects", "pass", "checks", "changes"}},
      {"place_source", {"place_id", "field"}, {}},
      {"filtered", {"reason"}, {"example"}}};
  return all;
}

// Of these only that they are set can be compared.
bool is_state_by_time(std::string_view column) { return column.ends_with("_since"); }

bool is_time(std::string_view column) {
  constexpr std::array kEndings{"_at", "_ms", "_us", "_seen", "_due", "_fetched", "_changed"};
  return std::ranges::any_of(kEndings, [&](const char* end) { return column.ends_with(end); });
}

using Row = std::vector<std::optional<std::string>>;  // key columns first

// A table's rows in order of key.
class Rows {
 public:
  Rows(Database& db, const ComparedTable& table, const std::vector<std::string>& columns)
      : statement_(db, query(table, columns), "comparing databases"),
        keys_(table.key.size()),
        columns_(static_cast<int>(table.key.size() + columns.size())) {
    read(statement_.first());
  }

  // nullptr: after the last.
  const Row* row() const { return there_ ? &row_ : nullptr; }
  void next() { read(statement_.next()); }

  std::string key() const {
    std::string text;
    for (std::size_t i = 0; i < keys_; ++i) {
      text += (i == 0 ? "" : ", ") + row_[i].value_or("");
    }
    return text;
  }

  // < 0: this one's key comes first.
  int order(const Rows& other) const {
    if (!there_ || !other.there_) return there_ ? -1 : 1;
    for (std::size_t i = 0; i < keys_; ++i) {
      const int order = row_[i].value_or("").compare(other.row_[i].value_or(""));
      if (order != 0) return order;
    }
    return 0;
  }

 private:
  static std::string query(const ComparedTable& table, const std::vector<std::string>& columns) {
    std::string selected;
    std::string order;
    for (const std::string_view key : table.key) {
      selected += fmt::format("{}CAST({} AS TEXT)", selected.empty() ? "" : ", ", key);
      order += fmt::format("{}CAST({} AS TEXT)", order.empty() ? "" : ", ", key);
    }
    for (const std::string& column : columns) {
      selected += is_state_by_time(column)
                      ? fmt::format(", CASE WHEN {} IS NOT NULL THEN 'set' END", column)
                      : ", " + column;
    }
    return fmt::format("SELECT {} FROM {} ORDER BY {}", selected, table.name, order);
  }

  void read(bool there) {
    there_ = there;
    row_.clear();
    for (int i = 0; there && i < columns_; ++i) row_.push_back(statement_.optional_string(i));
  }

  Statement statement_;
  std::size_t keys_;
  int columns_;
  bool there_ = false;
  Row row_;
};

// Beside the key, what of a row is compared.
std::vector<std::string> compared_columns(Database& db, const ComparedTable& table) {
  std::vector<std::string> columns;
  Statement names(db, "SELECT name FROM pragma_table_info(?1)", "reading a table's columns");
  for (bool row = names.first(table.name); row; row = names.next()) {
    const std::string name = names.string(0);
    if (is_time(name) || std::ranges::count(table.key, name) > 0 ||
        std::ranges::count(table.left_out, name) > 0) {
      continue;
    }
    columns.push_back(name);
  }
  return columns;
}

std::optional<DifferingRow> differing(const Rows& first, const Rows& second,
                                      const std::vector<std::string>& columns) {
  const int order = first.order(second);
  if (order < 0) return DifferingRow{first.key(), "", "", std::nullopt};
  if (order > 0) return DifferingRow{second.key(), "", std::nullopt, ""};
  const std::size_t keys = first.row()->size() - columns.size();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& a = (*first.row())[keys + i];
    const auto& b = (*second.row())[keys + i];
    if (a != b) return DifferingRow{first.key(), columns[i], a, b};
  }
  return std::nullopt;
}

TableDifference compare_table(Database& first, Database& second, const ComparedTable& table,
                              std::size_t examples) {
  TableDifference difference{std::string(table.name), 0, {}};
  const auto columns = compared_columns(first, table);
  Rows a(first, table, columns);
  Rows b(second, table, columns);
  while (a.row() != nullptr || b.row() != nullptr) {
    const int order = a.order(b);
    if (auto row = differing(a, b, columns)) {
      ++difference.rows;
      if (difference.examples.size() < examples) difference.examples.push_back(std::move(*row));
    }
    if (order <= 0) a.next();
    if (order >= 0) b.next();
  }
  return difference;
}

}  // namespace

std::vector<std::string_view> compared_tables() {
  std::vector<std::string_view> names;
  for (const ComparedTable& table : tables()) names.push_back(table.name);
  return names;
}

Result<std::vector<TableDifference>> compare_databases(const std::string& first,
                                                       const std::string& second,
                                                       std::size_t examples) {
  auto a = open_for_reading(first);
  if (!a) return tl::unexpected(a.error());
  auto b = open_for_reading(second);
  if (!b) return tl::unexpected(b.error());
  std::vector<TableDifference> differences;
  for (const ComparedTable& table : tables()) {
    auto difference = compare_table(**a, **b, table, examples);
    if (difference.rows > 0) differences.push_back(std::move(difference));
  }
  for (Database* db : {a->get(), b->get()}) {
    if (auto status = db->status(); !status) return tl::unexpected(status.error());
  }
  return differences;
}

}  // namespace placer
