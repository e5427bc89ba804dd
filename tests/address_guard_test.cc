#include "scraper/fetch/address_guard.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include "tests/fetch_fixture.h"

namespace placer {
namespace {

using web::RunningServer;

std::string reason_for(const std::string& ip) {
  const auto reason = ip_refused_because(ip);
  if (!reason) return "no address";
  return std::string(reason->value_or("allowed"));
}

// IANA IPv4 Special-Purpose Address Registry: first and last address of each block
TEST(AddressGuardTest, RefusesSpecialPurposeIpv4) {
  const std::pair<const char*, const char*> cases[] = {
      {"0.0.0.0", "this network"},
      {"0.255.255.255", "this network"},
      {"10.0.0.0", "private network"},
      {"10.255.255.255", "private network"},
      {"100.64.0.0", "carrier-grade NAT"},
      {"100.127.255.255", "carrier-grade NAT"},
      {"127.0.0.1", "loopback"},
      {"127.255.255.255", "loopback"},
      {"169.254.0.1", "link-local"},
      {"169.254.169.254", "cloud metadata"},
      {"168.63.129.16", "cloud metadata"},
      {"172.16.0.0", "private network"},
      {"172.31.255.255", "private network"},
      {"192.0.0.192", "IETF protocol assignments"},
      {"192.0.2.1", "documentation"},
      {"192.88.99.1", "6to4 relay"},
      {"192.168.0.1", "private network"},
      {"192.168.255.255", "private network"},
      {"198.18.0.0", "benchmarking"},
      {"198.19.255.255", "benchmarking"},
      {"198.51.100.7", "documentation"},
      {"203.0.113.7", "documentation"},
      {"224.0.0.1", "multicast"},
      {"239.255.255.255", "multicast"},
      {"240.0.0.1", "reserved"},
      {"255.255.255.255", "broadcast"},
  };
  for (const auto& [ip, reason] : cases) EXPECT_EQ(reason_for(ip), reason) << ip;
}

TEST(AddressGuardTest, AllowsTheNeighboursOfEachBlock) {
  for (const char* ip : {"1.0.0.0",     "9.255.255.255",   "11.0.0.0",    "100.63.255.255",
                         "100.128.0.0", "126.255.255.255", "128.0.0.0",   "169.253.255.255",
                         "169.255.0.0", "172.15.255.255",  "172.32.0.0",  "192.0.1.0",
                         "192.0.3.0",   "192.167.255.255", "192.169.0.0", "198.17.255.255",
                         "198.20.0.0",  "223.255.255.255", "8.8.8.8",     "93.184.216.34"}) {
    EXPECT_EQ(reason_for(ip), "allowed") << ip;
  }
}

// IANA IPv6 Special-Purpose Address Registry
TEST(AddressGuardTest, RefusesSpecialPurposeIpv6) {
  const std::pair<const char*, const char*> cases[] = {
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"::ffff:127.0.0.1", "IPv4-mapped"},
      {"::ffff:8.8.8.8", "IPv4-mapped"},
      {"::127.0.0.1", "IPv4-compatible"},
      {"::ffff:0:10.0.0.1", "IPv4-translated"},
      {"64:ff9b:1::1", "local NAT64"},
      {"100::1", "discard"},
      {"2001:2::1", "benchmarking"},
      {"2001:db8::1", "documentation"},
      {"2001:1f::1", "ORCHID"},
      {"2001:2f::1", "ORCHID"},
      {"2001:100::1", "IETF protocol assignments"},
      {"3fff::1", "documentation"},
      {"5f00::1", "segment routing"},
      {"fc00::1", "unique local"},
      {"fd00:ec2::254", "unique local"},
      {"fe80::1", "link-local"},
      {"febf::1", "link-local"},
      {"fec0::1", "site-local"},
      {"ff02::1", "multicast"},
      {"4000::1", "reserved"},
      {"200::1", "reserved"},
  };
  for (const auto& [ip, reason] : cases) EXPECT_EQ(reason_for(ip), reason) << ip;
}

TEST(AddressGuardTest, AllowsGlobalIpv6) {
  for (const char* ip : {"2606:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001::1",
                         "[2606:4700::1111]", "2001:200::1"}) {
    EXPECT_EQ(reason_for(ip), "allowed") << ip;
  }
}

TEST(AddressGuardTest, LooksAtTheIpv4AddressInside) {
  EXPECT_EQ(reason_for("64:ff9b::7f00:1"), "loopback");  // RFC 6052
  EXPECT_EQ(reason_for("64:ff9b::a9fe:a9fe"), "cloud metadata");
  EXPECT_EQ(reason_for("64:ff9b::808:808"), "allowed");
  EXPECT_EQ(reason_for("2002:a00:1::1"), "private network");  // 6to4, RFC 3056
  EXPECT_EQ(reason_for("2002:808:808::1"), "allowed");
  EXPECT_EQ(reason_for("2001:0:a00:1::1"), "private network");        // Teredo server, RFC 4380
  EXPECT_EQ(reason_for("2001:0:808:808:0:0:80ff:fffe"), "loopback");  // inverted client
  EXPECT_EQ(reason_for("2001:0:808:808:0:0:f7f7:f7f7"), "allowed");
}

TEST(AddressGuardTest, ReadsOnlyAddressesInTheirStandardForm) {
  for (const char* text : {"", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "1.2.3.4.5",
                           "[1.2.3.4", "fe80::1%eth0", "1.2.3.4 "}) {
    EXPECT_FALSE(ip_refused_because(text)) << text;
  }
}

TEST(AddressGuardTest, RefusesOtherFamilies) {
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_TRUE(refused_because(&local));
}

// Every spelling of a loopback address that reaches the fetcher; T8
TEST(AddressGuardTest, KeepsTheFetcherFromThisMachine) {
  web::ServerOptions addresses;
  addresses.addresses = {"127.0.0.1", "::1"};
  RunningServer server(always(page("secret")), addresses);
  const std::string port = ":" + std::to_string(server.port()) + "/";
  FetchOptions options = test_options();
  options.private_addresses = PrivateAddresses::kRefuse;
  CurlFetcher fetcher(options, kTestAgent);
  for (const char* host : {"127.0.0.1",
                           "[::1]",
                           "0.0.0.0",
                           "[::]",
                           "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]",
                           "[::127.0.0.1]",
                           "localhost",
                           "LOCALHOST",
                           "localhost.",
                           "127.1",
                           "127.0.1",
                           "2130706433",
                           "0x7f000001",
                           "0x7f.1",
                           "0177.0.0.1",
                           "017700000001",
                           "0x7f.0x0.0x0.0x1",
                           "127.255.255.254",
                           "user@127.0.0.1",
                           "127.0.0.1.",
                           "0"}) {
    const Fetched fetched = fetch(fetcher, request_for("http://" + std::string(host) + port));
    const ErrorCode code = code_of(fetched);
    EXPECT_TRUE(code == ErrorCode::kAddressRefused || code == ErrorCode::kUnresolvedHost)
        << host << ": " << fetched.outcome.error->message;
    EXPECT_EQ(fetched.body, "") << host;
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST(AddressGuardTest, KeepsRobotsTxtAndSitemapsFromThisMachineToo) {
  RunningServer server(always(page("secret")));
  FetchOptions options = test_options();
  options.private_addresses = PrivateAddresses::kRefuse;
  for (const RequestKind kind : {RequestKind::kRobots, RequestKind::kSitemap}) {
    EXPECT_EQ(code_of(fetch(server.url("/"), options, kind)), ErrorCode::kAddressRefused);
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST(AddressGuardTest, NamesTheAddressTheReasonAndTheOption) {
  FetchOptions options = test_options();
  options.private_addresses = PrivateAddresses::kRefuse;
  const Fetched fetched = fetch("http://169.254.169.254/latest/meta-data/", options);
  ASSERT_EQ(code_of(fetched), ErrorCode::kAddressRefused);
  const std::string& message = fetched.outcome.error->message;
  EXPECT_NE(message.find("169.254.169.254 is not a public address (cloud metadata)"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("fetch.private_addresses"), std::string::npos);
}

}  // namespace
}  // namespace placer
