#include "scraper/frontier/url.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "scraper/ascii.h"
#include "scraper/frontier/host.h"
#include "scraper/frontier/percent.h"

namespace placer {
namespace {

constexpr std::size_t kSchemeSeparator = 3;  // "://"

bool is_slash(char c) { return c == '/' || c == '\\'; }
bool is_tab_or_newline(char c) { return c == '\t' || c == '\n' || c == '\r'; }
using ascii::is_digit;
bool is_letter(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }

// The first of / \ ? # ends an authority and a path segment; the size of `text` where none is.
std::size_t part_end(std::string_view text) {
  const auto* end = std::find_if(text.begin(), text.end(),
                                 [](char c) { return is_slash(c) || c == '?' || c == '#'; });
  return static_cast<std::size_t>(end - text.begin());
}

// What an octet of a reference is to the path in front of it.
enum PathOctet : std::uint8_t {
  kStands,  // for itself
  kSlash,
  kDot,    // itself too, but for the first of a segment: with '%', for "%2e" stands for it
  kEnds,   // the path
  kOther,  // is encoded, or a '\\'
};

constexpr std::array<std::uint8_t, 256> make_path_octets() {
  std::array<std::uint8_t, 256> octets{};
  octets.fill(kOther);
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_~!$&'()*+,;=:@|[]")) {
    octets[static_cast<unsigned char>(c)] = kStands;
  }
  octets['/'] = kSlash;
  octets['.'] = octets['%'] = kDot;
  octets['?'] = octets['#'] = kEnds;
  return octets;
}

constexpr std::array<std::uint8_t, 256> kPathOctets = make_path_octets();

// How long the path in front of `text` is, when it can be copied as it stands: nothing has to be
// encoded, and no segment consists of dots.
std::optional<std::size_t> plain_path(std::string_view text) {
  bool begins = true;  // a segment
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t octet = kPathOctets[static_cast<unsigned char>(text[i])];
    if (octet == kEnds) return i;
    if (octet == kOther || (octet == kDot && begins)) return std::nullopt;
    begins = octet == kSlash;
  }
  return text.size();
}

// ASCII without controls.
bool is_printable(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::uint64_t odd = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t octets = 0;
    std::memcpy(&octets, text.data() + i, sizeof octets);
    odd |= octets | (octets - 0x20 * kOnes);  // a borrow only comes from what is odd already
  }
  for (; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    odd |= octet < 0x20 ? 0x80U : octet;
  }
  return (odd & (0x80 * kOnes)) == 0;
}

// Without C0 controls and spaces at both ends, without tabs and newlines, well-formed UTF-8.
// Points into `scratch` when something had to change.
std::string_view cleaned(std::string_view input, std::string& scratch) {
  const auto is_edge = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!input.empty() && is_edge(input.front())) input.remove_prefix(1);
  while (!input.empty() && is_edge(input.back())) input.remove_suffix(1);
  if (is_printable(input)) return input;
  const bool tabs = std::any_of(input.begin(), input.end(), is_tab_or_newline);
  if (!is_ascii(input)) {
    append_well_formed_utf8(input, scratch);
  } else if (tabs) {
    scratch = input;
  } else {
    return input;
  }
  if (tabs) std::erase_if(scratch, is_tab_or_newline);
  return scratch;
}

// The scheme in front of a ':'; nothing for a relative reference.
std::optional<std::string_view> leading_scheme(std::string_view input) {
  if (input.empty() || !is_letter(input[0])) return std::nullopt;
  const auto* end = std::find_if_not(input.begin(), input.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
  if (end == input.end() || *end != ':') return std::nullopt;
  return input.substr(0, static_cast<std::size_t>(end - input.begin()));
}

// "%2e" stands for a dot here, in either case.
bool take_dot(std::string_view& segment) {
  const bool plain = segment.starts_with('.');
  if (!plain && percent_triplet(segment, 0) != '.') return false;
  segment.remove_prefix(plain ? 1 : 3);
  return true;
}

// How many dots a segment consists of: 1 or 2, and 0 for any other segment.
int dot_segment(std::string_view segment) {
  if (segment.empty() || (segment[0] != '.' && segment[0] != '%')) return 0;
  if (!take_dot(segment)) return 0;
  if (segment.empty()) return 1;
  return take_dot(segment) && segment.empty() ? 2 : 0;
}

}  // namespace

