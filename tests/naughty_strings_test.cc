// The Big List of Naughty Strings as places of a web site: through crawl and database into whatever
// people and programs read. One test per way out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "storage/query.h"
#include "tests/naughty_site.h"

namespace placer {
namespace {

using testing::HasSubstr;
using testing::Not;

class NaughtySiteTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (std::filesystem::exists(kSuite)) crawl_ = std::make_unique<Crawl>();
  }
  static void TearDownTestSuite() { crawl_.reset(); }
  void SetUp() override { SKIP_WITHOUT(kSuite); }

  static const Crawl& crawl() { return *crawl_; }
  static const std::vector<std::string>& strings() { return crawl_->strings; }
  static ProgramResult placer(const std::vector<std::string>& arguments) {
    return crawl_->run(arguments);
  }
  // A program of this machine in the crawl's folder.
  static ProgramResult other(const std::vector<std::string>& arguments) {
    return run_program(arguments, crawl_->folder.path());
  }

  // One process for each would take too long: those with control characters, and some of the rest.
  static std::vector<std::size_t> sample() {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < strings().size(); ++i) {
      if (i % 16 == 0 || !is_plain(strings()[i])) chosen.push_back(i);
    }
    return chosen;
  }

 private:
  static inline std::unique_ptr<Crawl> crawl_;
};

TEST_F(NaughtySiteTest, IsKeptByteForByteInEveryFormat) {
  Tally tally("strings, raw");
  std::map<std::string, json> raw;
  for (const std::string& line : query_lines(crawl().db, "SELECT hex(raw) FROM observation")) {
    json stated = json::parse(absl::HexStringToBytes(line));
    const std::string ref = stated.at("branchCode");
    raw[ref] = std::move(stated);
  }
  for (std::size_t i = 0; i < strings().size(); ++i) {
    const std::string& text = strings()[i];
    for (const char* format : kFormats) {
      const std::string ref = ref_of(format, i);
      tally.count(raw[ref].value("name", "") == as_stated(format, text), ref + " " + escaped(text));
    }
    const json& all = raw[ref_of("json-ld", i)];
    const bool same = all.value("/address/streetAddress"_json_pointer, "") == text &&
                      all.value("/sameAs/0"_json_pointer, "") == text &&
                      all.value("telephone", "") == text && all.value("description", "") == text;
    EXPECT_TRUE(same) << i << ' ' << escaped(text);
  }
  tally.expect_all();
}

TEST_F(NaughtySiteTest, IsCleanedAlikeInEveryFormatAndOrdinaryTextIsLeftAlone) {
  std::map<std::string, json> fields;
  for (const std::string& line : query_lines(crawl().db, "SELECT hex(fields) FROM observation")) {
    json stated = json::parse(absl::HexStringToBytes(line));
    const std::string ref = stated.at("ref");
    fields[ref] = std::move(stated);
  }
  // What stands for nothing, and what a template engine has left behind.
  const std::set<std::string> placeholders = {"undefined", "null", "NULL", "NaN",
                                              ".",         "-",    "--",   strings().back()};
  std::size_t ordinary = 0;
  for (std::size_t i = 0; i < strings().size(); ++i) {
    const std::string& text = strings()[i];
    const json name = fields[ref_of("json-ld", i)]["name"];
    for (const char* format : kFormats) {
      if (in_tree(text) != text) continue;
      EXPECT_EQ(fields[ref_of(format, i)]["name"], name) << format << ' ' << i;
    }
    for (const auto& [field, value] : fields[ref_of("json-ld", i)].items()) {
      if (!value.is_string()) continue;
      const auto& cleaned = value.get_ref<const std::string&>();
      EXPECT_TRUE(is_plain(cleaned)) << field << ' ' << i << ": " << escaped(cleaned);
      if (field == "tags" || field == "socials") continue;
      EXPECT_EQ(cleaned, collapsed(cleaned)) << field;
    }
    const bool is_ascii = std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
    if (!is_ascii || text.find_first_of("<&") != std::string::npos || text.size() > 500) continue;
    if (placeholders.contains(text)) {
      EXPECT_TRUE(name.is_null()) << i;
      continue;
    }
    ++ordinary;
    EXPECT_EQ(name.is_null() ? "" : name.get<std::string>(), collapsed(text)) << i;
  }
  EXPECT_GT(ordinary, 150U);
}

