#include "storage/place_columns.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <nlohmann/json.hpp>
#include <type_traits>

namespace placer {
namespace {

using Json = nlohmann::json;

template <class T>
T column(const Statement& statement, int index) {
  if constexpr (std::is_same_v<T, std::string>) {
    return statement.string(index);
  } else if constexpr (std::is_same_v<T, double>) {
    return statement.real(index);
  } else {
    static_assert(std::is_same_v<T, std::int64_t>);
    return statement.integer(index);
  }
}

}  // namespace

const std::vector<std::string>& place_field_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    const Place place;
    for_each_field([&list](const char* name, const auto&) { list.emplace_back(name); }, place);
    return list;
  }();
  return names;
}

std::string place_field_list(std::string_view prefix, std::string_view suffix) {
  std::string list;
  for (const std::string& name : place_field_names()) {
    fmt::format_to(std::back_inserter(list), "{}{}{}{}", list.empty() ? "" : ", ", prefix, name,
                   suffix);
  }
  return list;
}

std::string parameters(std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) list += list.empty() ? "?" : ", ?";
  return list;
}

void add_place(Statement& statement, const Place& place) {
  for_each_field([&statement](const char*, const auto& value) { statement.add(value); }, place);
}

Place read_place(const Statement& statement, int first) {
  Place place;
  int index = first;
  for_each_field(
      [&](const char*, auto& value) {
        using T = typename std::remove_reference_t<decltype(value)>::value_type;
        if (!statement.is_null(index)) value = column<T>(statement, index);
        ++index;
      },
      place);
  return place;
}

std::string place_json(const Place& place) {
  Json object = Json::object();
  for_each_field(
      [&object](const char* name, const auto& value) {
        if (value) object[name] = *value;
      },
      place);
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Place place_of_json(std::string_view json) {
  thread_local simdjson::dom::parser parser;
  Place place;
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) return place;
  for_each_field(
      [&object](const char* name, auto& value) {
        using T = typename std::remove_reference_t<decltype(value)>::value_type;
        using Read = std::conditional_t<std::is_same_v<T, std::string>, std::string_view, T>;
        Read read;
        if (object[name].get(read) == simdjson::SUCCESS) value = T(read);
      },
      place);
  return place;
}

}  // namespace placer
