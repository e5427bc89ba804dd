#include "tests/web/markup.h"
#include "tests/web/source.h"

namespace placer::web {
namespace {

class SlowSource : public Site::Source {
 public:
  SlowSource(std::uint32_t pages, std::chrono::milliseconds delay) : pages_(pages), delay_(delay) {}

  std::string robots_txt() const override { return "User-agent: *\nAllow: /\n"; }
  std::vector<std::string> start_paths() const override { return page_paths(); }
  std::vector<TruthPlace> truth() const override { return {}; }

  std::vector<std::string> page_paths() const override {
    std::vector<std::string> paths;
    for (std::uint32_t i = 1; i <= pages_; ++i) paths.push_back("/slow/" + std::to_string(i));
    return paths;
  }

  std::optional<Reply> answer(std::string_view target, std::uint32_t) const override {
    if (!target.starts_with("/slow/")) return std::nullopt;
    Reply reply;
    const SiteFile page = file(std::string(target));
    reply.headers = {{"Content-Type", page.content_type}};
    reply.body = page.body;
    reply.delay = delay_;
    return reply;
  }

  SiteFile file(const std::string& path) const override {
    Document document;
    document.title = "Slow page";
    document.language = "en";
    document.charset = "utf-8";
    document.main = "<p>" + escape_html(path) + "</p>\n";
    return {path, "text/html; charset=utf-8", html(document)};
  }

 private:
  std::uint32_t pages_;
  std::chrono::milliseconds delay_;
};

}  // namespace

std::shared_ptr<Site::Source> slow_source(std::uint32_t pages, std::chrono::milliseconds delay) {
  return std::make_shared<SlowSource>(pages, delay);
}

}  // namespace placer::web
