// The host of a stored URL.
#pragma once

#include <string_view>

namespace placer {

// The host name of an http or https URL as placer serializes it, as in host.host.
inline std::string_view url_host(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const std::size_t port = url.rfind(':');
  return port != std::string_view::npos && url.find(']', port) == std::string_view::npos
             ? url.substr(0, port)
             : url;
}

}  // namespace placer