TEST_F(NaughtySiteTest, CannotReachATerminalOrALogUnescaped) {
  EXPECT_TRUE(is_plain(crawl().text_run.err));
  EXPECT_THAT(crawl().text_run.err, HasSubstr(" ms, 515 places"));
  const std::string page = crawl().server.url("/json-ld");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"query", crawl().db, "--limit", "0"},
        {"query", crawl().db, "--limit", "0", "--columns", "name,brand,addr_street,tags,socials"},
        {"query", crawl().db, "--sql", "SELECT raw, fields FROM observation"},
        {"query", crawl().db, "--sql",
         "SELECT raw ->> '$.name' AS \"\x1b[31m\u202e\" FROM observation"},
        {"status", crawl().db},
        {"status", crawl().db, "--politeness"},
        {"runs", crawl().db},
        {"diff", crawl().db, "--since", "0", "--limit", "0"},
        {"edges", crawl().db, "--limit", "1000"},
        {"inspect", page, "--allow-private", "--links", "--select", "script"},
        {"init", page, "--allow-private", "--delay", "0", "-o", "-"},
        {"inspect", crawl().server.url("/"), "--allow-private", "--links", "--job", "job.yaml"},
        {"inspect", crawl().server.url("/rules"), "--allow-private", "--rules", "job.yaml"}}) {
    const auto result = placer(arguments);
    EXPECT_EQ(result.status, 0) << arguments[0] << ' ' << result.err;
    EXPECT_TRUE(is_plain(result.out + result.err)) << testing::PrintToString(arguments);
  }
  const auto urls = query_lines(crawl().db,
                                "SELECT url FROM page WHERE url LIKE '%\\%1%' ESCAPE '\\' OR "
                                "url LIKE '%script%' OR url LIKE '%/to/%' LIMIT 12");
  EXPECT_EQ(urls.size(), 12U);
  for (const std::string& url : urls) {
    const auto result = placer({"explain", crawl().db, url});
    EXPECT_EQ(result.status, 0) << url;
    EXPECT_TRUE(is_plain(result.out + result.err)) << url;
  }
}

// As a person sees it, on a terminal, where placer writes escape sequences of its own.
TEST_F(NaughtySiteTest, BringsNoEscapeSequenceToAPseudoTerminal) {
  SKIP_WITHOUT("/usr/bin/script");
  for (const std::string& command :
       {std::string("run job.yaml --set scope.traps=follow --db terminal.db"),
        std::string("query places.db --limit 0"), std::string("status places.db"),
        std::string("query places.db --json --limit 0"),
        std::string("export places.db -o t.csv")}) {
    const auto shown = other(
        {"/usr/bin/script", "-qec",
         std::string("TERM=xterm LC_ALL=C.UTF-8 '") + PLACER_BINARY + "' " + command, "/dev/null"});
    EXPECT_EQ(shown.status, 0) << shown.out;
    EXPECT_GT(shown.out.size(), 30U);
    for (const char* of_theirs :
         {"\x1b[0;31m", "\x1b[0;34m", "\x1b[20C", "\x1b[8m", "\x1b[35;7m", "\x07\x07", "\x08\x08",
          "\x01", "\x0e", "\x7f", "\u009b", "\u0085", "\u202e", "\u200f", "\u2028", "\u2066"}) {
      EXPECT_THAT(shown.out, Not(HasSubstr(of_theirs))) << command << ' ' << escaped(of_theirs);
    }
  }
}

