// What the tests of storage share: a folder that goes away, and completions built by hand.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "storage/sqlite.h"
#include "storage/sqlite_storage.h"
#include "tests/temporary_folder.h"

namespace placer {

inline constexpr Instant kNoon{std::chrono::seconds(1'780'000'000)};  // 2026-05-28T20:26:40Z

inline std::unique_ptr<SqliteStorage> open_storage(const std::string& path) {
  auto storage = SqliteStorage::open(path, {path, Durability::kNormal});
  if (!storage) {
    ADD_FAILURE() << storage.error().message;
    return nullptr;
  }
  return std::move(*storage);
}

inline std::string page_url(std::uint64_t n) { return "https://x.test/" + std::to_string(n); }

inline QueuedUrl queued_url(std::uint64_t n, HostId host = 1) {
  QueuedUrl url;
  url.seq = n;
  url.host = host;
  url.url = page_url(n);
  url.fingerprint = n + 1000;
  return url;
}

inline Observation observation(const std::string& name, const std::string& path = "script[0]",
                               const std::string& format = "json-ld") {
  Observation o;
  o.format = format;
  o.path = path;
  o.raw = "{}";
  o.place.name = name;
  o.place.addr_street = "High Street";
  return o;
}

// Page n was fetched: its row ends, it states `places`.
inline Completion fetched(std::uint64_t n, std::vector<Observation> places = {},
                          Instant at = kNoon) {
  Completion c;
  c.dequeue = QueueKey{1, n};
  c.page = PageStatus::kOk;
  c.fingerprint = n + 1000;
  c.outcome.request.url = page_url(n);
  c.outcome.status = 200;
  c.outcome.places = std::move(places);
  c.at = at;
  return c;
}

inline Completion discovered(std::uint64_t first, std::uint64_t last) {
  Completion c;
  for (std::uint64_t n = first; n <= last; ++n) c.discovered.push_back(queued_url(n));
  HostState host;
  host.id = 1;
  host.host = "x.test";
  host.queued = host.accepted = last - first + 1;
  c.hosts.push_back(host);
  c.at = kNoon;
  return c;
}

// All rows of a query, columns joined by '|', rows by newlines; NULL as "NULL".
inline std::string rows(const std::string& path, const std::string& sql) {
  auto db = Database::open(path, Access::kRead);
  if (!db) return db.error().message;
  std::string text;
  {
    Statement statement(**db, sql, "testing");
    for (bool row = statement.first(); row; row = statement.next()) {
      for (int i = 0; i < sqlite3_column_count(statement.raw()); ++i) {
        if (i > 0) text += '|';
        text += statement.is_null(i) ? "NULL" : statement.string(i);
      }
      text += '\n';
    }
  }
  auto status = (*db)->status();
  return status ? text : status.error().message;
}

}  // namespace placer
