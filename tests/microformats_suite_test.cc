// The tests of microformats.org (microformats/tests) for h-card, h-adr and h-geo, and extruct's.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "scraper/extract/microformats/microformats.h"
#include "tests/suite.h"

namespace placer {
namespace {

using nlohmann::json;

json items_of(const std::filesystem::path& file, const std::string& url) {
  auto page = Page::parse(read_bytes(file),
                          {.url = url,
                           .content_type = "text/html; charset=utf-8",
                           .link_headers = {},
                           .robots_headers = {},
                           .user_agent = "placer"},
                          {});
  return page ? Microformats().items(*page) : json("no page");
}

// White space collapsed everywhere, as the suite allows.
json normalized(json value) {
  if (value.is_string()) return collapsed(value.get_ref<const std::string&>());
  for (auto& element : value) element = normalized(std::move(element));
  return value;
}

TEST(MicroformatsSuiteTest, AgreesWithTheTestsOfMicroformatsOrg) {
  const auto folder = suite_path("microformats");
  SKIP_WITHOUT(folder);
  Tally tally("microformats");
  for (const json& entry : read_ndjson(folder / "index.ndjson")) {
    const auto file = entry["html"].get<std::string>();
    const json items = items_of(folder / file, entry["base"]);
    const json expected = json::parse(read_bytes(folder / entry["expected"].get<std::string>()));
    const bool same = normalized(items) == normalized(expected["items"]);
    tally.count(same, file);
    EXPECT_TRUE(same) << file << "\n" << items.dump(1) << "\n" << expected["items"].dump(1);
  }
  tally.expect_all();
}

// extruct leaves references as they are when it is given no base; ours are absolute.
TEST(MicroformatsSuiteTest, FindsWhatExtructFinds) {
  const auto folder = suite_path("structured/extruct");
  SKIP_WITHOUT(folder);
  Tally tally("structured/extruct microformats");
  const std::string base = "http://example.org";
  for (const json& entry : read_ndjson(folder / "index.ndjson")) {
    if (entry["syntax"] != "microformats" || entry.contains("form")) continue;
    const auto file = entry["html"].get<std::string>();
    std::string written = items_of(folder / file, base + "/").dump();
    for (std::size_t at = 0; (at = written.find(base + "/", at)) != std::string::npos;) {
      written.erase(at, base.size());
    }
    const json expected = json::parse(read_bytes(folder / entry["expected"].get<std::string>()));
    const bool same = normalized(json::parse(written)) == normalized(expected);
    tally.count(same, file);
    EXPECT_TRUE(same) << file << "\n" << json::parse(written).dump(1) << "\n" << expected.dump(1);
  }
  tally.expect_all();
}

}  // namespace
}  // namespace placer
