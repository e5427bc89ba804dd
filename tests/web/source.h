// What a kind of generated site implements.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/web/site.h"

namespace placer::web {

class Site::Source {
 public:
  virtual ~Source() = default;

  virtual std::string robots_txt() const = 0;

  // The answer to the `attempt`th request (from 1) for `target`; nullopt: there is no such page.
  virtual std::optional<Reply> answer(std::string_view target, std::uint32_t attempt) const = 0;

  // The same for sources that need more of the request than its target.
  virtual std::optional<Reply> answer_request(const WebRequest& request,
                                              std::uint32_t attempt) const {
    return answer(request.target, attempt);
  }

  virtual std::vector<std::string> start_paths() const { return {"/"}; }
  virtual std::vector<std::string> page_paths() const = 0;
  virtual std::vector<TruthPlace> truth() const = 0;

  // True when the answer to `target` depends on the attempt.
  virtual bool counts_attempts(std::string_view) const { return false; }

  // The page as a file that says its own encoding.
  virtual SiteFile file(const std::string& path) const = 0;
};

// The sources behind Site's constructors.
std::shared_ptr<Site::Source> generated_source(const SiteOptions& options);
std::shared_ptr<Site::Source> heavy_source(std::uint32_t pages, std::uint64_t seed);
std::shared_ptr<Site::Source> town_source(std::uint64_t seed, int day);
std::shared_ptr<Site::Source> locator_source(std::uint64_t seed);
std::shared_ptr<Site::Source> trap_source(const std::string& kind, std::uint64_t seed);
std::shared_ptr<Site::Source> slow_source(std::uint32_t pages, std::chrono::milliseconds delay);

// UTF-8 to another encoding. Throws std::invalid_argument when `text` has no such form.
std::string encode(std::string_view text, const char* encoding);

}  // namespace placer::web
