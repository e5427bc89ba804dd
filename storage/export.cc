#include "storage/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "storage/all_the_places.h"
#include "storage/csv.h"
#include "storage/database_file.h"
#include "storage/moment.h"
#include "storage/place_columns.h"

namespace placer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kRowsBetweenReports = 500;
constexpr std::size_t kChunk = 64 << 10;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Columns that hold a JSON object become JSON, not text with JSON in it.
Json nested(std::string_view column, const std::optional<std::string>& text) {
  if (column == "socials" || column == "tags") {
    Json parsed = Json::parse(*text, nullptr, false);
    if (is_flat_object(parsed)) return parsed;
  }
  return *text;
}
Json nested(std::string_view, const auto& value) { return *value; }

// Writes rows of one format to a stream in chunks.
class Exporter {
 public:
  Exporter(ExportFormat format, const ExportOptions& options, std::string spider, std::ostream& out)
      : format_(format), options_(options), spider_(std::move(spider)), out_(out) {
    const auto& columns = export_columns();
    for (const std::string& name : options.columns.names()) {
      order_.push_back(static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) -
                                                columns.begin()));
    }
  }

  void begin() {
    if (format_ == ExportFormat::kCsv) {
      text_ += fmt::format("{}\r\n", fmt::join(options_.columns.names(), ","));
    } else if (format_ == ExportFormat::kGeojson) {
      const Json attributes = {{"@spider", spider_}};
      text_ += R"({"type":"FeatureCollection","dataset_attributes":)" + dump(attributes) +
               R"(,"features":[)";
    }
  }

  void row(const ExportedPlace& place) {
    switch (format_) {
      case ExportFormat::kCsv:
        csv(place);
        break;
      case ExportFormat::kJsonl:
        text_ += dump(object(place)) + '\n';
        break;
      case ExportFormat::kGeojson:
        text_ += rows_ == 0 ? "\n" : ",\n";
        text_ += dump(feature_of(place, spider_, options_.columns));
        break;
      case ExportFormat::kNdgeojson:
        text_ += dump(feature_of(place, spider_, options_.columns)) + '\n';
        break;
    }
    ++rows_;
    if (text_.size() >= kChunk) write();
    if (options_.progress && rows_ % kRowsBetweenReports == 0) options_.progress(rows_);
  }

  std::uint64_t end() {
    if (format_ == ExportFormat::kGeojson) text_ += "\n]}\n";
    write();
    out_.flush();
    return rows_;
  }

 private:
  void csv(const ExportedPlace& place) {
    cells_.clear();
    for_each_column(
        [this](std::string_view name, const auto& value) {
          using T = typename std::remove_cvref_t<decltype(value)>::value_type;
          if (!value) {
            cells_.emplace_back();
          } else if constexpr (std::is_arithmetic_v<T>) {
            cells_.push_back(fmt::format("{}", *value));
          } else {
            cells_.push_back(options_.raw || name == "id" ? csv_cell_raw(*value)
                                                          : csv_cell(*value));
          }
        },
        place);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (i > 0) text_ += ',';
      text_ += cells_[order_[i]];
    }
    text_ += "\r\n";
  }

  Json object(const ExportedPlace& place) const {
    Json all = Json::object();
    for_each_column(
        [&all](const char* name, const auto& value) {
          if (value) all[name] = nested(name, value);
        },
        place);
    if (options_.columns.all()) return all;
    Json some = Json::object();
    for (const std::string& name : options_.columns.names()) {
      if (all.contains(name)) some[name] = std::move(all[name]);
    }
    return some;
  }

  void write() {
    out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    text_.clear();
  }

  ExportFormat format_;
  const ExportOptions& options_;
  std::string spider_;
  std::ostream& out_;
  std::vector<std::size_t> order_;  // of the wanted columns among all of them
  std::vector<std::string> cells_;
  std::string text_;
  std::uint64_t rows_ = 0;
};

// Columns as select_places() gives them: the distance first.
ExportedPlace read_exported(const Statement& row) {
  const auto fields = static_cast<int>(place_field_names().size());
  return {row.string(1),          read_place(row, 2),     row.optional_string(fields + 2),
          row.string(fields + 3), row.string(fields + 4), row.optional_string(fields + 5),
          row.real(fields + 6)};
}

Result<std::unique_ptr<Database>> open_with_functions(const std::string& path) {
  auto db = open_for_reading(path);
  if (!db) return db;
  add_geo_functions(**db);
  add_hours_functions(**db);
  return db;
}

std::string job_of(Database& db) {
  Statement row(db, "SELECT job FROM meta", "reading the job's name");
  std::string job = row.first() ? row.string(0) : "";
  row.reset();
  return job;
}

}  // namespace

std::optional<ExportFormat> export_format_of(std::string_view name) {
  if (name == "csv") return ExportFormat::kCsv;
  if (name == "jsonl") return ExportFormat::kJsonl;
  if (name == "geojson") return ExportFormat::kGeojson;
  if (name == "ndgeojson") return ExportFormat::kNdgeojson;
  return std::nullopt;
}

std::optional<ExportFormat> export_format_of_file(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, ExportFormat>, 7> kEndings = {
      {{".csv", ExportFormat::kCsv},
       {".jsonl", ExportFormat::kJsonl},
       {".ndjson", ExportFormat::kJsonl},
       {".geojson", ExportFormat::kGeojson},
       {".ndgeojson", ExportFormat::kNdgeojson},
       {".geojsonl", ExportFormat::kNdgeojson},
       {".geojsons", ExportFormat::kNdgeojson}}};
  for (const auto& [ending, format] : kEndings) {
    if (path.ends_with(ending)) return format;
  }
  return std::nullopt;
}

const std::vector<std::string>& export_columns() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for_each_column([&list](const char* name, const auto&) { list.emplace_back(name); },
                    ExportedPlace{});
    return list;
  }();
  return names;
}

bool ColumnChoice::has(std::string_view name) const {
  return all() || std::find(names_.begin(), names_.end(), name) != names_.end();
}

Result<std::uint64_t> export_places(const std::string& db, ExportFormat format, std::ostream& out,
                                    const ExportOptions& options) {
  auto opened = open_with_functions(db);
  if (!opened) return tl::unexpected(opened.error());
  const std::string columns = "p.id, " + place_field_list("p.") +
                              ", p.source_url, p.first_seen, p.last_seen, p.gone_since,"
                              " p.completeness";
  const PlaceSelect select = select_places(options.places, columns, PlaceOrder::kId);
  Exporter exporter(format, options, job_of(**opened), out);
  Statement rows(**opened, select.sql, "reading the places");
  exporter.begin();
  select.bind(rows);
  while (out && rows.next()) exporter.row(read_exported(rows));
  const std::uint64_t count = exporter.end();
  rows.reset();
  if (auto status = (*opened)->status(); !status) return tl::unexpected(status.error());
  if (!out) return fail(ErrorCode::kStorage, db + ": exporting: the output cannot be written");
  return count;
}

Result<std::uint64_t> count_places(const std::string& db, const PlaceQuery& places) {
  auto opened = open_with_functions(db);
  if (!opened) return tl::unexpected(opened.error());
  const PlaceSelect select = select_places(places, "p.id", PlaceOrder::kId);
  std::uint64_t count = 0;
  {
    Statement row(**opened, "SELECT count(*) FROM (" + select.sql + ")", "counting the places");
    select.bind(row);
    if (row.next()) count = row.count(0);
  }
  if (auto status = (*opened)->status(); !status) return tl::unexpected(status.error());
  return count;
}

}  // namespace placer