TEST_F(NaughtySiteTest, IsJsonThatSaysTheSame) {
  std::map<std::string, json> names;
  for (const std::string& line :
       query_lines(crawl().db, "SELECT hex(json_array(id, name)) FROM place")) {
    const json row = json::parse(absl::HexStringToBytes(line));
    names[std::to_string(row[0].get<std::int64_t>())] = row[1];
  }
  const auto lines_of = [](const std::string& text) {
    EXPECT_TRUE(is_plain(text));
    std::vector<json> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
    return lines;
  };
  const auto found = lines_of(placer({"query", crawl().db, "--json", "--limit", "0"}).out);
  EXPECT_EQ(found.size(), names.size());
  for (const json& line : found) {
    EXPECT_EQ(line.value("name", json()), names.at(line["id"])) << line["ref"];
  }
  const auto by_sql =
      lines_of(placer({"query", crawl().db, "--json", "--sql", "SELECT raw FROM observation"}).out);
  for (const json& line : by_sql) {
    const json raw = json::parse(line["raw"].get<std::string>());
    const std::string ref = raw["branchCode"];
    const std::size_t i = std::stoul(ref.substr(ref.rfind('-') + 1));
    EXPECT_TRUE(raw.value("name", "") == as_stated(ref.substr(0, ref.rfind('-')), strings()[i]))
        << ref;
  }
  EXPECT_EQ(by_sql.size(), kFormats.size() * strings().size());
  const auto changed = lines_of(placer({"diff", crawl().db, "--json", "--since", "0"}).out);
  EXPECT_EQ(changed.size(), names.size());
  lines_of(placer({"edges", crawl().db, "--json", "--limit", "1000"}).out);
  EXPECT_GT(lines_of(crawl().json_run.err).size(), 400U);
  const auto inspected =
      placer({"inspect", crawl().server.url("/json-ld"), "--allow-private", "--json"});
  EXPECT_TRUE(is_plain(inspected.out));
  const json page = json::parse(inspected.out);
  ASSERT_EQ(page["places"].size(), strings().size());
  for (std::size_t i = 0; i < strings().size(); ++i) {
    EXPECT_EQ(page["places"][i]["raw"]["name"], strings()[i]) << i;
  }
}

// Exports, report and server as other programs read them, beside what sqlite3 reads.
constexpr const char* kReaders = R"(
import base64, csv, json, re, sqlite3, subprocess, sys, urllib.request, zlib, socket, signal
db = sqlite3.connect('places.db')
db.row_factory = sqlite3.Row
own = {str(row['id']): {k: row[k] for k in row.keys() if isinstance(row[k], str)}
       for row in db.execute('SELECT * FROM place')}
JSON = ('socials', 'tags', 'category', 'schema_type', 'source_url')
def compare(what, rows):
    assert len(rows) == len(own), (what, len(rows))
    for id, row in rows.items():
        for key, text in own[id].items():
            if key not in JSON and key in row: assert row[key] == text, (what, id, key, row[key])
        assert 'name' not in own[id] or 'name' in row
def lines(name):
    with open(name, newline='\n', encoding='utf-8') as f: return [json.loads(line) for line in f]
def table(name):
    with open(name, newline='', encoding='utf-8') as f: return list(csv.DictReader(f, strict=True))
def features(all):
    compare('geojson', {f['id']: {k.lstrip('@').replace(':', '_'): v for k, v in f['properties'].items()}
                        for f in all})
def page_of(html):
    blocks = re.findall(r'<script type="text/plain" id="\w+">([^<]*)</script>\n', html)
    assert all(re.fullmatch('[A-Za-z0-9+/=]*', block) for block in blocks)
    return re.sub(r'(<script type="text/plain" id="\w+">)[^<]*', r'\1', html), blocks
def exports():
    compare('csv', {r['id']: {k: v for k, v in r.items() if v} for r in table('all-raw.csv')})
    for row in table('all.csv'):
        for key, text in row.items():
            plain = text[1:] if text[:1] == "'" else text
            assert key in ('lat', 'lon') or plain.lstrip(' \u00a0\ufeff\u200b\u3000')[:1] not in \
                tuple('=+-@\t\r\n\uff1d\uff0b\uff0d\uff20') or text[0] == "'", (key, text)
            if key not in JSON and key in own[row['id']]:
                assert own[row['id']][key] in (text, plain), (key, text)
    compare('jsonl', {str(r['id']): r for r in lines('all.jsonl')})
    features(json.load(open('all.geojson', encoding='utf-8'))['features'])
    features(lines('all.ndgeojson'))
