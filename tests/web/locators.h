// Ten chains on ten store-locator platforms, for a server that stands in for every host.
//
// Each chain has a site of its own, http://www.CHAIN.example/, whose page /stores shows what the
// platform's customers put into theirs; the platform's endpoint answers in its shape, on the
// platform's host or on the chain's. A crawler reaches all of them through one server as its
// proxy (RFC 9112 section 3.2.2: absolute-form). Pages name the platforms without a scheme, so that
// endpoints are asked for by http as the pages are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/web/places.h"
#include "tests/web/server.h"

namespace placer::web {

// Keys that the platforms gave to the chains.
inline constexpr const char* kLocatorKey = "0123456789abcdef0123456789abcdef";
inline constexpr const char* kLocatorUuid = "0a1b2c3d-0000-4000-8000-00000000beef";

struct LocatorChain {
  std::string platform;  // "stockist"
  std::string host;      // "www.bakery.example"
  std::string name;
  std::vector<GeneratedPlace> stores;  // truth.page is the URL of the page that shows the platform

  std::string stores_url() const { return "http://" + host + "/stores"; }
};

// The same seed gives the same chains.
std::vector<LocatorChain> locator_chains(std::uint64_t seed);

// What `chain`'s page has for its platform, as HTML.
std::string locator_snippet(const LocatorChain& chain);

// The answer of the chain's endpoint; nullopt when `request` is not for it. Its target is in
// absolute-form.
std::optional<Reply> locator_answer(const LocatorChain& chain, const WebRequest& request);

}  // namespace placer::web
