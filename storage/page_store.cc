#include "storage/page_store.h"

#include <fmt/format.h>

#include "storage/times.h"

namespace placer {
namespace {

// A 304 (RFC 9110 section 15.4.5) has no body: what is known of the document stays.
constexpr std::string_view kUpsert =
    "INSERT INTO page (fingerprint, url, status, http_status, error, error_message, content_type,"
    " bytes, content_hash, etag, last_modified, fetched_at, depth, attempts, redirects, found_on,"
    " title, canonical, language, charset, noindex, address, total_us, process_us)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (fingerprint) DO UPDATE SET url = excluded.url, status = excluded.status,"
    " http_status = excluded.http_status, error = excluded.error,"
    " error_message = excluded.error_message, fetched_at = excluded.fetched_at,"
    " depth = excluded.depth, attempts = excluded.attempts, redirects = excluded.redirects,"
    " found_on = coalesce(excluded.found_on, found_on), address = excluded.address,"
    " total_us = excluded.total_us, process_us = excluded.process_us,"
    " etag = iif(excluded.http_status IS 304, coalesce(excluded.etag, etag), excluded.etag),"
    " last_modified = iif(excluded.http_status IS 304,"
    "                     coalesce(excluded.last_modified, last_modified),"
    "                     excluded.last_modified),"
    " content_type = iif(excluded.http_status IS 304, content_type, excluded.content_type),"
    " bytes = iif(excluded.http_status IS 304, bytes, excluded.bytes),"
    " content_hash = iif(excluded.http_status IS 304, content_hash, excluded.content_hash),"
    " title = iif(excluded.http_status IS 304, title, excluded.title),"
    " canonical = iif(excluded.http_status IS 304, canonical, excluded.canonical),"
    " language = iif(excluded.http_status IS 304, language, excluded.language),"
    " charset = iif(excluded.http_status IS 304, charset, excluded.charset),"
    " noindex = iif(excluded.http_status IS 304, noindex, excluded.noindex)"
    " RETURNING id";

}  // namespace

std::optional<std::string> hash_text(std::uint64_t hash) {
  if (hash == 0) return std::nullopt;
  return fmt::format("{:016x}", hash);
}

PageStore::PageStore(Database& db)
    : upsert_(db, kUpsert, "storing a page"),
      select_url_(db, "SELECT url FROM page WHERE fingerprint = ?", "reading a page") {}

std::int64_t PageStore::store(const Completion& completion) {
  const Outcome& outcome = completion.outcome;
  const PageFacts& facts = outcome.facts;
  std::optional<std::string> found_on;
  if (completion.found_on != 0 && select_url_.first(completion.found_on)) {
    found_on = select_url_.string(0);
    select_url_.reset();
  }
  std::optional<std::string_view> error;
  std::optional<std::string_view> error_message;
  if (outcome.error) {
    error = error_name(outcome.error->code);
    error_message = outcome.error->message;
  }
  std::optional<std::int64_t> http_status;
  if (outcome.status != 0) http_status.emplace(outcome.status);
  const std::optional<std::string> hash = hash_text(outcome.content_hash);
  const std::string fetched_at = time_text(completion.at);
  std::int64_t id = 0;
  if (upsert_.first(completion.fingerprint, outcome.request.url, page_status_name(*completion.page),
                    http_status, error, error_message, or_null(outcome.content_type),
                    outcome.body_bytes, hash, or_null(outcome.validators.etag),
                    or_null(outcome.validators.last_modified), fetched_at, outcome.request.depth,
                    outcome.request.attempt, outcome.request.redirects, found_on,
                    or_null(facts.title), or_null(facts.canonical), or_null(facts.language),
                    or_null(facts.charset), facts.noindex ? 1 : 0, or_null(outcome.address),
                    outcome.timings.total, outcome.timings.process)) {
    id = upsert_.integer(0);
    upsert_.next();
  }
  return id;
}

}  // namespace placer
