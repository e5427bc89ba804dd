#include "scraper/frontier/traps.h"

#include <algorithm>
#include <limits>

#include "scraper/frontier/near_body.h"
#include "scraper/frontier/octets.h"

namespace placer {
namespace {

// Credit is counted in eighths of a page.
constexpr int kPage = 8;
constexpr int kProvenCredit = 8 * kPage;
constexpr int kSecondChance = 4 * kPage;  // of a closed pattern in the next pass
constexpr int kForPlaces = 4 * kPage;
constexpr int kForLead = 2 * kPage;
constexpr int kForUnlike = kPage / 4;
// The more a pattern has given, the longer it may give nothing.
constexpr int kMostCredit = 4000;
constexpr int kMostForGains = kMostCredit - 16 * kPage;

constexpr std::uint16_t kProvenGains = 3;
constexpr std::size_t kDeep = 10;  // segments; pages that only seem new are not believed below

constexpr std::uint8_t kVersion = 1;

void count(std::uint16_t& counter) {
  if (counter < std::numeric_limits<std::uint16_t>::max()) ++counter;
}

// A number of the path is another one behind another directory: store 7 is not page 7.
std::uint64_t piece_hash(const UrlShape& url, std::size_t index) {
  const UrlPiece& segment = url.segments()[index];
  if (segment.kind != UrlPieceKind::kNumber || index == 0) return segment.hash;
  return segment.hash ^ (url.segments()[index - 1].general * 3);
}
std::uint64_t piece_hash(const UrlPiece& parameter) {
  return shape_hash(parameter.text, shape_hash("=", shape_hash(parameter.name)));
}

// So many pages of a new pattern count for a coarser one: that closes when many patterns turn out
// barren, not when one does. Three parameters may be combined without an end.
std::uint16_t young_for(PatternReach reach, std::size_t parameters) {
  if (reach != PatternReach::kParameters) return 2;
  return parameters < 2 ? 4 : parameters < 3 ? 6 : 16;
}

// The deeper a tree and the more parameters, the less a new pattern is trusted.
int start_credit(PatternReach reach, const UrlShape& url) {
  int pages = 16;
  if (reach == PatternReach::kTree || reach == PatternReach::kHost) {
    pages = url.depth() <= 4 ? 12 : url.depth() <= 6 ? 8 : 4;
  } else if (url.parameter_count() >= 2) {
    pages = url.parameter_count() == 2 ? 12 : 8;
  }
  return pages * kPage;
}

template <std::size_t N>
void add_distinct(std::uint32_t (&ids)[N], std::uint32_t id) {
  for (std::uint32_t& known : ids) {
    if (known == id) return;
    if (known == 0) {
      known = id;
      return;
    }
  }
}

template <std::size_t N>
bool has_other(const std::uint32_t (&ids)[N], std::uint32_t own) {
  return std::any_of(std::begin(ids), std::end(ids),
                     [own](std::uint32_t id) { return id != 0 && id != own; });
}

// Equal for pages that state a place again. A name found in plain text may be each page's own
// heading above the same address.
std::uint64_t place_hash(const Observation& observation) {
  const Place& place = observation.place;
  std::uint64_t hash = kShapeHash;
  const auto add = [&hash](const std::optional<std::string>& field) {
    hash = shape_hash("\n", shape_hash(field.value_or(""), hash));
  };
  if (observation.format != "text") {
    add(place.name);
    add(place.branch);
  }
  for (const auto* field : {&place.addr_full, &place.addr_street, &place.addr_housenumber,
                            &place.addr_postcode, &place.addr_city, &place.phone}) {
    add(*field);
  }
  return hash;
}

}  // namespace

void Leads::add(Lead lead) {
  if (lead.promise == Lead::Promise::kUnlike) add_distinct(unlike_, lead.pattern);
  if (lead.promise == Lead::Promise::kPlaces) add_distinct(places_, lead.pattern);
}

Lead::Promise Leads::best_beside(std::uint32_t own) const {
  if (has_other(places_, own)) return Lead::Promise::kPlaces;
  return has_other(unlike_, own) ? Lead::Promise::kUnlike : Lead::Promise::kNone;
}

std::optional<PageYield> yield_of(const Outcome& outcome) {
  PageYield yield;
  if (outcome.error || outcome.unmodified || outcome.status < 200 || outcome.status >= 500 ||
      outcome.status == 408 || outcome.status == 429) {
    return std::nullopt;
  }
  if (outcome.status >= 400) {
    yield.kind = PageYield::Kind::kMissing;
  } else if (outcome.status >= 300) {
    yield.kind = PageYield::Kind::kRedirect;
  }
  yield.body = outcome.simhash != 0 ? outcome.simhash : outcome.content_hash;
  for (const Observation& observation : outcome.places) {
    yield.places.push_back(place_hash(observation));
  }
  return yield;
}

bool HostPatterns::is_proven(const Pattern& pattern) {
  return pattern.gains >= kProvenGains && pattern.credit >= kProvenCredit;
}

const HostPatterns::Pattern* HostPatterns::find(std::uint32_t id) const {
  for (const Pattern& pattern : patterns_) {
    if (pattern.id == id) return &pattern;
  }
  return nullptr;
}

// What it would cost to forget it. The few of the whole host stay: they end every trap in the end.
int HostPatterns::worth(const Pattern& pattern) {
  constexpr int kMostForPages = 50;
  constexpr int kForClosed = 20;
  constexpr int kForTree = 15;
  constexpr int kForGains = 40;
  if (pattern.reach == PatternReach::kHost) return std::numeric_limits<int>::max();
  return std::min<int>(pattern.fetched, kMostForPages) + (is_closed(pattern) ? kForClosed : 0) +
         (pattern.reach == PatternReach::kTree ? kForTree : 0) +
         (pattern.gains > 0 ? kForGains : 0);
}

HostPatterns::Pattern& HostPatterns::pattern_for(std::uint32_t id, PatternReach reach,
                                                 const UrlShape& url) {
  for (Pattern& pattern : patterns_) {
    if (pattern.id == id) return pattern;
  }
  Pattern fresh;
  fresh.id = id;
  fresh.credit = static_cast<std::int16_t>(start_credit(reach, url));
  fresh.reach = reach;
  if (patterns_.size() < kMostPatterns) return patterns_.emplace_back(fresh);
  std::size_t victim = next_victim_ % kMostPatterns;
  for (std::size_t i = 1; i < kMostPatterns; ++i) {
    const std::size_t other = (next_victim_ + i) % kMostPatterns;
    if (worth(patterns_[other]) < worth(patterns_[victim])) victim = other;
  }
  next_victim_ = static_cast<std::uint8_t>((victim + 1) % kMostPatterns);
  return patterns_[victim] = fresh;
}

std::optional<TrapReason> HostPatterns::refuses(std::string_view path_and_query,
                                                std::chrono::sys_days today) const {
  const auto stripped = without_sessions(path_and_query);
  const UrlShape url(stripped ? *stripped : path_and_query);
  const auto form = trap_form(url, today);
  if (form && form != TrapReason::kDistantDate) return form;
  for (const std::uint32_t id : url.patterns()) {
    const Pattern* pattern = find(id);
    if (pattern == nullptr) continue;
    if (is_closed(*pattern)) return TrapReason::kBarrenPattern;
    // What looks like a date far away may be the number of a shop.
    if (is_proven(*pattern)) {
      return pattern->places > 0 && id == url.patterns().front() ? std::nullopt : form;
    }
  }
  return form;
}

bool HostPatterns::is_unlike(const UrlShape& url) const {
  for (std::size_t i = 0; i < url.segments().size(); ++i) {
    if (!pieces_.contains(piece_hash(url, i))) return true;
  }
  return std::any_of(url.parameters().begin(), url.parameters().end(),
                     [this](const UrlPiece& p) { return !pieces_.contains(piece_hash(p)); });
}

Lead HostPatterns::queued(std::string_view path_and_query) const {
  const auto stripped = without_sessions(path_and_query);
  const UrlShape url(stripped ? *stripped : path_and_query);
  Lead lead;
  lead.pattern = url.patterns().front();
  const Pattern* pattern = find(lead.pattern);
  if (pattern != nullptr && pattern->places > 0 && pattern->credit >= kProvenCredit) {
    lead.promise = Lead::Promise::kPlaces;
  } else if (is_unlike(url)) {
    lead.promise = Lead::Promise::kUnlike;
  }
  return lead;
}

bool HostPatterns::remember_body(std::uint64_t body) {
  if (body == 0) return false;
  const auto same = std::find_if(bodies_.begin(), bodies_.end(),
                                 [body](std::uint64_t other) { return near_body(body, other); });
  if (same != bodies_.end()) {
    std::rotate(bodies_.begin(), same, same + 1);
    return true;
  }
  if (bodies_.size() >= kMostBodies) bodies_.pop_back();
  // Behind those that came again, which are few: they are to stay.
  bodies_.insert(bodies_.begin() + static_cast<std::ptrdiff_t>(bodies_.size() / 4), body);
  return false;
}

// In eighths of a page.
int HostPatterns::earned(const UrlShape& url, const PageYield& yield, bool states_new,
                         bool repeats) const {
  using Promise = Lead::Promise;
  if (states_new) return kForPlaces;
  const Promise promise = yield.leads.best_beside(url.patterns().front());
  if (promise == Promise::kPlaces) return kForLead;
  const bool leads_on = promise == Promise::kUnlike;
  if (yield.kind == PageYield::Kind::kMissing) return -kPage;
  if (yield.kind == PageYield::Kind::kRedirect) return leads_on ? 0 : -kPage / 2;
  if (repeats) return leads_on ? -kPage * 3 / 4 : -kPage;
  // A URL of known pieces only: the next page of a calendar, a choice of facets, a path in circles.
  if (!leads_on && !is_unlike(url)) return -kPage;
  return url.depth() > kDeep ? -kPage / 8 : kForUnlike;
}

void HostPatterns::fetched(std::string_view path_and_query, const PageYield& yield) {
  const auto stripped = without_sessions(path_and_query);
  if (stripped) path_and_query = *stripped;
  const UrlShape url(path_and_query);
  const bool read = yield.kind == PageYield::Kind::kRead;
  const bool repeats = read && remember_body(yield.body);
  bool states_new = false;
  for (const std::uint64_t place : yield.places) states_new = !places_.insert(place) || states_new;
  const int credit = earned(url, yield, states_new, repeats);

  const auto ids = url.patterns();
  std::uint16_t pages_of_finest = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const PatternReach reach = url.reach(i);
    if (i > 0 && pages_of_finest > young_for(reach, url.parameter_count())) continue;
    Pattern& pattern = pattern_for(ids[i], reach, url);
    count(pattern.fetched);
    if (i == 0) pages_of_finest = pattern.fetched;
    if (credit >= kForLead) count(pattern.gains);
    if (states_new) count(pattern.places);
    const int most = start_credit(reach, url) + std::min<int>(pattern.gains, kMostForGains);
    pattern.credit = static_cast<std::int16_t>(
        std::clamp<int>(pattern.credit + credit, 0, std::max<int>(most, pattern.credit)));
  }

