// What crosses the backend boundary: plain values that survive a pipe.
//
// One Request is exactly one HTTP exchange. A redirect is a Link, robots.txt is a Request, a retry
// is a new lease. Each struct lists its fields once, in fields(); the wire walks that list both
// ways.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scraper/place/place.h"
#include "scraper/result.h"

namespace placer {

enum class RequestKind : std::uint8_t { kPage, kRobots, kSitemap };

// What is known of the document, for a conditional request (RFC 9110 section 13.1). Empty:
// unconditional.
struct Validators {
  std::string etag;
  std::string last_modified;
  std::uint64_t content_hash = 0;  // of the decompressed body: the same again is unmodified too
};

struct Request {
  std::uint64_t id = 0;  // unique among the requests in flight; chosen by the frontier
  std::string url;       // absolute, serialized by the URL Standard, no fragment
  std::string body;      // of a POST; empty: GET. JSON when it begins with { or [, else a form
  RequestKind kind = RequestKind::kPage;
  std::uint32_t depth = 0;      // links followed from a start URL
  std::uint32_t attempt = 1;    // 1 for the first fetch of this URL
  std::uint32_t crashes = 0;    // workers that died of this request so far
  std::uint32_t redirects = 0;  // hops from the URL first asked for
  Validators validators;
};

enum class LinkKind : std::uint8_t {
  kAnchor,     // a, area
  kRelation,   // link rel=next, alternate, ...
  kCanonical,  // link rel=canonical, or the Link header
  kRedirect,   // the Location of a 3xx
  kMetaRefresh,
  kFrame,     // iframe, frame
  kEndpoint,  // asked for by a rule or a store locator; not bound to the job's scope
  kSitemap,   // a sitemap: named by robots.txt, the job or a sitemap index
};

struct Link {
  std::string url;                // absolute, serialized, no fragment
  std::uint64_t fingerprint = 0;  // of the dedupe key (frontier/key.h)
  LinkKind kind = LinkKind::kAnchor;
  bool nofollow = false;      // rel=nofollow/ugc/sponsored, or the page's robots directives
  std::string body;           // as Request::body
  std::int64_t modified = 0;  // when the page last changed, as a sitemap says; seconds since 1970
};

// One place as one page stated it.
struct Observation {
  std::string format;            // "json-ld", "microdata", ...
  std::string path;              // where in the page: "script[2]/@graph/0"
  std::string raw;               // the fields as found: a JSON object in schema.org's vocabulary
  Place place;                   // the same, cleaned
  std::uint32_t precedence = 0;  // of the format in the job's extract.formats; lower is believed
  std::uint32_t about = 0;       // of which observation of its page it is more; from 1, 0: its own
};

// What the document says of itself. Empty: not stated.
struct PageFacts {
  std::string title;
  std::string canonical;
  std::string language;  // BCP 47, as written
  std::string charset;   // the encoding used, by its Encoding Standard name
  bool noindex = false;
  bool nofollow = false;
};

// Microseconds; 0: not reached.
struct Timings {
  // From the request's last byte until the answer began to arrive: the server's time and the way
  // there, without connecting. At least; what lay unread while this program was busy is left out.
  std::uint64_t first_byte = 0;
  std::uint64_t total = 0;    // since the exchange began
  std::uint64_t process = 0;  // page, extract and place, after the body was complete
};

struct Outcome {
  Request request;
  std::uint16_t status = 0;  // of the HTTP response; 0: none came
  std::optional<Error> error;
  std::uint64_t body_bytes = 0;    // decompressed
  std::uint64_t content_hash = 0;  // of the decompressed body; 0: no body
  std::uint64_t simhash = 0;       // of the page's words (page/simhash.h); 0: none
  // A 304, or the body that the request's validators know: what is stored of the page holds.
  bool unmodified = false;
  std::string content_type;                         // as sent
  Validators validators;                            // as sent with this response
  std::optional<std::chrono::seconds> retry_after;  // RFC 9110 section 10.2.3
  Timings timings;
  std::string address;  // the peer's IP address
  PageFacts facts;
  std::vector<Link> links;
  std::vector<Observation> places;
  std::string robots_txt;  // the body, for RequestKind::kRobots with a 2xx
  // What each part of the job's rules took (extract/rules/parts.h); empty without rules.
  std::vector<std::uint32_t> rule_hits;
};

template <class Archive>
void fields(Archive& ar, Validators& v) {
  ar(v.etag, v.last_modified, v.content_hash);
}
template <class Archive>
void fields(Archive& ar, Request& r) {
  ar(r.id, r.url, r.body, r.kind, r.depth, r.attempt, r.crashes, r.redirects, r.validators);
}
template <class Archive>
void fields(Archive& ar, Link& l) {
  ar(l.url, l.fingerprint, l.kind, l.nofollow, l.body, l.modified);
}
template <class Archive>
void fields(Archive& ar, Place& p) {
  for_each_field([&ar](const char*, auto& value) { ar(value); }, p);
}
template <class Archive>
void fields(Archive& ar, Observation& o) {
  ar(o.format, o.path, o.raw, o.place, o.precedence, o.about);
}
template <class Archive>
void fields(Archive& ar, PageFacts& f) {
  ar(f.title, f.canonical, f.language, f.charset, f.noindex, f.nofollow);
}
template <class Archive>
void fields(Archive& ar, Timings& t) {
  ar(t.first_byte, t.total, t.process);
}
template <class Archive>
void fields(Archive& ar, Error& e) {
  ar(e.code, e.message);
}
template <class Archive>
void fields(Archive& ar, Outcome& o) {
  ar(o.request, o.status, o.error, o.body_bytes, o.content_hash, o.simhash, o.unmodified,
     o.content_type, o.validators, o.retry_after, o.timings, o.address, o.facts, o.links, o.places,
     o.robots_txt, o.rule_hits);
}

}  // namespace placer
