#include "tests/web/written.h"

#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace placer::web {
namespace {

// Moments a day apart; the first is a Sunday.
std::string http_date(std::uint32_t version) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const std::uint32_t day = version % 28;
  return std::string(kDays[day % 7]) + ", " + (day < 9 ? "0" : "") + std::to_string(day + 1) +
         " Jan 2023 00:00:00 GMT";
}

bool asks_for_other_than(const WebRequest& request, const char* header, const std::string& known) {
  const std::string* value = request.header(header);
  return value == nullptr || *value != known;
}

void note(const Reply& reply, Traffic& traffic) {
  if (reply.status == 304) {
    ++traffic.unmodified;
  } else {
    ++traffic.bodies;
    traffic.bytes += reply.body.size();
  }
}

}  // namespace

struct WrittenSite::Pages {
  struct Page {
    Reply reply;
    std::uint32_t version = 0;
  };
  Validation validation;
  std::mutex mutex;
  std::map<std::string, Page> pages;  // guarded by mutex, as is the next
  Traffic traffic;

  explicit Pages(Validation how) : validation(how) {}

  Reply answer(const WebRequest& request) {
    const std::lock_guard lock(mutex);
    Reply reply;
    const auto found = pages.find(request.target);
    if (found == pages.end()) {
      reply.status = 404;
    } else {
      reply = validated(found->second, request);
    }
    note(reply, traffic);
    return reply;
  }

  Reply validated(const Page& page, const WebRequest& request) const {
    Reply reply = page.reply;
    if (reply.status != 200 || validation == Validation::kNone) return reply;
    const bool etag = validation == Validation::kEtag;
    const std::string value =
        etag ? "\"v" + std::to_string(page.version) + "\"" : http_date(page.version);
    reply.headers.emplace_back(etag ? "ETag" : "Last-Modified", value);
    if (asks_for_other_than(request, etag ? "If-None-Match" : "If-Modified-Since", value)) {
      return reply;
    }
    reply.status = 304;
    reply.body.clear();
    return reply;
  }
};

WrittenSite::WrittenSite(Validation validation) : pages_(std::make_shared<Pages>(validation)) {}

void WrittenSite::put(const std::string& target, std::string body,
                      const std::string& content_type) {
  const std::lock_guard lock(pages_->mutex);
  Pages::Page& page = pages_->pages[target];
  if (page.reply.body != body) ++page.version;
  page.reply.status = 200;
  page.reply.headers = {{"Content-Type", content_type}};
  page.reply.body = std::move(body);
}

void WrittenSite::put_reply(const std::string& target, Reply reply) {
  const std::lock_guard lock(pages_->mutex);
  pages_->pages[target].reply = std::move(reply);
}

void WrittenSite::remove(const std::string& target) {
  const std::lock_guard lock(pages_->mutex);
  pages_->pages.erase(target);
}

Handler WrittenSite::handler() const {
  return [pages = pages_](const WebRequest& request) { return pages->answer(request); };
}

Traffic WrittenSite::traffic() const {
  const std::lock_guard lock(pages_->mutex);
  return std::exchange(pages_->traffic, {});
}

Handler with_etags(Handler handler, std::shared_ptr<Traffic> traffic) {
  return [handler = std::move(handler), traffic = std::move(traffic)](const WebRequest& request) {
    Reply reply = handler(request);
    if (reply.status == 200) {
      const std::string etag = "\"" + std::to_string(std::hash<std::string>{}(reply.body)) + "\"";
      reply.headers.emplace_back("ETag", etag);
      if (!asks_for_other_than(request, "If-None-Match", etag)) {
        reply.status = 304;
        reply.body.clear();
      }
    }
    note(reply, *traffic);
    return reply;
  };
}

Handler counted(Handler handler, std::shared_ptr<Traffic> traffic) {
  return [handler = std::move(handler), traffic = std::move(traffic)](const WebRequest& request) {
    Reply reply = handler(request);
    note(reply, *traffic);
    return reply;
  };
}

std::string link_page(const std::vector<std::string>& links) {
  std::string html = "<!doctype html><title>List</title>\n";
  for (const std::string& link : links) html += "<p><a href='" + link + "'>" + link + "</a></p>\n";
  return html;
}

std::string place_page(const std::string& name, const std::string& phone,
                       const std::vector<std::string>& links) {
  return link_page(links) +
         "<script type='application/ld+json'>{\"@context\": \"https://schema.org\", \"@type\": "
         "\"CafeOrCoffeeShop\", \"name\": \"" +
         name + "\", \"telephone\": \"" + phone +
         "\", \"address\": {\"@type\": \"PostalAddress\", \"streetAddress\": \"" + name +
         " Street 1\", \"addressLocality\": \"Berlin\", \"addressCountry\": \"DE\"}}</script>\n";
}

}  // namespace placer::web