// Writes the parts to href_ one after the other, taking each from the front of rest_.
class UrlParser {
 public:
  UrlParser(std::string_view input, const Url* base) : rest_(input), base_(base) {}

  std::optional<Url> parse() {
    const auto scheme = leading_scheme(rest_);
    if (!scheme) {
      if (base_ == nullptr || !parse_relative()) return std::nullopt;
      return std::move(url_);
    }
    const bool https = equal_ignoring_ascii_case(*scheme, "https");
    if (!https && !equal_ignoring_ascii_case(*scheme, "http")) return std::nullopt;
    const std::string_view name = https ? "https" : "http";
    rest_.remove_prefix(scheme->size() + 1);
    const bool same = base_ != nullptr && base_->scheme() == name;
    // "http:foo" is relative to a base of the same scheme.
    const bool relative = same && (!rest_.starts_with("//") || drop_own_authority());
    if (!(relative ? parse_relative() : parse_absolute(name))) return std::nullopt;
    return std::move(url_);
  }

 private:
  // Most absolute URLs name the site they stand on: what follows "//" and the base's authority is
  // relative to it, if it is a path. An authority parses to itself.
  bool drop_own_authority() {
    const std::string_view own = base_->authority();
    std::string_view path = rest_.substr(2);
    if (!base_->userinfo().empty() || !path.starts_with(own)) return false;
    path.remove_prefix(own.size());
    if (!path.starts_with('/') || (path.size() > 1 && is_slash(path[1]))) return false;
    rest_ = path;
    return true;
  }

  bool parse_absolute(std::string_view scheme) {
    url_.href_.reserve(scheme.size() + kSchemeSeparator + rest_.size() + 1);
    url_.href_ += scheme;
    url_.href_ += "://";
    url_.scheme_end_ = static_cast<std::uint32_t>(scheme.size());
    const auto* begin = std::find_if_not(rest_.begin(), rest_.end(), is_slash);
    rest_.remove_prefix(static_cast<std::size_t>(begin - rest_.begin()));
    if (!parse_authority()) return false;
    url_.path_begin_ = here();
    url_.href_ += '/';
    if (!rest_.empty() && is_slash(rest_[0])) rest_.remove_prefix(1);
    parse_path();
    return true;
  }

  // The relative state: `rest_` has no scheme, or the base's.
  bool parse_relative() {
    if (rest_.empty() || rest_[0] == '#') {
      copy_base(base_->fragment_begin_);
      url_.query_begin_ = base_->query_begin_;
      parse_fragment();
    } else if (rest_[0] == '?') {
      copy_base(base_->query_begin_);
      parse_query();
    } else if (!is_slash(rest_[0])) {
      copy_base(base_->path_begin_ + base_->path().rfind('/') + 1);
      parse_path();
    } else if (rest_.size() > 1 && is_slash(rest_[1])) {
      return parse_absolute(base_->scheme());
    } else {
      copy_base(base_->path_begin_ + 1);
      rest_.remove_prefix(1);
      parse_path();
    }
    return true;
  }

  void copy_base(std::size_t end) {
    url_.href_.reserve(end + rest_.size());
    url_.href_.assign(base_->href_, 0, end);
    url_.scheme_end_ = base_->scheme_end_;
    url_.host_begin_ = base_->host_begin_;
    url_.host_end_ = base_->host_end_;
    url_.path_begin_ = base_->path_begin_;
  }

  // Userinfo, host and port (the authority, host and port states).
  bool parse_authority() {
    std::string_view authority = take(part_end(rest_));
    const std::size_t at = authority.rfind('@');
    if (at != std::string_view::npos) {
      parse_userinfo(authority.substr(0, at));
      authority.remove_prefix(at + 1);
    }
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    const std::size_t colon = authority.find(':', std::min(bracket, authority.size()));
    const std::string_view host = authority.substr(0, colon);
    url_.host_begin_ = here();
    if (host.empty() || !append_host(host, url_.href_)) return false;
    url_.host_end_ = here();
    return colon == std::string_view::npos || parse_port(authority.substr(colon + 1));
  }

  void parse_userinfo(std::string_view userinfo) {
    const std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
    const std::string_view user = userinfo.substr(0, colon);
    const std::string_view password = userinfo.substr(std::min(colon + 1, userinfo.size()));
    append_percent_encoded(user, PercentSet::kUserinfo, url_.href_);
    if (!password.empty()) {
      url_.href_ += ':';
      append_percent_encoded(password, PercentSet::kUserinfo, url_.href_);
    }
    if (!user.empty() || !password.empty()) url_.href_ += '@';
  }

