// The test web server and its generated sites, on which the other tests rely.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/temporary_folder.h"
#include "tests/web/site.h"

namespace placer::web {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A client's socket connected to the server; closes itself.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const timeval limit{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(const std::string& text) const {
    EXPECT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // Reads until `end` has come, or the connection has ended.
  std::string read_until(const std::string& end) const {
    std::string text;
    std::array<char, 4096> bytes;
    while (end.empty() || text.find(end) == std::string::npos) {
      const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), 0);
      if (got <= 0) break;
      text.append(bytes.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int fd_;
};

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\nUser-Agent: t\r\n\r\n";
}

Handler echo() {
  return [](const WebRequest& request) {
    Reply reply;
    reply.body = "<" + request.target + ">";
    if (request.target == "/late") reply.delay = 50ms;
    return reply;
  };
}

TEST(WebServerTest, AnswersPipelinedRequestsInOrderOnOneConnection) {
  RunningServer server(echo());
  const Client client(server.port());
  client.send(get("/late") + get("/b") + get("/c"));
  const std::string text = client.read_until("</c>");
  EXPECT_LT(text.find("</late>"), text.find("</b>"));
  EXPECT_LT(text.find("</b>"), text.find("</c>"));
  EXPECT_EQ(server.connections(), 1U);
}

TEST(WebServerTest, AnswersNoMoreAfterConnectionClose) {
  RunningServer server(echo());
  const Client client(server.port());
  client.send("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_until("").ends_with("</x>"));
}

TEST(WebServerTest, RefusesWhatIsNoRequest) {
  RunningServer server(echo());
  const Client client(server.port());
  client.send("nonsense\r\n\r\n");
  EXPECT_TRUE(client.read_until("").starts_with("HTTP/1.1 400 "));
}

TEST(WebServerTest, LogsHowManyRequestsOfAHostWereInFlight) {
  RunningServer server(echo());
  {
    const Client first(server.port());
    const Client second(server.port());
    first.send(get("/late"));
    second.send(get("/late"));
    first.read_until("</late>");
    second.read_until("</late>");
    first.send(get("/b"));
    first.read_until("</b>");
  }
  const std::vector<LoggedRequest> log = server.log();
  ASSERT_EQ(log.size(), 3U);
  EXPECT_EQ(log[0].in_flight, 1U);
  EXPECT_EQ(log[1].in_flight, 2U);
  EXPECT_EQ(log[2].in_flight, 1U);
  EXPECT_EQ(log[2].target, "/b");
  EXPECT_EQ(log[2].host, "h");
  EXPECT_EQ(log[2].user_agent, "t");
  EXPECT_LE(log[0].received, log[2].received);
}

TEST(WebServerTest, ListensOnSeveralAddressesWithOnePort) {
  ServerOptions options;
  options.addresses = {"127.0.0.1", "127.0.0.2", "::1"};
  RunningServer server(echo(), options);
  const std::string port = std::to_string(server.port());
  EXPECT_EQ(server.url("/x", 1), "http://127.0.0.2:" + port + "/x");
  EXPECT_EQ(server.url("/", 2), "http://[::1]:" + port + "/");
}

TEST(WebServerTest, HoldsManyConnectionsWithTimers) {
  RunningServer server([](const WebRequest&) {
    Reply reply;
    reply.delay = 100ms;
    reply.body = "done";
    return reply;
  });
  const auto begin = Clock::now();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(std::make_unique<Client>(server.port()));
    clients.back()->send(get("/"));
  }
  for (const auto& client : clients) EXPECT_TRUE(client->read_until("done").ends_with("done"));
  EXPECT_LT(Clock::now() - begin, 3s);
}

WebRequest asking_for(const std::string& target) {
  WebRequest request;
  request.method = "GET";
  request.target = target;
  return request;
}

// The paths that `body` links to, resolved as the generated sites write them.
std::vector<std::string> linked_paths(const std::string& body) {
  std::vector<std::string> paths;
  const std::string mark = "<a href=\"";
  for (std::size_t at = 0; (at = body.find(mark, at)) != std::string::npos; ++at) {
    const std::size_t from = at + mark.size();
    std::string path = body.substr(from, body.find('"', from) - from);
    if (path.starts_with("../..")) path = path.substr(5);
    if (path.starts_with("http://h")) path = path.substr(path.find('/', 7));
    path = path.substr(0, path.find('#'));
    if (path.starts_with('/')) paths.push_back(path);
  }
  return paths;
}

// The pages that answer 200 when all links and redirects are followed, a failed one again.
std::set<std::string> crawl(const Site& site) {
  const Handler handler = site.handler();
  std::vector<std::string> queue = site.start_paths();
  std::set<std::string> seen(queue.begin(), queue.end());
  std::set<std::string> pages;
  while (!queue.empty()) {
    const std::string path = queue.back();
    queue.pop_back();
    Reply reply = handler(asking_for(path));
    while (reply.status == 503) reply = handler(asking_for(path));
    std::vector<std::string> found = linked_paths(reply.body);
    if (reply.status == 301) found = {reply.headers.at(0).second};
    if (reply.status == 200) pages.insert(path);
    for (const std::string& next : found) {
      if (next.starts_with("/private/") || next.find('?') != std::string::npos) continue;
      if (seen.insert(next).second) queue.push_back(next);
    }
  }
  return pages;
}

std::set<std::string> as_set(const std::vector<std::string>& paths) {
  return {paths.begin(), paths.end()};
}

