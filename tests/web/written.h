// Sites written page by page, that may change between two crawls, and servers that answer
// conditional requests (RFC 9110 section 13).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/web/server.h"

namespace placer::web {

// What a server sends with a page for the next visit.
enum class Validation : std::uint8_t { kNone, kEtag, kLastModified };

// What was sent so far, headers not counted.
struct Traffic {
  std::uint64_t bodies = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unmodified = 0;  // answered 304
};

// Thread-safe. Its handlers share its pages.
class WrittenSite {
 public:
  explicit WrittenSite(Validation validation = Validation::kNone);

  // `target` is path and query. A page is modified when its body is put anew and differs.
  void put(const std::string& target, std::string body,
           const std::string& content_type = "text/html; charset=utf-8");
  void put_reply(const std::string& target, Reply reply);  // as it is
  void remove(const std::string& target);                  // 404 from then on

  Handler handler() const;
  Traffic traffic() const;  // since the last call

 private:
  struct Pages;
  std::shared_ptr<Pages> pages_;
};

// `handler` as a server that sends an ETag with each 200, a hash of its body, and answers 304 to
// those who have it. Counts in `traffic`, which is not thread-safe: read it between two crawls.
Handler with_etags(Handler handler, std::shared_ptr<Traffic> traffic);

// Only counts.
Handler counted(Handler handler, std::shared_ptr<Traffic> traffic);

// A page with a place, and with links; `name` tells it from others.
std::string place_page(const std::string& name, const std::string& phone,
                       const std::vector<std::string>& links = {});

// A page with nothing but links.
std::string link_page(const std::vector<std::string>& links);

}  // namespace placer::web
