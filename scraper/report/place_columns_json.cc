#include "scraper/report/place_columns_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "storage/place_columns.h"

namespace placer {
namespace {

void append_value(std::string& out, const std::string& text) { out += json_text(text); }
void append_value(std::string& out, double number) { out += nlohmann::json(number).dump(); }
void append_value(std::string& out, std::int64_t number) { out += std::to_string(number); }

}  // namespace

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::size_t TextTable::index_of(const std::string& text) {
  const auto [entry, added] = indices_.try_emplace(text, indices_.size());
  if (added) {
    if (!json_.empty()) json_ += ',';
    json_ += json_text(text);
  }
  return entry->second;
}

PlaceColumns::PlaceColumns() {
  for (const std::string& name : place_field_names()) columns_.push_back({name, {}, false});
  for (const char* name :
       {"id", "first_seen", "last_seen", "missing_since", "gone_since", "completeness"}) {
    columns_.push_back({name, {}, false});
  }
}

template <class T>
void PlaceColumns::put(std::size_t column, const T& value) {
  std::string& values = columns_[column].values;
  if (count_ > 0) values += ',';
  if (!value) {
    values += "null";
    return;
  }
  columns_[column].stated = true;
  append_value(values, *value);
}

void PlaceColumns::add(const ReportedPlace& place) {
  std::size_t column = 0;
  for_each_field([&](const char*, const auto& value) { put(column++, value); }, place.place);
  put(column++, std::optional(std::to_string(place.id)));  // exceeds what doubles hold
  put(column++, std::optional(place.first_seen));
  put(column++, std::optional(place.last_seen));
  put(column++, place.missing_since);
  put(column++, place.gone_since);
  put(column++, std::optional(place.completeness));
  if (count_ > 0) origins_ += ',';
  origins_ += '[';
  const char* separator = "";
  for (const FieldOrigin& origin : place.origins) {
    origins_ +=
        fmt::format("{}{},{},{},{}", separator, urls_.index_of(origin.url),
                    formats_.index_of(origin.format), paths_.index_of(origin.path), origin.fields);
    separator = ",";
  }
  origins_ += ']';
  ++count_;
}

std::string PlaceColumns::json() const {
  std::string out = fmt::format(R"({{"count":{},"fields":)", count_);
  out += nlohmann::json(place_field_names()).dump();
  out += R"(,"columns":{)";
  const char* separator = "";
  for (const Column& column : columns_) {
    if (!column.stated) continue;
    out += fmt::format("{}\"{}\":[", separator, column.name);
    out += column.values;
    out += ']';
    separator = ",";
  }
  out += R"(},"origins":{"urls":)" + urls_.json();
  out += R"(,"formats":)" + formats_.json();
  out += R"(,"paths":)" + paths_.json();
  out += R"(,"of":[)";
  out += origins_;
  out += "]}}";
  return out;
}

}  // namespace placer
