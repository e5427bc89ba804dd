#include "scraper/frontier/key.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <vector>

#include "scraper/frontier/percent.h"

namespace placer {
namespace {

// Click ids and campaign marks, lower case, sorted. They are set by advertisers, mailing lists and
// share buttons; no site selects a page by them.
constexpr std::array<std::string_view, 66> kTracking = {
    "_branch_match_id",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_kx",
    "_openstat",
    "dclid",
    "dm_i",
    "ef_id",
    "epik",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "gad_campaignid",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "hsctatracking",
    "igsh",
    "igshid",
    "irclickid",
    "irgwc",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "ml_subscriber",
    "ml_subscriber_hash",
    "msclkid",
    "mtm_campaign",
    "mtm_cid",
    "mtm_content",
    "mtm_group",
    "mtm_keyword",
    "mtm_medium",
    "mtm_placement",
    "mtm_source",
    "oly_anon_id",
    "oly_enc_id",
    "piwik_campaign",
    "piwik_keyword",
    "piwik_kwd",
    "pk_campaign",
    "pk_content",
    "pk_keyword",
    "pk_kwd",
    "pk_medium",
    "pk_source",
    "rb_clickid",
    "ref_src",
    "ref_url",
    "s_kwcid",
    "srsltid",
    "ttclid",
    "twclid",
    "vero_conv",
    "vero_id",
    "wbraid",
    "yclid",
};
static_assert(std::is_sorted(kTracking.begin(), kTracking.end()));

constexpr std::array<std::string_view, 2> kTrackingPrefixes = {"hsa_", "utm_"};

// Session ids whatever their value. Lower case.
constexpr std::array<std::string_view, 8> kSessions = {
    "cfid", "cftoken", "jsessionid", "oscsid", "phpsessid", "sessionid", "sessid", "zenid",
};

// Session ids only when the value looks like one: elsewhere they are a station or a meeting.
constexpr std::array<std::string_view, 5> kPerhapsSessions = {
    "s_id", "sess", "session", "session_id", "sid",
};

bool is_letter_or_digit(char c) {
  const char lower = ascii_lower(c);
  return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

// Sixteen or more letters and digits, some of each.
bool looks_random(std::string_view value) {
  constexpr std::size_t kShortestSession = 16;
  const auto digits =
      std::count_if(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  return value.size() >= kShortestSession && digits > 0 &&
         static_cast<std::size_t>(digits) < value.size() &&
         std::all_of(value.begin(), value.end(), is_letter_or_digit);
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct Parameter {
  std::string_view text;  // "name=value", evened out
  std::string_view name() const { return text.substr(0, text.find('=')); }
  std::string_view value() const { return text.substr(std::min(name().size() + 1, text.size())); }
};

bool is_session(std::string_view lower_name, std::string_view value) {
  return contains(kSessions, lower_name) || lower_name.starts_with("aspsessionid") ||
         (contains(kPerhapsSessions, lower_name) && looks_random(value));
}

// True when the parameter selects no page.
bool is_noise(const Parameter& parameter) {
  constexpr std::size_t kLongestName = 32;
  const std::string_view name = parameter.name();
  if (name.empty() || name.size() > kLongestName) return parameter.text.empty();
  std::array<char, kLongestName> buffer{};
  std::transform(name.begin(), name.end(), buffer.begin(), ascii_lower);
  const std::string_view lower(buffer.data(), name.size());
  return std::any_of(kTrackingPrefixes.begin(), kTrackingPrefixes.end(),
                     [&](std::string_view prefix) { return lower.starts_with(prefix); }) ||
         std::binary_search(kTracking.begin(), kTracking.end(), lower) ||
         is_session(lower, parameter.value());
}

// ASP.NET's cookieless session: "(S(3gyz5u2lmpyo2x55))", where other letters may stand for S.
bool is_cookieless_session(std::string_view segment) {
  return segment.size() > 6 && segment[0] == '(' && segment[2] == '(' && segment.ends_with("))") &&
         std::string_view("AFSX").find(segment[1]) != std::string_view::npos;
}

// Appends a segment without its session parameters: "cafe;jsessionid=1;x=2" leaves "cafe;x=2".
void append_segment(std::string_view segment, std::string& out) {
  std::size_t end = std::min(segment.find(';'), segment.size());
  const std::string_view name = segment.substr(0, end);
  if (name == "." || name == "..") end = segment.size();  // bare, it would mean another path
  out.append(segment, 0, end);
  while (end < segment.size()) {
    const std::size_t begin = end + 1;
    end = std::min(segment.find(';', begin), segment.size());
    const Parameter parameter{segment.substr(begin, end - begin)};
    if (!parameter.text.empty() && is_noise(parameter)) continue;
    out += ';';
    out += parameter.text;
  }
}

void append_path(std::string_view path, std::string& out) {
  // The segments that may hold a session are rare; else all is copied at once.
  if (std::none_of(path.begin(), path.end(), [](char c) { return c == ';' || c == '('; })) {
    out += path;
    return;
  }
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::size_t begin = out.size();
    out += '/';
    append_segment(path.substr(0, end), out);
    path.remove_prefix(end);
    const bool last = path.empty();
    if (!last && is_cookieless_session(std::string_view(out).substr(begin + 1))) out.resize(begin);
  }
}

void append_query(std::string_view query, std::string& out) {
  std::vector<Parameter> parameters;
  for (std::size_t begin = 0; begin <= query.size();) {
    const std::size_t end = std::min(query.find('&', begin), query.size());
    const Parameter parameter{query.substr(begin, end - begin)};
    if (!is_noise(parameter)) parameters.push_back(parameter);
    begin = end + 1;
  }
  const auto by_name = [](const Parameter& a, const Parameter& b) { return a.name() < b.name(); };
  if (!std::is_sorted(parameters.begin(), parameters.end(), by_name)) {
    std::stable_sort(parameters.begin(), parameters.end(), by_name);
  }
  char separator = '?';
  for (const Parameter& parameter : parameters) {
    out += separator;
    out += parameter.text;
    separator = '&';
  }
}

// True when a URL without userinfo, query and fragment is its own dedupe key.
bool is_own_key(std::string_view path) {
  return path.find('%') == path.npos && path.find(';') == path.npos && path.find('(') == path.npos;
}

}  // namespace

std::string dedupe_key(const Url& url) {
  std::string key;
  key.reserve(url.href().size());
  key += url.scheme();
  key += "://";
  key += url.authority();

  // Evened out first: "%75tm_source" is utm_source.
  std::string scratch;
  const auto evened_out = [&scratch](std::string_view text) {
    if (text.find('%') == std::string_view::npos) return text;
    scratch.clear();
    append_evened_out(text, scratch);
    return std::string_view(scratch);
  };
  append_path(evened_out(url.path()), key);
  if (!url.query().empty()) append_query(evened_out(url.query()), key);
  return key;
}

std::uint64_t fingerprint(std::string_view dedupe_key) {
  const std::uint64_t hash = XXH3_64bits(dedupe_key.data(), dedupe_key.size());
  return hash == 0 ? 1 : hash;
}

Link link_to(Url url, LinkKind kind, std::string body) {
  Url bare = std::move(url).without_fragment_and_userinfo();
  const std::string& href = bare.href();
  Link link;
  link.kind = kind;
  const bool is_more = !body.empty() || kind == LinkKind::kSitemap;
  if (!is_more && bare.path_and_query().size() == bare.path().size() && is_own_key(bare.path())) {
    link.fingerprint = fingerprint(href);
  } else {
    std::string key = dedupe_key(bare);
    if (!body.empty()) key.append("\n").append(body);  // in no URL: it ends the key
    if (kind == LinkKind::kSitemap) key.append("\n");  // a page of the same URL is another one
    link.fingerprint = fingerprint(key);
  }
  link.url = std::move(bare).take_href();
  link.body = std::move(body);
  return link;
}

}  // namespace placer
