// URLs by the WHATWG URL Standard, http and https only.
//
// https://url.spec.whatwg.org/. Other schemes are not the crawler's: they parse to nothing. Hosts
// go through UTS 46 (ICU), IPv4 forms are normalized. The parser keeps userinfo and fragment as the
// standard does; without_fragment_and_userinfo() drops them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace placer {

// A parsed, serialized URL. A value; the views point into href() and live as long as the Url does.
class Url {
 public:
  // No URL: all parts are empty.
  Url() = default;

  // A longer input is no URL: it keeps what one link can cost in check.
  static constexpr std::size_t kMaxInput = std::size_t{1} << 20;

  // The basic URL parser (section 4.4) on `input` against an optional base. `input` is UTF-8, with
  // U+FFFD read for what is ill-formed. Nothing when the parser fails or the scheme is neither http
  // nor https.
  static std::optional<Url> parse(std::string_view input, const Url* base = nullptr);

  const std::string& href() const { return href_; }
  std::string take_href() && { return std::move(href_); }
  std::string_view scheme() const;          // "http" or "https"
  std::string_view userinfo() const;        // "user:password", without the '@'; mostly empty
  std::string_view host() const;            // ASCII, lower case; IPv6 in brackets
  std::string_view port() const;            // digits; empty for the default port
  std::string_view authority() const;       // host, or host:port when the port is not the default
  std::string_view path() const;            // begins with '/'
  std::string_view query() const;           // without '?'; empty when absent or empty
  std::string_view fragment() const;        // without '#'; empty when absent or empty
  std::string_view path_and_query() const;  // as sent in a request: "/shop?id=1"
  std::string origin() const;               // "https://host:port", the default port left out

  // What goes on the wire and into the frontier: no fragment, no userinfo.
  Url without_fragment_and_userinfo() const&;
  Url without_fragment_and_userinfo() &&;

  bool operator==(const Url& other) const { return href_ == other.href_; }

 private:
  std::string_view part(std::uint32_t begin, std::uint32_t end) const;

  std::string href_;
  // Offsets into href_, in the order of the parts.
  std::uint32_t scheme_end_ = 0;      // the ':'
  std::uint32_t host_begin_ = 0;      // after "//" and userinfo
  std::uint32_t host_end_ = 0;        // the port's ':', or path_begin_
  std::uint32_t path_begin_ = 0;      // the first '/'
  std::uint32_t query_begin_ = 0;     // the '?', or fragment_begin_
  std::uint32_t fragment_begin_ = 0;  // the '#', or the end
  friend class UrlParser;
};

}  // namespace placer
