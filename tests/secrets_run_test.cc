// Secrets in a run: who gets them, who does not, and where they never show.
#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <mutex>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/server.h"

namespace placer {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kPassword = "open:sesame/1";
constexpr const char* kKey = "k-3141592653";

class SecretsRunTest : public testing::Test {
 protected:
  SecretsRunTest() {
    setenv("SHOP_PASSWORD", kPassword, 1);
    setenv("SHOP_KEY", kKey, 1);
  }
  ~SecretsRunTest() override {
    unsetenv("SHOP_PASSWORD");
    unsetenv("SHOP_KEY");
  }

  ProgramResult placer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PLACER_BINARY);
    return run_program(arguments, folder_.path());
  }

  // A site behind Basic authentication on one address, another host on the second.
  web::Reply answer(const web::WebRequest& request) {
    const std::string* given = request.header("Authorization");
    const std::string* key = request.header("X-Shop-Key");
    const bool own = request.host.starts_with("127.0.0.1");
    {
      const std::lock_guard lock(mutex_);
      (own ? own_ : foreign_)
          .push_back(request.target + " " + (given ? *given : "-") + " " + (key ? *key : "-"));
    }
    web::Reply reply;
    const std::string expected = "Basic " + absl::Base64Escape(std::string("me:") + kPassword);
    if (own && (given == nullptr || *given != expected)) {
      reply.status = 401;
      reply.headers = {{"WWW-Authenticate", "Basic realm=\"shop\""}};
      return reply;
    }
    if (request.target == "/robots.txt") {
      reply.body = "User-agent: *\nDisallow: /closed\n";
    } else if (request.target == "/away") {
      reply.status = 302;
      reply.headers = {{"Location", foreign_url_ + "there"}};
    } else {
      reply.headers = {{"Content-Type", "text/html"}};
      reply.body = "<a href='/one'>1</a><a href='/away'>2</a><a href='/closed'>3</a><a href='" +
                   foreign_url_ +
                   "linked'>4</a><script type='application/ld+json'>"
                   R"({"@context": "https://schema.org", "@type": "Bakery", "name": "Bakery",
              "telephone": "+49 30 1234567", "address": "Torstr. 1, 10119 Berlin"})"
                   "</script>";
    }
    return reply;
  }

  void write_job(const std::string& more = "") {
    folder_.write("job.yaml",
                  "job: test\nstart: ['" + server_.url("/") + "']\n" +
                      "politeness: {user_agent: placer-test/1.0, delay: 0, adaptive: false}\n"
                      "scope: {hosts: [127.0.0.1, localhost]}\nretry: {attempts: 1}\n"
                      "fetch:\n  private_addresses: allow\n"
                      "  headers: {X-Shop-Key: '${SHOP_KEY}'}\n"
                      "  auth: {user: me, password: '${SHOP_PASSWORD}'}\n" +
                      more);
  }

  std::string everything_in_the_folder() {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  TemporaryFolder folder_;
  std::mutex mutex_;
  std::vector<std::string> own_;
  std::vector<std::string> foreign_;
  web::RunningServer server_{[this](const web::WebRequest& request) { return answer(request); }};
  std::string foreign_url_ = "http://localhost:" + std::to_string(server_.port()) + "/";
};

TEST_F(SecretsRunTest, OpenASiteOnEveryBackendAndGoToNoOtherHost) {
  write_job();
  for (const char* backend : kBackendNames) {
    own_.clear();
    foreign_.clear();
    const auto run =
        placer({"run", "job.yaml", "--backend", backend, "--db", std::string(backend) + ".db"});
    EXPECT_EQ(run.status, 0) << backend << ": " << run.err;
    EXPECT_THAT(own_, Contains(HasSubstr("/one ")));
    EXPECT_THAT(own_, Each(AllOf(HasSubstr("Basic "), HasSubstr(kKey)))) << backend;
    EXPECT_THAT(own_, Not(Contains(HasSubstr("/closed"))));
    EXPECT_THAT(foreign_, AllOf(Contains("/linked - -"), Contains("/there - -"))) << backend;
    EXPECT_THAT(foreign_, Each(HasSubstr(" - -"))) << backend;
    EXPECT_THAT(query_lines(folder_ / (std::string(backend) + ".db"), "SELECT name FROM place"),
                Contains("Bakery"));
  }
}

TEST_F(SecretsRunTest, ShowNowhere) {
  write_job();
  std::string shown;
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"check", "job.yaml"},
           {"run", "job.yaml", "--log", "text"},
           {"status", "test.db"},
           {"runs", "test.db"},
           {"inspect", "--rules", "job.yaml", "--allow-private", server_.url("/")}}) {
    const auto result = placer(command);
    EXPECT_EQ(result.status, 0) << command[0] << result.err;
    shown += result.out + result.err;
  }
  shown += everything_in_the_folder();
  for (const std::string& secret : {std::string(kPassword), std::string(kKey),
                                    absl::Base64Escape(std::string("me:") + kPassword)}) {
    EXPECT_EQ(shown.find(secret), std::string::npos) << secret;
  }
  EXPECT_THAT(shown, HasSubstr("${SHOP_PASSWORD}"));
}

TEST_F(SecretsRunTest, ThatAreMissingStopARunBeforeItsFirstRequest) {
  write_job();
  unsetenv("SHOP_PASSWORD");
  const auto run = placer({"run", "job.yaml"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("job.yaml:9:30: fetch.auth.password: the environment has no "
                                 "variable SHOP_PASSWORD"));
  EXPECT_THAT(own_, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "test.db"));
  const auto check = placer({"check", "job.yaml"});
  EXPECT_EQ(check.status, 0);
  EXPECT_THAT(check.err, HasSubstr("warning: "));
}

TEST_F(SecretsRunTest, InTheFileAreWarnedOfByCheckAndNotStored) {
  write_job();
  const auto literal =
      placer({"check", "job.yaml", "--set", "fetch.auth={user: me, password: sesame}"});
  EXPECT_EQ(literal.status, 0);
  EXPECT_THAT(literal.err, HasSubstr("fetch.auth.password: a secret in the file itself"));
  EXPECT_EQ(placer({"run", "job.yaml", "--set",
                    std::string("fetch.auth={user: me, password: '") + kPassword + "'}"})
                .status,
            0);
  EXPECT_EQ(everything_in_the_folder().find(kPassword), std::string::npos);
}

TEST_F(SecretsRunTest, MayComeFromABaseNextToTheJob) {
  write_job();
  std::filesystem::create_directory(folder_ / "jobs");
  folder_.write("jobs/child.yaml", "extends: ../job.yaml\njob: child\nstorage: {path: child.db}\n");
  unsetenv("SHOP_KEY");
  const auto failed = placer({"run", "jobs/child.yaml"});
  EXPECT_EQ(failed.status, 2);
  EXPECT_THAT(failed.err,
              HasSubstr("job.yaml:8:25: fetch.headers.X-Shop-Key: the environment has"));
  setenv("SHOP_KEY", kKey, 1);
  const auto run = placer({"run", "jobs/child.yaml"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "child.db"));
}

}  // namespace
}  // namespace placer