def report():
    shell, blocks = page_of(open('all.html', encoding='utf-8', newline='').read())
    empty, _ = page_of(open('empty.html', encoding='utf-8', newline='').read())
    assert shell == empty and len(blocks) == 2
    text = zlib.decompress(base64.b64decode(blocks[0])).decode()
    content = json.loads(text)
    known = set(own[id].get('name') for id in own) - {None}
    def texts(value):
        stack, found = [value], set()
        while stack:
            v = stack.pop()
            if isinstance(v, str): found.add(v)
            elif isinstance(v, list): stack += v
            elif isinstance(v, dict): stack += v.values()
        return found
    missing = known - texts(content)
    assert not missing, missing
def serve(placer):
    server = subprocess.Popen([placer, 'serve', 'places.db', '--port', '0'], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    try:
        url = server.stdout.readline().decode().strip()
        get = lambda path: urllib.request.urlopen(url + path, timeout=10).read().decode()
        shell, blocks = page_of(get(''))
        assert not blocks and "connect-src 'self'" in shell
        json.loads(get('api/report.json'))
        features(json.loads(get('api/places.geojson'))['features'])
        port = int(url.rsplit(':', 1)[1].strip('/'))
        for text in json.load(open(sys.argv[3], encoding='utf-8')):
            for request in (f'GET /{text} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n',
                            f'GET /api/version HTTP/1.1\r\nHost: {text}\r\nConnection: close\r\n\r\n'):
                with socket.create_connection(('127.0.0.1', port), timeout=10) as s:
                    s.sendall(request.encode())
                    answer = b''
                    while more := s.recv(65536): answer += more
                assert re.match(rb'HTTP/1.1 (4\d\d|200) ', answer), (request, answer[:80])
                head = answer.split(b'\r\n\r\n')[0]
                assert len(text) < 4 or text.encode() not in answer or b' 200 ' in head, (request, answer)
    finally:
        server.send_signal(signal.SIGINT)
    assert server.wait(10) == 0
globals()[sys.argv[1]](*sys.argv[2:3])
)";

TEST_F(NaughtySiteTest, IsExportedAsTheDatabaseHasItAndWithoutAFormula) {
  SKIP_WITHOUT("/usr/bin/python3");
  for (const char* file : {"all.csv", "all.jsonl", "all.geojson", "all.ndgeojson"}) {
    ASSERT_EQ(placer({"export", "places.db", "-o", file}).status, 0);
    if (std::string(file) == "all.csv") continue;  // whose lines end in CR LF
    EXPECT_TRUE(is_plain(read_bytes(crawl().folder / file))) << file;
  }
  ASSERT_EQ(placer({"export", "places.db", "--raw", "-o", "all-raw.csv"}).status, 0);
  const auto result = other({"/usr/bin/python3", "-c", kReaders, "exports"});
  EXPECT_EQ(result.status, 0) << result.err;
  SKIP_WITHOUT("/usr/bin/ogrinfo");
  const auto info = other({"/usr/bin/ogrinfo", "-ro", "-al", "-so", "all.geojson"});
  EXPECT_EQ(info.status, 0) << info.err;
  const auto places = query_lines(crawl().db, "SELECT count(*) FROM place")[0];
  EXPECT_THAT(info.out, HasSubstr("Feature Count: " + places + "\n"));
}

