#include "scraper/report/report.h"

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "scraper/report/deflated.h"
#include "scraper/report/page.h"
#include "scraper/report/place_columns_json.h"
#include "scraper/report/story_json.h"
#include "storage/query.h"
#include "storage/report.h"
#include "storage/times.h"

namespace placer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostHosts = 500;
constexpr std::size_t kMostChanges = 5000;

// The page with its title and its content filled in. The placeholders stand in web/page.html; what
// is put in place of one is not searched for the next.
std::string filled_page(std::string_view job, std::string_view blocks) {
  const std::string title = html_text(job);
  const std::array<std::pair<std::string_view, std::string_view>, 2> parts = {
      {{"<!--job-->", title}, {"<!--content-->", blocks}}};
  std::string_view rest = kReportPage;
  std::string page;
  page.reserve(rest.size() + blocks.size() + title.size());
  for (const auto& [mark, text] : parts) {
    const std::size_t at = rest.find(mark);
    page += rest.substr(0, at);
    page += text;
    rest.remove_prefix(at + mark.size());
  }
  page += rest;
  return page;
}

std::string block(std::string_view id, std::string_view json) {
  return "<script type=\"text/plain\" id=\"" + std::string(id) + "\">" + deflated_base64(json) +
         "</script>\n";
}

// Everything but the places.
Result<Json> story_json(const std::string& db, const ReportOptions& options) {
  auto lookup = Lookup::open(db);
  if (!lookup) return tl::unexpected(lookup.error());
  auto reader = ReportReader::open(db);
  if (!reader) return tl::unexpected(reader.error());
  const auto status = lookup->status();
  if (!status) return tl::unexpected(status.error());
  const auto pages = reader->pages();
  if (!pages) return tl::unexpected(pages.error());
  const auto politeness = lookup->politeness(0);
  if (!politeness) return tl::unexpected(politeness.error());
  auto changes = changes_json(*lookup, kMostChanges);
  if (!changes) return tl::unexpected(changes.error());
  return Json{{"job", status->job},
              {"database", std::filesystem::path(db).filename().string()},
              {"made_at", time_text(options.now)},
              {"program_version", options.program_version},
              {"observations", status->observations},
              {"queued", status->queued},
              {"pages", pages_json(*pages)},
              {"runs", runs_json(status->runs)},
              {"hosts", hosts_json(*status, *pages, kMostHosts)},
              {"host_count", status->hosts.size()},
              {"politeness", politeness_json(*politeness)},
              {"filtered", filtered_json(status->filtered)},
              {"changes", std::move(*changes)}};
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string_view basemap_json() { return kReportBasemap; }

Result<ReportContent> report_content(const std::string& db, const ReportOptions& options) {
  auto story = story_json(db, options);
  if (!story) return tl::unexpected(story.error());
  auto reader = ReportReader::open(db);
  if (!reader) return tl::unexpected(reader.error());
  PlaceColumns columns;
  const auto visited =
      reader->visit_places([&columns](const ReportedPlace& place) { columns.add(place); });
  if (!visited) return tl::unexpected(visited.error());
  ReportContent content{(*story)["job"].get<std::string>(), {}, columns.count()};
  content.json = story->dump(-1, ' ', false, Json::error_handler_t::replace);
  content.json.back() = ',';  // goes on where the object ended
  content.json += "\"places\":" + columns.json() + '}';
  return content;
}

Result<ReportSize> write_report(const std::string& db, std::ostream& out,
                                const ReportOptions& options) {
  auto content = report_content(db, options);
  if (!content) return tl::unexpected(content.error());
  std::string blocks = block("content", content->json);
  content->json = {};
  const std::string page = filled_page(content->job, blocks + block("basemap", kReportBasemap));
  out << page;
  if (!out.flush()) return fail(ErrorCode::kStorage, "cannot write the report");
  return ReportSize{content->places, page.size()};
}

std::string served_page(std::string_view job) {
  std::string page = filled_page(job, "");
  constexpr std::string_view kNothing = "default-src 'none'";
  const std::size_t at = page.find(kNothing);
  page.insert(at + kNothing.size(), "; connect-src 'self'");
  return page;
}

}  // namespace placer
