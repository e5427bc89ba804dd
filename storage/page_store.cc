#include "storage/page_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "storage/times.h"

namespace placer {
namespace {

static_assert(std::endian::native == std::endian::little, "fingerprints are stored in this order");

// What an unmodified page has no word on stays: ?1 is true then.
constexpr std::string_view kUpsert =
    "INSERT INTO page (fingerprint, url, body, kind, status, http_status, error, error_message,"
    " content_type, bytes, content_hash, etag, last_modified, fetched_at, pass, first_fetched,"
    " checks, changes, next_due, depth, attempts, redirects, endpoint, found_on, title, canonical,"
    " language, charset, noindex, address, total_us, process_us, recipe, outlinks)"
    " VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?15, 0, 0, ?17,"
    " ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)"
    " ON CONFLICT (fingerprint) DO UPDATE SET url = excluded.url, status = excluded.status,"
    " http_status = excluded.http_status, error = excluded.error,"
    " error_message = excluded.error_message, fetched_at = excluded.fetched_at,"
    " pass = excluded.pass, depth = excluded.depth, attempts = excluded.attempts,"
    " redirects = excluded.redirects, endpoint = excluded.endpoint,"
    " found_on = coalesce(excluded.found_on, found_on), address = excluded.address,"
    " total_us = excluded.total_us, process_us = excluded.process_us,"
    " etag = iif(?1, coalesce(excluded.etag, etag), excluded.etag),"
    " last_modified = iif(?1, coalesce(excluded.last_modified, last_modified),"
    "                     excluded.last_modified),"
    " content_type = iif(?1, content_type, excluded.content_type),"
    " bytes = iif(?1, bytes, excluded.bytes),"
    " content_hash = iif(?1, content_hash, excluded.content_hash),"
    " title = iif(?1, title, excluded.title),"
    " canonical = iif(?1, canonical, excluded.canonical),"
    " language = iif(?1, language, excluded.language),"
    " charset = iif(?1, charset, excluded.charset),"
    " noindex = iif(?1, noindex, excluded.noindex),"
    " recipe = iif(?1, recipe, excluded.recipe),"
    " outlinks = iif(?1, outlinks, excluded.outlinks)";

std::string packed(std::vector<std::uint64_t> fingerprints) {
  std::ranges::sort(fingerprints);
  fingerprints.erase(std::unique(fingerprints.begin(), fingerprints.end()), fingerprints.end());
  const auto bytes = std::as_bytes(std::span(fingerprints));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::optional<std::string> hash_text(std::uint64_t hash) {
  if (hash == 0) return std::nullopt;
  return fmt::format("{:016x}", hash);
}

std::uint64_t hash_of_text(std::string_view text) {
  std::uint64_t hash = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, hash, 16);
  return error == std::errc() && last == end ? hash : 0;
}

PageStore::PageStore(Database& db)
    : db_(&db),
      upsert_(db, kUpsert, "storing a page"),
      select_before_(db,
                     "SELECT first_fetched, pass, checks, changes, outlinks, content_hash, id"
                     " FROM page WHERE fingerprint = ?",
                     "reading a page"),
      select_url_(db, "SELECT url, depth, kind = 'sitemap' FROM page WHERE fingerprint = ?",
                  "reading a page"),
      select_outlinks_(db, "SELECT outlinks FROM page WHERE fingerprint = ?",
                       "reading a page's links"),
      forget_outlinks_(db, "UPDATE page SET outlinks = NULL WHERE fingerprint = ?",
                       "noting that a page is to be read anew"),
      learn_(db, "UPDATE page SET checks = ?, changes = ?, next_due = ? WHERE id = ?",
             "storing how often a page changes") {}

PageStore::Stored PageStore::before(const Completion& completion, const std::string& outlinks,
                                    std::int64_t pass) {
  Stored page;
  if (!select_before_.first(completion.fingerprint)) return page;
  page.id = select_before_.integer(6);
  page.is_new = false;
  page.visited_before = select_before_.integer(1) != pass;
  page.first_fetched = select_before_.string(0);
  page.visits = {0, select_before_.count(2), select_before_.count(3)};
  const bool both_known = completion.outlinks && !select_before_.is_null(4);
  page.outlinks_changed =
      both_known ? select_before_.bytes(4) != outlinks
                 : hash_of_text(select_before_.text(5)) != completion.outcome.content_hash;
  select_before_.reset();
  return page;
}

PageStore::Stored PageStore::store(const Completion& completion, const Run& run) {
  const Outcome& outcome = completion.outcome;
  const PageFacts& facts = outcome.facts;
  const std::string outlinks = packed(completion.outlinks.value_or(std::vector<std::uint64_t>{}));
  Stored page = before(completion, outlinks, run.pass);
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
  std::optional<Blob> links;
  if (completion.outlinks) links = Blob{outlinks};
  const std::optional<std::string> hash = hash_text(outcome.content_hash);
  const std::string fetched_at = time_text(completion.at);
  const std::string due = time_text(completion.at + due_after(Visits{}));
  const std::string_view kind = outcome.request.kind == RequestKind::kSitemap ? "sitemap" : "page";
  upsert_.run(outcome.unmodified ? 1 : 0, completion.fingerprint, outcome.request.url,
              outcome.request.body, kind, page_status_name(*completion.page), http_status, error,
              error_message, or_null(outcome.content_type), outcome.body_bytes, hash,
              or_null(outcome.validators.etag), or_null(outcome.validators.last_modified),
              fetched_at, run.pass, due, outcome.request.depth, outcome.request.attempt,
              outcome.request.redirects, completion.endpoint, found_on, or_null(facts.title),
              or_null(facts.canonical), or_null(facts.language), or_null(facts.charset),
              facts.noindex ? 1 : 0, or_null(outcome.address), outcome.timings.total,
              outcome.timings.process, run.recipe, links);
  if (page.is_new) page.id = sqlite3_last_insert_rowid(db_->raw());
  if (!db_->ok()) page.id = 0;
  return page;
}

void PageStore::learn(const Stored& page, bool changed, Instant at) {
  Visits visits = page.visits;
  ++visits.checks;
  if (changed) ++visits.changes;
  const auto first = instant_of_text(page.first_fetched).value_or(at);
  visits.days = std::chrono::duration<double, std::ratio<86'400>>(at - first).count();
  learn_.run(visits.checks, visits.changes, time_text(at + due_after(visits)), page.id);
}

void PageStore::forget_outlinks(std::uint64_t fingerprint) { forget_outlinks_.run(fingerprint); }

std::vector<std::uint64_t> PageStore::outlinks(std::uint64_t fingerprint) {
  std::vector<std::uint64_t> links;
  if (!select_outlinks_.first(fingerprint)) return links;
  const std::string_view bytes = select_outlinks_.bytes(0);
  links.resize(bytes.size() / sizeof(std::uint64_t));
  // memcpy takes no null pointer, not even for nothing.
  if (!links.empty()) std::memcpy(links.data(), bytes.data(), links.size() * sizeof(std::uint64_t));
  select_outlinks_.reset();
  return links;
}

std::vector<std::optional<StoredPage>> PageStore::pages(
    std::span<const std::uint64_t> fingerprints) {
  std::vector<std::optional<StoredPage>> pages;
  for (const std::uint64_t fingerprint : fingerprints) {
    auto& page = pages.emplace_back();
    if (!select_url_.first(fingerprint)) continue;
    page = StoredPage{select_url_.string(0), static_cast<std::uint32_t>(select_url_.integer(1)),
                      select_url_.integer(2) != 0 ? RequestKind::kSitemap : RequestKind::kPage};
    select_url_.reset();
  }
  return pages;
}

}  // namespace placer