TEST_F(NaughtySiteTest, LeavesTheReportsMarkupAsThatOfAnEmptyOne) {
  SKIP_WITHOUT("/usr/bin/python3");
  ASSERT_EQ(placer({"report", "places.db", "-o", "all.html"}).status, 0);
  placer({"run", "job.yaml", "--db", "empty.db", "--set", "start=" + crawl().server.url("/none")});
  ASSERT_EQ(placer({"report", "empty.db", "-o", "empty.html"}).status, 0);
  const auto result = other({"/usr/bin/python3", "-c", kReaders, "report"});
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST_F(NaughtySiteTest, IsServedAsJsonAndNeitherPathsNorHostNamesConfuseTheServer) {
  SKIP_WITHOUT("/usr/bin/python3");
  const auto result =
      other({"/usr/bin/python3", "-c", kReaders, "serve", PLACER_BINARY, kSuite.string()});
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST_F(NaughtySiteTest, IsOnlyTextToASearch) {
  Tally tally("strings, searched for");
  auto lookup = Lookup::open(crawl().db);
  ASSERT_TRUE(lookup);
  for (std::size_t i = 0; i < strings().size(); ++i) {
    PlaceQuery query;
    query.text = strings()[i];
    query.limit = 0;
    const auto found = lookup->find_places(query);
    tally.count(found.has_value(), std::to_string(i) + ' ' + escaped(strings()[i]));
    query.city = strings()[i];
    query.categories = {strings()[i]};
    EXPECT_TRUE(lookup->find_places(query)) << i;
  }
  tally.expect_all();
  // Every name that has a word is found by itself.
  std::size_t found_again = 0;
  const auto places = lookup->find_places({.limit = 0});
  ASSERT_TRUE(places);
  for (const FoundPlace& place : *places) {
    const auto& name = place.place.name;
    const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
    if (!name || name->size() > 480 || std::ranges::none_of(*name, is_letter)) continue;
    const auto again = lookup->find_places({.text = *name, .limit = 0});
    ASSERT_TRUE(again);
    const bool there = std::ranges::any_of(*again, [&](const auto& p) { return p.id == place.id; });
    EXPECT_TRUE(there) << escaped(*name);
    found_again += there ? 1 : 0;
  }
  EXPECT_GT(found_again, 700U);
  EXPECT_EQ(query_lines(crawl().db, "PRAGMA integrity_check")[0], "ok");
}

TEST_F(NaughtySiteTest, IsRefusedOrTakenAsAnArgumentAndNeverEchoedRaw) {
  const std::vector<std::vector<std::string>> commands = {
      {"query", "places.db", "--text={}"},
      {"query", "places.db", "--", "{}"},
      {"query", "places.db", "--sql={}"},
      {"query", "places.db", "--in={}"},
      {"query", "places.db", "--near={}"},
      {"query", "places.db", "--open-at={}"},
      {"query", "places.db", "--columns={}"},
      {"query", "places.db", "--category={}"},
      {"explain", "places.db", "--", "{}"},
      {"export", "places.db", "--format={}"},
      {"check", "job.yaml", "--set={}"},
      {"check", "job.yaml", "--set=job={}"},
      {"check", "job.yaml", "--job={}"},
      {"check", "job.yaml", "--set=politeness.user_agent={}"},
      {"check", "--", "{}"},
      {"status", "--", "{}"},
      {"run", "job.yaml", "--backend={}"},
      {"run", "job.yaml", "--max-time={}"},
      {"--{}"},
      {"{}"}};
  std::size_t turn = 0;
  for (const std::size_t i : sample()) {
    const bool odd = !is_plain(strings()[i]);
    for (std::size_t n = 0; n < (odd ? 7 : 1); ++n) {
      auto arguments = commands[turn++ % commands.size()];
      std::string& last = arguments.back();
      last.replace(last.find("{}"), 2, strings()[i]);
      const auto result = placer(arguments);
      EXPECT_LE(result.status, 3) << i << ' ' << testing::PrintToString(arguments);
      EXPECT_TRUE(is_plain(result.out + result.err))
          << i << ' ' << testing::PrintToString(arguments) << escaped(result.err);
    }
  }
  EXPECT_EQ(query_lines(crawl().db, "SELECT count(*) FROM observation")[0], "1545");
}

TEST_F(NaughtySiteTest, IsAFileNameWhereTheFileSystemTakesIt) {
  std::size_t written = 0;
  for (const std::size_t i : sample()) {
    const std::string& text = strings()[i];
    if (written == 24 || text.empty() || text.find('/') != std::string::npos || text.size() > 240)
      continue;
    const auto path = std::filesystem::path(crawl().folder.path()) / text;
    const auto exported = placer({"export", "places.db", "--format=jsonl", "--output=" + text});
    EXPECT_EQ(exported.status, 0) << i << ' ' << exported.err;
    EXPECT_TRUE(is_plain(exported.err)) << i;
    EXPECT_TRUE(std::filesystem::remove(path)) << i << ' ' << escaped(text);
    std::filesystem::copy(crawl().db, path);
    const auto shown = placer({"status", "--", text});
    EXPECT_EQ(shown.status, 0) << i << ' ' << shown.err;
    EXPECT_TRUE(is_plain(shown.out + shown.err)) << i;
    std::filesystem::remove(path);
    ++written;
  }
  EXPECT_GT(written, 15U);
}

}  // namespace
}  // namespace placer
