// SQL that somebody wrote: what is allowed, and that the questions in the documentation run.
#include "storage/read_sql.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "storage/place_columns.h"
#include "tests/storage_support.h"
#include "tests/suite.h"

namespace placer {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::chrono::seconds kLong{30};

class ReadSqlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Observation anna = observation("Anna");
    anna.place.lat = 52.5201;
    anna.place.lon = 13.4001;
    anna.place.category = "amenity=cafe";
    anna.place.addr_city = "Berlin";
    anna.place.addr_country = "DE";
    anna.place.phone = "+4930123456";
    anna.place.description = "Espresso";
    anna.place.opening_hours = "Su 18:00-23:00";
    Observation bert = observation("Bert", "b");
    bert.place.addr_street = "Low Street";
    Completion failed = fetched(3);
    failed.page = PageStatus::kHttpError;
    failed.outcome.status = 500;
    run({fetched(1, {anna, bert}), fetched(2, {observation("Carl")}), failed});
    anna.place.phone = "+4930654321";
    run({fetched(1, {anna, bert}), fetched(2)});
  }

  void run(const std::vector<Completion>& batch) {
    StorageOptions options{path, Durability::kNormal};
    options.gone_after = std::chrono::milliseconds(0);
    auto storage = SqliteStorage::open(path, options);
    ASSERT_TRUE(storage);
    ASSERT_TRUE((*storage)->begin_run("cafes", "serial", kNoon));
    ASSERT_TRUE((*storage)->commit(batch, {}));
    ASSERT_TRUE((*storage)->end_run(RunOutcome::kDone, {}, kNoon));
  }

  // Rows, columns joined by '|'; the error's message where there is one.
  std::vector<std::string> ask(const std::string& sql, std::chrono::milliseconds most = kLong) {
    std::vector<std::string> lines;
    SqlVisitor visit;
    visit.columns = [this](const std::vector<std::string>& names) { columns = names; };
    visit.row = [&lines](const std::vector<SqlValue>& values) {
      std::string line;
      for (const SqlValue& value : values) {
        if (!line.empty() || &value != &values.front()) line += '|';
        if (const auto* text = std::get_if<std::string>(&value)) line += *text;
        if (const auto* number = std::get_if<std::int64_t>(&value)) line += std::to_string(*number);
        if (const auto* real = std::get_if<double>(&value)) line += std::to_string(*real);
      }
      lines.push_back(line);
      return true;
    };
    const auto done = read_sql(path, sql, most, visit);
    code = done ? std::nullopt : std::optional(done.error().code);
    if (!done) return {done.error().message};
    EXPECT_EQ(*done, lines.size());
    return lines;
  }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
  std::vector<std::string> columns;
  std::optional<ErrorCode> code;
};

TEST_F(ReadSqlTest, ReadsTablesViewsAndIndexes) {
  EXPECT_THAT(ask("SELECT name, phone FROM place ORDER BY name LIMIT 1"),
              ElementsAre("Anna|+4930654321"));
  EXPECT_THAT(columns, ElementsAre("name", "phone"));
  EXPECT_THAT(ask("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3)"
                  " SELECT i FROM n;  "),
              ElementsAre("1", "2", "3"));
  EXPECT_THAT(ask("SELECT rowid > 0 FROM place_text WHERE place_text MATCH 'anna'"),
              ElementsAre("1"));
  EXPECT_THAT(ask("SELECT count(*) FROM place_geo WHERE min_lat > 52"), ElementsAre("1"));
  EXPECT_EQ(ask("PRAGMA table_info(place)").size(), place_field_names().size() + 7);
}

TEST_F(ReadSqlTest, MeasuresAndTellsWhatIsOpen) {
  EXPECT_THAT(ask("SELECT cast(distance_m(lat, lon, 52.52, 13.40) AS INTEGER) FROM place"
                  " WHERE name = 'Anna'"),
              ElementsAre("13"));
  EXPECT_THAT(ask("SELECT open_at(opening_hours, 'Su 20:00'), open_at(opening_hours, 'Su 10:00'),"
                  " open_at(opening_hours, 'Mo 10:00') IS NULL, open_at(NULL, 'now') IS NULL"
                  " FROM place WHERE name = 'Anna'"),
              ElementsAre("1|0|1|1"));
  EXPECT_THAT(ask("SELECT open_at('24/7', 'now', 'DE'), open_at('24/7', '2026-11-21T10:00:00Z')"),
              ElementsAre("1|1"));
  EXPECT_THAT(ask("SELECT open_at('24/7', 'soon')"), Contains(HasSubstr("the time is none")));
  EXPECT_THAT(ask("SELECT distance_m(1, 2, 'x', NULL) IS NULL"), ElementsAre("1"));
}

