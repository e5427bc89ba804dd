#include "scraper/report/place_columns_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>

#include "storage/place_columns.h"

namespace placer {
namespace {

constexpr std::array<std::string_view, 11> kRecurring = {
    "category",     "schema_type",   "brand",       "addr_street", "addr_city", "addr_state",
    "addr_country", "opening_hours", "price_range", "first_seen",  "last_seen"};

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
  const auto add_column = [this](const std::string& name) {
    columns_.push_back({name, std::ranges::find(kRecurring, name) != kRecurring.end()});
  };
  for (const std::string& name : place_field_names()) add_column(name);
  for (const char* name :
       {"id", "first_seen", "last_seen", "missing_since", "gone_since", "completeness"}) {
    add_column(name);
  }
}

template <class T>
void PlaceColumns::put(std::size_t number, const T& value) {
  Column& column = columns_[number];
  if (count_ > 0) column.values += ',';
  if (!value) {
    column.values += "null";
    return;
  }
  column.stated = true;
  if constexpr (std::is_same_v<T, std::optional<std::string>>) {
    if (column.recurs) {
      column.values += std::to_string(column.texts.index_of(*value));
      return;
    }
  }
  append_value(column.values, *value);
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
    out += fmt::format("{}\"{}\":", separator, column.name);
    if (column.recurs) out += "{\"texts\":" + column.texts.json() + ",\"of\":";
    out += '[' + column.values + ']';
    if (column.recurs) out += '}';
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