  for (std::size_t i = 0; i < url.segments().size(); ++i) pieces_.insert(piece_hash(url, i));
  for (const UrlPiece& parameter : url.parameters()) pieces_.insert(piece_hash(parameter));
  if (read && yield.body != 0) sessions_.fetched(path_and_query, url, yield.body, states_new);
}

void HostPatterns::begin_pass() {
  for (Pattern& pattern : patterns_) {
    pattern.credit = std::max<std::int16_t>(pattern.credit, kSecondChance);
  }
  bodies_.clear();
  pieces_.clear();
  places_.clear();
}

std::string HostPatterns::encode() const {
  if (patterns_.empty()) return {};
  std::string out;
  append_octets(kVersion, out);
  append_octets(next_victim_, out);
  append_octets(static_cast<std::uint8_t>(patterns_.size()), out);
  append_octets(static_cast<std::uint8_t>(bodies_.size()), out);
  for (const Pattern& pattern : patterns_) {
    append_octets(pattern.id, out);
    append_octets(pattern.credit, out);
    append_octets(pattern.fetched, out);
    append_octets(pattern.gains, out);
    append_octets(pattern.places, out);
    append_octets(static_cast<std::uint8_t>(pattern.reach), out);
  }
  for (const std::uint64_t body : bodies_) append_octets(body, out);
  pieces_.encode(out);
  places_.encode(out);
  sessions_.encode(out);
  return out;
}