  bool parse_port(std::string_view digits) {
    if (digits.empty()) return true;
    std::uint32_t port = 0;
    for (const char c : digits) {
      if (!is_digit(c)) return false;
      port = port * 10 + static_cast<std::uint32_t>(c - '0');
      if (port > 65535) return false;
    }
    const std::uint32_t default_port = url_.scheme_end_ == 4 ? 80 : 443;
    if (port == default_port) return true;
    url_.href_ += ':';
    url_.href_ += std::to_string(port);
    return true;
  }

  // REQUIRES that href_ ends with the '/' after which the next segment belongs.
  void parse_path() {
    std::string& href = url_.href_;
    for (bool may_be_plain = true;;) {
      if (const auto plain = may_be_plain ? plain_path(rest_) : std::nullopt) {
        href += take(*plain);
        break;
      }
      const std::string_view segment = take(part_end(rest_));
      const bool more = !rest_.empty() && is_slash(rest_[0]);
      const int dots = dot_segment(segment);
      may_be_plain = dots > 0;  // else what stopped plain_path() may still be ahead
      if (dots == 0) {
        append_percent_encoded(segment, PercentSet::kPath, href);
        if (more) href += '/';
      } else if (dots == 2 && href.size() > url_.path_begin_ + std::size_t{1}) {
        href.resize(href.rfind('/', href.size() - 2) + 1);
      }
      if (!more) break;
      rest_.remove_prefix(1);
    }
    parse_query();
  }

  void parse_query() {
    url_.query_begin_ = here();
    if (rest_.starts_with('?')) {
      rest_.remove_prefix(1);
      url_.href_ += '?';
      append_percent_encoded(take(std::min(rest_.find('#'), rest_.size())), PercentSet::kQuery,
                             url_.href_);
    }
    parse_fragment();
  }

  void parse_fragment() {
    url_.fragment_begin_ = here();
    if (!rest_.starts_with('#')) return;
    rest_.remove_prefix(1);
    url_.href_ += '#';
    append_percent_encoded(rest_, PercentSet::kFragment, url_.href_);
  }

  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::uint32_t here() const { return static_cast<std::uint32_t>(url_.href_.size()); }

  Url url_;
  std::string_view rest_;
  const Url* base_;
};

std::optional<Url> Url::parse(std::string_view input, const Url* base) {
  if (input.size() > kMaxInput) return std::nullopt;
  std::string scratch;
  return UrlParser(cleaned(input, scratch), base).parse();
}

std::string_view Url::part(std::uint32_t begin, std::uint32_t end) const {
  if (begin >= end || begin >= href_.size()) return {};
  return std::string_view(href_).substr(begin, end - begin);
}

std::string_view Url::scheme() const { return part(0, scheme_end_); }

std::string_view Url::userinfo() const {
  return part(scheme_end_ + std::uint32_t{kSchemeSeparator}, host_begin_ - 1);
}

std::string_view Url::host() const { return part(host_begin_, host_end_); }
std::string_view Url::port() const { return part(host_end_ + 1, path_begin_); }
std::string_view Url::authority() const { return part(host_begin_, path_begin_); }
std::string_view Url::path() const { return part(path_begin_, query_begin_); }
std::string_view Url::query() const { return part(query_begin_ + 1, fragment_begin_); }
std::string_view Url::path_and_query() const { return part(path_begin_, fragment_begin_); }

std::string_view Url::fragment() const {
  return part(fragment_begin_ + 1, static_cast<std::uint32_t>(href_.size()));
}

std::string Url::origin() const {
  std::string origin(part(0, scheme_end_));
  origin += "://";
  origin += authority();
  return origin;
}

Url Url::without_fragment_and_userinfo() const& {
  return Url(*this).without_fragment_and_userinfo();
}

Url Url::without_fragment_and_userinfo() && {
  href_.resize(fragment_begin_);
  const std::uint32_t userinfo_begin = scheme_end_ + std::uint32_t{kSchemeSeparator};
  const std::uint32_t removed = host_begin_ - userinfo_begin;
  if (removed > 0) {
    href_.erase(userinfo_begin, removed);
    for (std::uint32_t* offset :
         {&host_begin_, &host_end_, &path_begin_, &query_begin_, &fragment_begin_}) {
      *offset -= removed;
    }
  }
  return std::move(*this);
}

}  // namespace placer
