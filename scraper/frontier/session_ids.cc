#include "scraper/frontier/session_ids.h"

#include <algorithm>

#include "scraper/frontier/near_body.h"
#include "scraper/frontier/octets.h"

namespace placer {
namespace {

constexpr std::size_t kMostIdentifiers = 4;  // of one URL

std::uint32_t folded(std::uint64_t hash) { return static_cast<std::uint32_t>(hash ^ (hash >> 32)); }

// Where in URLs an identifier stands: behind which directories, or under which parameter's name.
std::uint32_t place_of_segment(const UrlShape& url, std::size_t index) {
  std::uint64_t hash = shape_hash("/");
  for (std::size_t i = 0; i < index; ++i) {
    hash = (hash ^ url.segments()[i].general) * 0x9E3779B97F4A7C15U;
  }
  return folded(hash);
}
std::uint32_t place_of_parameter(const UrlPiece& parameter) {
  return folded(shape_hash(parameter.name, shape_hash("?")));
}

// The URL without the pieces that `leaves_out` names. A path keeps its slash, a query without
// parameters goes.
template <class LeavesOut>
std::string rewritten(std::string_view path_and_query, const UrlShape& url, LeavesOut leaves_out) {
  const std::size_t mark = std::min(path_and_query.find('?'), path_and_query.size());
  std::string out;
  out.reserve(path_and_query.size());
  const char* from = path_and_query.data();
  for (std::size_t i = 0; i < url.segments().size(); ++i) {
    const UrlPiece& segment = url.segments()[i];
    if (!leaves_out(segment, i)) continue;
    out.append(from, segment.text.data());
    if (out.ends_with('/')) out.pop_back();
    from = segment.text.data() + segment.text.size();
  }
  out.append(from, path_and_query.data() + mark);
  if (out.empty()) out = "/";
  if (mark == path_and_query.size()) return out;
  // Parameters from where their name begins to the end of their value, the '&' before each.
  char separator = '?';
  for (const UrlPiece& parameter : url.parameters()) {
    if (leaves_out(parameter, 0)) continue;
    out += separator;
    separator = '&';
    const char* end = parameter.text.data() + parameter.text.size();
    out.append(parameter.name.data(), end);
  }
  return out;
}

}  // namespace

void SessionIds::fetched(std::string_view path_and_query, const UrlShape& url, std::uint64_t body,
                         bool states_new) {
  if (url.depth() > UrlShape::kMostPieces || url.parameter_count() > UrlShape::kMostPieces) return;
  std::size_t identifiers = 0;
  const auto look_at = [&](const UrlPiece& piece, std::uint32_t place) {
    if (!piece.perhaps_session() || ++identifiers > kMostIdentifiers) return;
    const std::string rest = rewritten(
        path_and_query, url,
        [&](const UrlPiece& other, std::size_t) { return other.text.data() == piece.text.data(); });
    compare(place, folded(shape_hash(rest)), body, states_new);
  };
  for (std::size_t i = 0; i < url.segments().size(); ++i) {
    look_at(url.segments()[i], place_of_segment(url, i));
  }
  for (const UrlPiece& parameter : url.parameters()) {
    look_at(parameter, place_of_parameter(parameter));
  }
  if (identifiers == 0) remember(folded(shape_hash(path_and_query)), body);
}

// The first page without an identifier is remembered as it is; so "/" and "/?visit=7f3a" meet.
void SessionIds::compare(std::uint32_t place, std::uint32_t url, std::uint64_t body,
                         bool states_new) {
  const auto page =
      std::find_if(pages_.begin(), pages_.end(), [&](const SeenPage& p) { return p.url == url; });
  if (page == pages_.end()) return remember(url, body);
  Evidence& evidence = evidence_for(place);
  const bool same = !states_new && near_body(page->body, body);
  if (!same) {
    evidence.different = static_cast<std::uint8_t>(std::min(evidence.different + 1, 250));
    page->body = body;
  } else if (!page->counted && (evidence.same == 0 || !near_body(evidence.body, body))) {
    evidence.same = static_cast<std::uint8_t>(std::min(evidence.same + 1, 250));
    evidence.body = body;
    page->counted = true;
  }
}

void SessionIds::remember(std::uint32_t url, std::uint64_t body) {
  if (std::any_of(pages_.begin(), pages_.end(), [&](const SeenPage& p) { return p.url == url; })) {
    return;
  }
  if (pages_.size() >= kMostPages) pages_.erase(pages_.begin());
  pages_.push_back({url, body, false});
}

SessionIds::Evidence& SessionIds::evidence_for(std::uint32_t place) {
  const auto known = std::find_if(evidence_.begin(), evidence_.end(),
                                  [&](const Evidence& e) { return e.place == place; });
  if (known != evidence_.end()) return *known;
  if (evidence_.size() >= kMostPlaces) {
    const auto unlearned = std::find_if(evidence_.begin(), evidence_.end(),
                                        [](const Evidence& e) { return !e.learned(); });
    evidence_.erase(unlearned != evidence_.end() ? unlearned : evidence_.begin());
  }
  Evidence evidence;
  evidence.place = place;
  return evidence_.emplace_back(evidence);
}

bool SessionIds::knows_any() const {
  return std::any_of(evidence_.begin(), evidence_.end(),
                     [](const Evidence& e) { return e.learned(); });
}

std::optional<std::string> SessionIds::without(std::string_view path_and_query) const {
  if (!knows_any()) return std::nullopt;
  const UrlShape url(path_and_query);
  if (url.depth() > UrlShape::kMostPieces || url.parameter_count() > UrlShape::kMostPieces) {
    return std::nullopt;
  }
  bool found = false;
  const auto leaves_out = [&](const UrlPiece& piece, std::size_t index) {
    if (!piece.perhaps_session()) return false;
    const std::uint32_t place =
        piece.name.data() == nullptr ? place_of_segment(url, index) : place_of_parameter(piece);
    const bool learned = std::any_of(evidence_.begin(), evidence_.end(), [&](const Evidence& e) {
      return e.place == place && e.learned();
    });
    found = found || learned;
    return learned;
  };
  std::string rest = rewritten(path_and_query, url, leaves_out);
  return found ? std::optional(std::move(rest)) : std::nullopt;
}

void SessionIds::encode(std::string& out) const {
  append_octets(static_cast<std::uint8_t>(pages_.size()), out);
  append_octets(static_cast<std::uint8_t>(evidence_.size()), out);
  for (const SeenPage& page : pages_) {
    append_octets(page.url, out);
    append_octets(page.body, out);
    append_octets(static_cast<std::uint8_t>(page.counted ? 1 : 0), out);
  }
  for (const Evidence& evidence : evidence_) {
    append_octets(evidence.place, out);
    append_octets(evidence.same, out);
    append_octets(evidence.different, out);
    append_octets(evidence.body, out);
  }
}

bool SessionIds::decode(std::string_view& text) {
  *this = {};
  SessionIds read;
  std::uint8_t pages = 0;
  std::uint8_t places = 0;
  if (!take_octets(text, pages) || !take_octets(text, places) || pages > kMostPages ||
      places > kMostPlaces) {
    return false;
  }
  for (std::uint8_t i = 0; i < pages; ++i) {
    SeenPage page;
    std::uint8_t counted = 0;
    if (!take_octets(text, page.url) || !take_octets(text, page.body) ||
        !take_octets(text, counted)) {
      return false;
    }
    page.counted = counted != 0;
    read.pages_.push_back(page);
  }
  for (std::uint8_t i = 0; i < places; ++i) {
    Evidence evidence;
    if (!take_octets(text, evidence.place) || !take_octets(text, evidence.same) ||
        !take_octets(text, evidence.different) || !take_octets(text, evidence.body)) {
      return false;
    }
    read.evidence_.push_back(evidence);
  }
  *this = std::move(read);
  return true;
}

}  // namespace placer
