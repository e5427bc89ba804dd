// URLs by the WHATWG URL Standard, http and https only.
//
// https://url.spec.whatwg.org/. Other schemes are not the crawler's: they parse to nothing.
// Hosts go through UTS 46 (ICU), IPv4 forms are normalized, userinfo is kept by the parser and
// dropped by without_userinfo().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace placer {

// A parsed, serialized URL. A value; the views point into href().
class Url {
 public:
  // Basic URL parser on `input` against an optional base. Nothing when it fails or the scheme is
  // neither http nor https.
  static std::optional<Url> parse(std::string_view input, const Url* base = nullptr);

  const std::string& href() const { return href_; }
  std::string_view scheme() const;     // "http" or "https"
  std::string_view userinfo() const;   // "user:password", without the '@'; mostly empty
  std::string_view host() const;       // ASCII, lower case; IPv6 in brackets
  std::string_view port() const;       // digits; empty for the default port
  std::string_view authority() const;  // host, or host:port when the port is not the default
  std::string_view path() const;       // begins with '/'
  std::string_view query() const;      // without '?'; empty when absent or empty
  std::string_view fragment() const;   // without '#'
  std::string origin() const;          // "https://host:port", the default port left out

  // What goes on the wire and into the frontier: no fragment, no userinfo.
  Url without_fragment_and_userinfo() const;

  bool operator==(const Url& other) const { return href_ == other.href_; }

 private:
  std::string href_;
  // Offsets into href_, in the order of the parts.
  std::uint32_t scheme_end_ = 0;  // the ':'
  std::uint32_t host_begin_ = 0;  // after "//" and userinfo
  std::uint32_t host_end_ = 0;
  std::uint32_t path_begin_ = 0;
  std::uint32_t query_begin_ = 0;     // the '?', or fragment_begin_
  std::uint32_t fragment_begin_ = 0;  // the '#', or the end
  friend class UrlParser;
};

}  // namespace placer