HostPatterns HostPatterns::decode(std::string_view octets) {
  HostPatterns read;
  std::uint8_t version = 0;
  std::uint8_t patterns = 0;
  std::uint8_t bodies = 0;
  if (!take_octets(octets, version) || version != kVersion ||
      !take_octets(octets, read.next_victim_) || !take_octets(octets, patterns) ||
      !take_octets(octets, bodies) || patterns > kMostPatterns || bodies > kMostBodies) {
    return {};
  }
  for (std::uint8_t i = 0; i < patterns; ++i) {
    Pattern pattern;
    std::uint8_t reach = 0;
    if (!take_octets(octets, pattern.id) || !take_octets(octets, pattern.credit) ||
        !take_octets(octets, pattern.fetched) || !take_octets(octets, pattern.gains) ||
        !take_octets(octets, pattern.places) || !take_octets(octets, reach) ||
        reach > static_cast<std::uint8_t>(PatternReach::kHost)) {
      return {};
    }
    pattern.reach = static_cast<PatternReach>(reach);
    pattern.credit = std::clamp<std::int16_t>(pattern.credit, 0, kMostCredit);
    read.patterns_.push_back(pattern);
  }
  for (std::uint8_t i = 0; i < bodies; ++i) {
    std::uint64_t body = 0;
    if (!take_octets(octets, body)) return {};
    read.bodies_.push_back(body);
  }
  for (RecentSet* set : {&read.pieces_, &read.places_}) {
    if (octets.size() < RecentSet::kEncoded) return {};
    set->decode(octets.substr(0, RecentSet::kEncoded));
    octets.remove_prefix(RecentSet::kEncoded);
  }
  return read.sessions_.decode(octets) ? read : HostPatterns();
}

}  // namespace placer