TEST_F(ReadSqlTest, AllowsNothingButReading) {
  const auto before = read_bytes(path);
  for (const char* sql :
       {"DELETE FROM place", "UPDATE place SET name = 'x'", "INSERT INTO meta SELECT * FROM meta",
        "DROP TABLE place", "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)", "VACUUM",
        "ATTACH '/etc/passwd' AS p", "PRAGMA user_version = 1", "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = OFF", "PRAGMA writable_schema = ON", "BEGIN", "REINDEX", "ANALYZE",
        "SELECT load_extension('x')", "INSERT INTO place_text(place_text) VALUES ('rebuild')"}) {
    EXPECT_THAT(ask(sql), Contains(HasSubstr("the statement: "))) << sql;
    EXPECT_EQ(code, ErrorCode::kInvalidArgument) << sql;
  }
  EXPECT_EQ(read_bytes(path), before);
  EXPECT_FALSE(std::filesystem::exists(path + "-journal"));
}

TEST_F(ReadSqlTest, SaysWhatIsWrongWithAStatement) {
  EXPECT_THAT(ask("SELEC 1"), ElementsAre("the statement: near \"SELEC\": syntax error"));
  EXPECT_THAT(ask("SELECT telephone FROM place"),
              ElementsAre("the statement: no such column: telephone"));
  EXPECT_THAT(ask("SELECT 1; SELECT 2"), ElementsAre("the statement: one statement at a time"));
  EXPECT_THAT(ask(" -- nothing"), ElementsAre("the statement: there is no statement in it"));
  EXPECT_THAT(ask(std::string((1 << 20) + 1, ' ')),
              ElementsAre("the statement: longer than 1 MiB"));
  path = folder / "none.db";
  EXPECT_THAT(ask("SELECT 1"), Contains(HasSubstr("no such database")));
  EXPECT_EQ(code, ErrorCode::kStorage);
}

TEST_F(ReadSqlTest, EndsWhatTakesTooLongOrTooMuch) {
  EXPECT_THAT(ask("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n)"
                  " SELECT count(*) FROM n",
                  std::chrono::milliseconds(20)),
              ElementsAre("the statement: took too long and was ended"));
  EXPECT_THAT(ask("SELECT length(zeroblob(100000000))"), Contains(HasSubstr("too big")));
}

TEST_F(ReadSqlTest, ViewsTellWhatChangedAndWhatHostsGive) {
  EXPECT_THAT(ask("SELECT change, name, coalesce(field, '') FROM last_change ORDER BY change"),
              ElementsAre("changed|Anna|phone", "gone|Carl|"));
  EXPECT_THAT(ask("SELECT count(*) FROM place_change WHERE change = 'new'"), ElementsAre("3"));
  EXPECT_THAT(ask("SELECT places, with_phone FROM place_by_city WHERE addr_city = 'Berlin'"),
              ElementsAre("1|1"));
  EXPECT_THAT(ask("SELECT missing FROM place_incomplete WHERE name = 'Bert'"),
              ElementsAre("phone, opening_hours, position"));
  EXPECT_THAT(ask("SELECT host, pages, pages_ok, pages_with_places, observations FROM host_yield"),
              ElementsAre("x.test|3|2|1|2"));
  EXPECT_THAT(ask("SELECT host, error, pages, example FROM host_error"),
              ElementsAre("x.test|http 500|1|https://x.test/3"));
  EXPECT_THAT(ask("SELECT s.value FROM place_statement AS s JOIN place AS p ON p.id = s.place_id"
                  " WHERE p.name = 'Anna' AND s.field = 'phone'"),
              ElementsAre("+4930654321"));
}

TEST_F(ReadSqlTest, TakesTheHostOutOfEveryKindOfUrl) {
  auto db = Database::open(path, Access::kWrite);
  for (const auto& [id, url] :
       {std::pair{1, "https://a.test:8443/x:y"}, std::pair{2, "http://[2001:db8::1]:80/"},
        std::pair{3, "http://[::1]/"}}) {
    Statement(**db, "UPDATE page SET url = ? WHERE fingerprint = ?", "testing").run(url, 1000 + id);
  }
  EXPECT_THAT(ask("SELECT host FROM page_host ORDER BY host"),
              ElementsAre("[2001:db8::1]", "[::1]", "a.test"));
}

// The statements in ```sql blocks of a text in Markdown.
std::vector<std::string> documented(const std::filesystem::path& file) {
  std::vector<std::string> statements;
  std::istringstream lines(read_bytes(file));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```sql") {
      inside = true;
      statements.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      statements.back() += line + '\n';
    }
  }
  return statements;
}

TEST_F(ReadSqlTest, RunsEveryDocumentedStatement) {
  const auto statements = documented(PLACER_STORAGE_README);
  EXPECT_GE(statements.size(), 12U);
  for (const std::string& sql : statements) {
    const auto lines = ask(sql);
    EXPECT_FALSE(code) << sql << lines.front();
    const bool shows_none = sql.find("HAVING") != std::string::npos;  // no page disagrees here
    EXPECT_EQ(lines.empty(), shows_none) << sql;
  }
}

TEST_F(ReadSqlTest, NamesHoldNothingThatNeedsQuotes) {
  // Datasette makes URLs and SQL of them.
  for (const std::string& name :
       ask("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') UNION"
           " SELECT c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c"
           " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'place_text%'"
           " AND m.name NOT LIKE 'place_geo%' AND m.name NOT LIKE 'sqlite_%'")) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos)
        << name;
  }
}

}  // namespace
}  // namespace placer
