#include "scraper/report/service.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "storage/export.h"

namespace placer {
namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8";
constexpr std::string_view kJson = "application/json";

// Of every answer. That no Access-Control-Allow-Origin is among them keeps other origins out.
ServiceAnswer answer_of(int status, std::string_view type, std::string body) {
  return {status,
          {{"Content-Type", std::string(type)},
           {"Cache-Control", "no-store"},
           {"X-Content-Type-Options", "nosniff"},
           {"Referrer-Policy", "no-referrer"},
           {"Cross-Origin-Resource-Policy", "same-origin"},
           {"Cross-Origin-Opener-Policy", "same-origin"}},
          std::move(body)};
}

ServiceAnswer failure(const Error& error) {
  return answer_of(500, kText, "the database cannot be read: " + error.message + "\n");
}

// The policy that the page's own <meta> states; in a header it may also forbid framing.
std::string policy_of(std::string_view page) {
  constexpr std::string_view kBefore = "http-equiv=\"Content-Security-Policy\" content=\"";
  const std::size_t begin = page.find(kBefore) + kBefore.size();
  const std::size_t end = page.find('"', begin);
  return std::string(page.substr(begin, end - begin)) + "; frame-ancestors 'none'";
}

ServiceAnswer page_answer(std::string_view job) {
  std::string page = served_page(job);
  std::string policy = policy_of(page);
  ServiceAnswer answer = answer_of(200, "text/html; charset=utf-8", std::move(page));
  answer.headers.emplace_back("Content-Security-Policy", std::move(policy));
  answer.headers.emplace_back("X-Frame-Options", "DENY");
  return answer;
}

ServiceAnswer geojson_answer(const std::string& db) {
  std::ostringstream out;
  const auto count = export_places(db, ExportFormat::kGeojson, out);
  return count ? answer_of(200, "application/geo+json", std::move(out).str())
               : failure(count.error());
}

}  // namespace

bool is_loopback_host(std::string_view host, std::uint16_t port) {
  constexpr std::array<std::string_view, 3> kNames = {"localhost", "127.0.0.1", "[::1]"};
  const std::string suffix = ':' + std::to_string(port);
  if (host.ends_with(suffix)) {
    host.remove_suffix(suffix.size());
  } else if (port != 80) {
    return false;
  }
  return std::ranges::find(kNames, host) != kNames.end();
}

Result<ReportService> ReportService::open(const std::string& db, std::uint16_t port,
                                          std::string program_version) {
  auto reader = ReportReader::open(db);
  if (!reader) return tl::unexpected(reader.error());
  return ReportService(db, port, std::move(program_version), std::move(*reader));
}

Result<const ReportContent*> ReportService::current(Instant now) {
  const auto version = reader_.version();
  if (!version) return tl::unexpected(version.error());
  if (*version != read_version_) {
    auto content = report_content(db_, {program_version_, now});
    if (!content) return tl::unexpected(content.error());
    content_ = std::move(*content);
    read_version_ = *version;
  }
  return &content_;
}

ServiceAnswer ReportService::resource(std::string_view path, Instant now) {
  if (path == "/api/basemap.json") return answer_of(200, kJson, std::string(basemap_json()));
  if (path == "/api/places.geojson") return geojson_answer(db_);
  if (path == "/api/version") {
    const auto version = reader_.version();
    return version ? answer_of(200, kText, std::to_string(*version)) : failure(version.error());
  }
  if (path != "/" && path != "/api/report.json") {
    return answer_of(404, kText, "there is only the page at /, and what it asks for at /api/\n");
  }
  const auto found = current(now);
  if (!found) return failure(found.error());
  return path == "/" ? page_answer((*found)->job) : answer_of(200, kJson, (*found)->json);
}

ServiceAnswer ReportService::answer(std::string_view method, std::string_view target,
                                    std::string_view host, Instant now) {
  if (!is_loopback_host(host, port_)) {
    return answer_of(421, kText,
                     "this server answers only to localhost, 127.0.0.1 and [::1] with its port\n");
  }
  if (method != "GET" && method != "HEAD") {
    ServiceAnswer refusal = answer_of(405, kText, "the report is read-only\n");
    refusal.headers.emplace_back("Allow", "GET, HEAD");
    return refusal;
  }
  return resource(target.substr(0, target.find('?')), now);
}

}  // namespace placer
