// The documents of extruct and schema.org, against what other readers find in them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scraper/extract/json_ld.h"
#include "scraper/extract/microdata/microdata.h"
#include "scraper/extract/opengraph/opengraph.h"
#include "scraper/extract/rdfa/rdfa.h"
#include "scraper/extract/schema/types.h"
#include "tests/suite.h"

namespace placer {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path kStructured = suite_path("structured");

std::optional<Page> parse(const fs::path& file, const std::string& url) {
  auto page = Page::parse(read_bytes(file),
                          {.url = url,
                           .content_type = "",
                           .link_headers = {},
                           .robots_headers = {},
                           .user_agent = "placer"},
                          {});
  if (!page) return std::nullopt;
  return std::move(*page);
}

// One form for all: types and values in lists, white space collapsed, the text of items left out.
json normalized(const json& value) {
  if (value.is_string()) return collapsed(value.get<std::string>());
  if (value.is_array()) {
    json out = json::array();
    for (const json& element : value) out.push_back(normalized(element));
    return out;
  }
  if (!value.is_object()) return value;
  json out = json::object();
  for (const auto& [key, member] : value.items()) {
    if (key == "textContent") continue;
    if (key == "properties") {
      for (const auto& [name, values] : member.items()) {
        const json list = normalized(values);
        out["properties"][name] = list.is_array() ? list : json::array({list});
      }
    } else if (key == "type") {
      const json list = normalized(member);
      out["type"] = list.is_array() ? list : json::array({list});
    } else {
      out[key] = normalized(member);
    }
  }
  return out;
}

// The form lists-flat: every item at the top, by number, in the order they begin.
json flattened(const json& items) {
  json out = json::array();
  const auto flatten = [&out](const auto& self, const json& item) -> std::size_t {
    const std::size_t number = out.size() + 1;
    out.push_back(json::object());
    json flat = item;
    flat["iid"] = number;
    for (auto& [name, values] : flat["properties"].items()) {
      for (json& value : values) {
        if (value.is_object()) value = json{{"iid_ref", self(self, value)}};
      }
    }
    out[number - 1] = flat;
    return number;
  };
  for (const json& item : items) flatten(flatten, item);
  return out;
}

// The form uniform: "@type" and "@context" beside the properties, single values bare.
json uniform(const json& item, bool top) {
  json out = json::object();
  if (item.contains("type")) {
    std::string type = item["type"][0];
    const std::size_t slash = type.rfind('/');
    if (top) out["@context"] = type.substr(0, slash);
    out["@type"] = type.substr(slash + 1);
  }
  for (const char* key : {"id", "value"}) {
    if (item.contains(key)) out[key] = item[key];
  }
  if (!item.contains("properties")) return out;
  for (const auto& [name, values] : item["properties"].items()) {
    json list = json::array();
    for (const json& value : values)
      list.push_back(value.is_object() ? uniform(value, false) : value);
    out[name] = list.size() == 1 ? list[0] : list;
  }
  return out;
}

TEST(StructuredSuiteTest, ReadsExtructsMicrodataAndJsonLd) {
  const fs::path folder = kStructured / "extruct";
  SKIP_WITHOUT(folder);
  Tally tally("structured/extruct");
  for (const json& entry : read_ndjson(folder / "index.ndjson")) {
    const std::string syntax = entry["syntax"];
    if (syntax != "microdata" && syntax != "json-ld") continue;
    // Without a base relative references stay as they are.
    const std::string url = entry["base"].is_string() ? entry["base"] : json("");
    const auto page = parse(folder / entry["html"].get<std::string>(), url);
    ASSERT_TRUE(page);
    const std::string id = std::to_string(entry["id"].get<int>());
    const std::string form = entry.value("form", "");
    json found;
    if (syntax == "json-ld") {
      found = JsonLd().items(*page);
    } else {
      found = normalized(Microdata().items(*page));
    }
    if (entry["expected"].is_null()) {
      const json& product = found.at(0);
      tally.count(found.size() == 1 && product["type"] == json{"http://schema.org/Product"} &&
                      product["properties"]["name"] == json{"Executive Anvil"} &&
                      product["properties"]["offers"][0]["properties"]["price"] == json{"119.99"},
                  id);
      continue;
    }
    json expected = json::parse(read_bytes(folder / entry["expected"].get<std::string>()));
    if (form == "lists-flat") found = flattened(found);
    if (form == "uniform") {
      for (json& item : found) item = uniform(item, true);
      expected = normalized(expected["microdata"]);
    } else if (syntax == "microdata") {
      expected = normalized(expected);
    }
    tally.count(found == expected, id);
    EXPECT_EQ(found, expected) << entry["html"] << "\n" << json::diff(expected, found).dump(1);
  }
  tally.expect_all();
}

// JSON-LD in any order, white space collapsed. A reader of the suite leaves the line break after an
// element in its XML literals twice.
json unordered(const json& value) {
  if (value.is_string()) return collapsed(value.get<std::string>());
  if (!value.is_structured()) return value;
  json out = value;
  for (json& member : out) member = unordered(member);
  if (out.is_array()) std::sort(out.begin(), out.end());
  return out;
}

TEST(StructuredSuiteTest, ReadsExtructsRdfa) {
  const fs::path folder = kStructured / "extruct";
  SKIP_WITHOUT(folder);
  Tally tally("structured/extruct rdfa");
  for (const json& entry : read_ndjson(folder / "index.ndjson")) {
    if (entry["syntax"] != "rdfa") continue;
    const auto page = parse(folder / entry["html"].get<std::string>(), entry["base"]);
    ASSERT_TRUE(page);
    const json found = unordered(Rdfa().items(*page));
    json expected = json::parse(read_bytes(folder / entry["expected"].get<std::string>()));
    expected = unordered(expected.is_array() ? expected : json::array({expected}));
    tally.count(found == expected, std::to_string(entry["id"].get<int>()));
    EXPECT_EQ(found, expected) << entry["html"] << "\n" << json::diff(expected, found).dump(1);
  }
  tally.expect_all();
}

// The form uniform: the first value of each property, the type and the namespaces as keywords.
json uniform_open_graph(const json& item) {
  json out = {{"@context", item["namespace"]}};
  for (const json& property : item["properties"]) {
    const std::string name = property[0] == "og:type" ? "@type" : property[0];
    if (!out.contains(name)) out[name] = property[1];
  }
  return out;
}

TEST(StructuredSuiteTest, ReadsExtructsOpenGraph) {
  const fs::path folder = kStructured / "extruct";
  SKIP_WITHOUT(folder);
  Tally tally("structured/extruct opengraph");
  for (const json& entry : read_ndjson(folder / "index.ndjson")) {
    if (entry["syntax"] != "opengraph") continue;
    const auto page = parse(folder / entry["html"].get<std::string>(), "https://example.org/");
    ASSERT_TRUE(page);
    json found = OpenGraph().items(*page);
    if (entry.value("form", "") == "uniform") {
      for (json& item : found) item = uniform_open_graph(item);
    }
    const json expected = json::parse(read_bytes(folder / entry["expected"].get<std::string>()));
    tally.count(found == expected, std::to_string(entry["id"].get<int>()));
    EXPECT_EQ(found, expected) << entry["html"] << "\n" << json::diff(expected, found).dump(1);
    EXPECT_TRUE(OpenGraph().places(*page).empty());  // articles and a product
  }
  tally.expect_all();
}

// White space collapsed, values of a property as a sorted list, one of one as itself.
json canonical(const json& value) {
  if (value.is_number()) return value.dump();
  if (value.is_string()) return collapsed(value.get<std::string>());
  if (!value.is_array()) return value;
  json list = json::array();
  for (const json& element : value) list.push_back(canonical(element));
  std::sort(list.begin(), list.end());
  return list.size() == 1 ? list[0] : list;
}

std::string last_step(const std::string& url) { return url.substr(url.rfind('/') + 1); }

json hours_specification(const json& value) {
  json list = json::array();
  for (const json& spec : value.is_array() ? value : json::array({value})) {
    json out = json::object();
    if (spec.contains("days")) out["days"] = spec["days"];
    for (const char* key : {"opens", "closes", "validFrom", "validThrough"}) {
      if (spec.contains(key)) out[key] = canonical(spec[key]);
    }
    if (spec.contains("dayOfWeek")) {
      json days = json::array();
      const json& written = spec["dayOfWeek"];
      for (const json& day : written.is_array() ? written : json::array({written})) {
        days.push_back(last_step(day.is_object() ? day.value("@id", "") : day.get<std::string>()));
      }
      out["days"] = days;
    }
    list.push_back(out);
  }
  std::sort(list.begin(), list.end());
  return list;
}

// The fields of a place as the suite's records have them.
json record_of(const json& fields) {
  json record = json::object();
  json types = fields["@type"];
  std::sort(types.begin(), types.end());
  record["type"] = types;
  for (const char* key : {"name", "telephone", "email", "openingHours", "priceRange",
                          "currenciesAccepted", "paymentAccepted"}) {
    if (fields.contains(key)) record[key] = canonical(fields[key]);
  }
  const auto take = [&](const char* holder, std::initializer_list<const char*> keys) {
    if (!fields.contains(holder) || !fields[holder].is_object()) return;
    for (const char* key : keys) {
      const json& held = fields[holder];
      if (held.contains(key) && !held[key].is_object()) record[key] = canonical(held[key]);
      if (held.contains(key) && held[key].is_object() && held[key].contains("name")) {
        record[key] = canonical(held[key]["name"]);
      }
    }
  };
  take("address",
       {"streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"});
  take("aggregateRating", {"ratingValue", "reviewCount"});
  take("geo", {"latitude", "longitude"});
  if (fields.contains("address") && fields["address"].is_string()) {
    record["address"] = canonical(fields["address"]);
  }
  if (fields.contains("openingHoursSpecification")) {
    record["openingHoursSpecification"] = hours_specification(fields["openingHoursSpecification"]);
  }
  return record;
}

json sorted_records(const std::vector<RawPlace>& places) {
  json records = json::array();
  for (const RawPlace& place : places) {
    const json& types = place.fields["@type"];
    const bool business = std::any_of(types.begin(), types.end(), [](const json& type) {
      return is_local_business(type.get<std::string>());
    });
    if (business) records.push_back(record_of(place.fields));
  }
  std::sort(records.begin(), records.end());
  return records;
}

TEST(StructuredSuiteTest, FindsSchemaOrgsExamplePlacesInEverySyntax) {
  const fs::path folder = kStructured / "schema_org";
  SKIP_WITHOUT(folder);
  Tally tally("structured/schema_org");
  for (const json& entry : read_ndjson(folder / "index.ndjson")) {
    json expected = json::array();
    for (json record : entry["records"]) {
      for (auto& [key, value] : record.items()) {
        if (key == "openingHoursSpecification") value = hours_specification(value);
      }
      expected.push_back(record);
    }
    std::sort(expected.begin(), expected.end());
    for (const std::string syntax : entry["agree"]) {
      const auto page =
          parse(folder / entry["files"][syntax].get<std::string>(), "http://example.com/page");
      ASSERT_TRUE(page);
      const json found = sorted_records(syntax == "jsonld" ? JsonLd().places(*page)
                                        : syntax == "rdfa" ? Rdfa().places(*page)
                                                           : Microdata().places(*page));
      tally.count(found == expected, entry["files"][syntax]);
      EXPECT_EQ(found, expected) << entry["files"][syntax];
    }
  }
  tally.expect_all();
}

TEST(StructuredSuiteTest, KnowsSchemaOrgsClassTree) {
  const fs::path csv = kStructured / "schema_org" / "types.csv";
  SKIP_WITHOUT(csv);
  Tally tally("structured/schema_org types");
  std::ifstream file(csv);
  std::string line;
  std::getline(file, line);
  std::size_t types = 0;
  while (std::getline(file, line)) {
    if (line.ends_with('\r')) line.pop_back();
    const std::size_t comma = line.find(',');
    const std::string name = line.substr(0, comma);
    const bool place = line.ends_with(",1,0") || line.ends_with(",1,1");
    const SchemaType* type = find_schema_type(name);
    tally.count(type != nullptr && type->name == name && is_place_type(name) == place &&
                    is_local_business(name) == line.ends_with(",1") &&
                    type->parents == line.substr(comma + 1, line.size() - comma - 5),
                name);
    ++types;
  }
  EXPECT_EQ(types, schema_types().size());
  tally.expect_all();
}

}  // namespace
}  // namespace placer
