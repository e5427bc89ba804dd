// TLS against `openssl s_server` with a certificate that nobody signed.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tests/fetch_fixture.h"
#include "tests/temporary_folder.h"

namespace placer {
namespace {

class FetchTlsTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string make_certificate =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
        folder_ / "key.pem" + " -out " + folder_ / "cert.pem" + " 2>/dev/null";
    if (std::system(make_certificate.c_str()) != 0) GTEST_SKIP() << "no openssl program";
    start_server();
    ASSERT_GT(port_, 0) << "openssl s_server did not start";
  }

  void TearDown() override {
    if (server_ > 0) {
      ::kill(server_, SIGKILL);
      ::waitpid(server_, nullptr, 0);
    }
  }

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  // The server prints "ACCEPT 127.0.0.1:PORT" once it listens.
  void start_server() {
    std::array<int, 2> out{};
    ASSERT_EQ(::pipe(out.data()), 0);
    server_ = ::fork();
    if (server_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::close(out[0]);
      ::execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert",
               (folder_ / "cert.pem").c_str(), "-key", (folder_ / "key.pem").c_str(), nullptr);
      ::_exit(127);
    }
    ::close(out[1]);
    std::string text;
    std::array<char, 256> bytes;
    while (text.find("ACCEPT") == std::string::npos || text.back() != '\n') {
      const ssize_t got = ::read(out[0], bytes.data(), bytes.size());
      if (got <= 0) break;
      text.append(bytes.data(), static_cast<std::size_t>(got));
    }
    ::close(out[0]);
    const std::size_t colon = text.rfind(':');
    if (colon != std::string::npos) port_ = std::atoi(text.c_str() + colon + 1);
  }

  TemporaryFolder folder_;
  pid_t server_ = -1;
  int port_ = 0;
};

TEST_F(FetchTlsTest, RefusesASelfSignedCertificate) {
  const Fetched fetched = fetch(url());
  EXPECT_EQ(code_of(fetched), ErrorCode::kTls);
  EXPECT_EQ(fetched.outcome.status, 0);
}

TEST_F(FetchTlsTest, TakesItWhenTheJobSaysSo) {
  FetchOptions options = test_options();
  options.verify_tls = false;
  const Fetched fetched = fetch(url(), options);
  EXPECT_FALSE(fetched.outcome.error) << fetched.outcome.error->message;
  EXPECT_EQ(fetched.outcome.status, 200);
}

}  // namespace
}  // namespace placer
