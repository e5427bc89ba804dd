// A CurlFetcher against a test web server on loopback.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "scraper/fetch/curl_fetcher.h"
#include "tests/web/server.h"

namespace placer {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

// Limits small enough for tests, loopback allowed.
inline FetchOptions test_options() {
  FetchOptions options;
  options.private_addresses = PrivateAddresses::kAllow;
  options.timeout = 5s;
  options.connect_timeout = 2s;
  return options;
}

inline constexpr const char* kTestAgent = "placer-test/1.0";

inline Request request_for(std::string url, RequestKind kind = RequestKind::kPage) {
  Request request;
  request.id = 1;
  request.url = std::move(url);
  request.kind = kind;
  return request;
}

// Polls until `count` exchanges ended, 20 s at most.
inline std::vector<Fetched> fetch_all(CurlFetcher& fetcher, std::size_t count) {
  std::vector<Fetched> all;
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (all.size() < count && std::chrono::steady_clock::now() < until) {
    for (Fetched& fetched : fetcher.poll(1s, -1)) all.push_back(std::move(fetched));
  }
  EXPECT_EQ(all.size(), count);
  all.resize(count);
  return all;
}

inline Fetched fetch(CurlFetcher& fetcher, Request request) {
  fetcher.start(std::move(request));
  return std::move(fetch_all(fetcher, 1).front());
}

inline Fetched fetch(const std::string& url, FetchOptions options = test_options(),
                     RequestKind kind = RequestKind::kPage) {
  CurlFetcher fetcher(std::move(options), kTestAgent);
  return fetch(fetcher, request_for(url, kind));
}

inline web::Reply page(std::string body, web::Headers headers = {}) {
  web::Reply reply;
  reply.headers = std::move(headers);
  reply.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  reply.body = std::move(body);
  return reply;
}

// Serves the same reply whatever is asked for.
inline web::Handler always(web::Reply reply) {
  return [reply = std::move(reply)](const web::WebRequest&) { return reply; };
}

inline ErrorCode code_of(const Fetched& fetched) {
  EXPECT_TRUE(fetched.outcome.error.has_value());
  return fetched.outcome.error ? fetched.outcome.error->code : ErrorCode::kCancelled;
}

}  // namespace placer