TEST(SiteTest, ReachesEveryPageFromTheStart) {
  SiteOptions options;
  options.pages = 500;
  options.redirects = 0.1;
  options.missing = 0.1;
  options.healing = 0.1;
  options.traps = true;
  const Site site(options);
  EXPECT_EQ(crawl(site), as_set(site.page_paths()));
  EXPECT_EQ(crawl(Site::town()), as_set(Site::town().page_paths()));
  EXPECT_EQ(crawl(Site::heavy(5)), as_set(Site::heavy(5).page_paths()));
  EXPECT_EQ(crawl(Site::slow(7, 1s)).size(), 7U);
}

TEST(SiteTest, SpreadsItsPagesOverHostsThatLinkToEachOther) {
  SiteOptions options;
  options.pages = 300;
  options.hosts = 7;
  const Site site(options);
  EXPECT_EQ(crawl(site), as_set(site.page_paths()));
  const std::string body = site.handler()(asking_for("http://h0.site.example/")).body;
  for (int host = 1; host < 7; ++host) {
    EXPECT_NE(body.find("\"http://h" + std::to_string(host) + ".site.example/"), std::string::npos);
  }
}

TEST(SiteTest, GivesTheSameBytesForTheSameSeed) {
  SiteOptions options;
  options.odd_encodings = 0.5;
  const Site first(options);
  const Site second(options);
  options.seed = 2;
  const Site other(options);
  EXPECT_EQ(truth_lines(first.truth()), truth_lines(second.truth()));
  EXPECT_NE(truth_lines(first.truth()), truth_lines(other.truth()));
  for (const std::string& path : first.page_paths()) {
    EXPECT_EQ(first.handler()(asking_for(path)).body, second.handler()(asking_for(path)).body);
  }
}

TEST(SiteTest, StatesEachPlaceOnItsPage) {
  const Site town = Site::town();
  EXPECT_EQ(town.truth().size(), 60U);
  std::set<std::string> names;
  for (const TruthPlace& place : town.truth()) {
    const std::string body = town.handler()(asking_for(place.page)).body;
    EXPECT_NE(body.find(place.phone), std::string::npos) << place.page;
    EXPECT_NE(body.find(place.schema_type), std::string::npos) << place.page;
    names.insert(place.name);
  }
  EXPECT_EQ(names.size(), 60U);
}

TEST(SiteTest, StatesPlacesInHCards) {
  SiteOptions options;
  options.json_ld = options.microdata = 0;
  options.microformats = 1;
  options.bulk = true;
  const Site site(options);
  EXPECT_EQ(site.truth().size(), options.pages - 1U);
  for (const TruthPlace& place : site.truth()) {
    const std::string body = site.handler()(asking_for(place.page)).body;
    EXPECT_NE(body.find("h-card"), std::string::npos) << place.page;
    EXPECT_NE(body.find(place.phone), std::string::npos) << place.page;
    EXPECT_EQ(place.opening_hours, "") << place.page;
  }
}

TEST(SiteTest, HasSizesAsTheWebHas) {
  SiteOptions options;
  options.pages = 1000;
  options.links_per_page = 5;
  options.page_bytes = 20'000;
  options.size_sigma = 0.7;
  const Site site(options);
  std::vector<double> sizes;
  for (const std::string& path : site.page_paths()) {
    sizes.push_back(static_cast<double>(site.handler()(asking_for(path)).body.size()));
  }
  std::sort(sizes.begin(), sizes.end());
  EXPECT_NEAR(sizes[500], 20'000, 2'000);
  EXPECT_NEAR(sizes[900] / sizes[500], 2.45, 0.3);  // e to the power of 1.28 sigma
}

TEST(SiteTest, HealsAfterAsManyAttemptsAsItFailed) {
  SiteOptions options;
  options.healing = 1.0;
  options.pages = 2;
  const Site site(options);
  const Handler handler = site.handler();
  const std::string path = site.page_paths().back();
  std::vector<int> statuses;
  for (int attempt = 0; attempt < 3; ++attempt) {
    statuses.push_back(handler(asking_for(path)).status);
  }
  EXPECT_EQ(statuses.front(), 503);
  EXPECT_EQ(statuses.back(), 200);
}

TEST(SiteTest, HasTheSharesAskedFor) {
  SiteOptions options;
  options.pages = 3000;
  const std::vector<TruthPlace> truth = Site(options).truth();
  const auto microdata = std::count_if(truth.begin(), truth.end(), [](const TruthPlace& place) {
    return place.format == "microdata";
  });
  EXPECT_NEAR(static_cast<double>(microdata), 300, 60);
  EXPECT_NEAR(static_cast<double>(truth.size()), 300 + 990 * 1.1, 120);
}

TEST(SiteTest, WritesWhatAFileServerNeeds) {
  const TemporaryFolder folder;
  SiteOptions options;
  options.pages = 20;
  const Site site(options);
  ASSERT_TRUE(site.write(folder.path()));
  EXPECT_TRUE(std::filesystem::exists(folder / "robots.txt"));
  std::ifstream truth(folder / "truth.jsonl");
  std::ostringstream text;
  text << truth.rdbuf();
  EXPECT_EQ(text.str(), truth_lines(site.truth()));
  for (const std::string& path : site.page_paths()) {
    EXPECT_TRUE(std::filesystem::exists(folder.path() + (path == "/" ? "/index.html" : path)))
        << path;
  }
}

}  // namespace
}  // namespace placer::web
