#include "tests/web/site.h"

#include <iconv.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <stdexcept>

#include "tests/web/source.h"

namespace placer::web {
namespace {

Reply text_reply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  reply.body = std::move(body);
  return reply;
}

// Requests so far for each target whose answer depends on it.
class Attempts {
 public:
  std::uint32_t next(const std::string& target) {
    const std::lock_guard lock(mutex_);
    return ++counts_[target];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::uint32_t> counts_;  // guarded by mutex_
};

// Also in absolute-form, as a proxy is asked (RFC 9112 section 3.2.2).
bool is_robots_txt(std::string_view target) {
  if (target.starts_with("http://")) {
    target.remove_prefix(std::min(target.find('/', 7), target.size()));
  }
  return target == "/robots.txt";
}

bool write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file.good();
}

}  // namespace

Site::Site(const SiteOptions& options) : source_(generated_source(options)) {}

Site Site::town(std::uint64_t seed, int day) { return Site(town_source(seed, day)); }

Site Site::heavy(std::uint32_t pages, std::uint64_t seed) {
  return Site(heavy_source(pages, seed));
}

Site Site::slow(std::uint32_t pages, std::chrono::milliseconds delay) {
  return Site(slow_source(pages, delay));
}

Site Site::locators(std::uint64_t seed) { return Site(locator_source(seed)); }

Site Site::traps(const std::string& kind, std::uint64_t seed) {
  return Site(trap_source(kind, seed));
}

Handler Site::handler() const {
  return [source = source_, attempts = std::make_shared<Attempts>()](const WebRequest& request) {
    if (is_robots_txt(request.target)) return text_reply(200, source->robots_txt());
    const bool counted = source->counts_attempts(request.target);
    const std::uint32_t attempt = counted ? attempts->next(request.target) : 1;
    std::optional<Reply> reply = source->answer_request(request, attempt);
    return reply ? std::move(*reply) : text_reply(404, "There is no such page.\n");
  };
}

std::vector<std::string> Site::start_paths() const { return source_->start_paths(); }
std::vector<std::string> Site::page_paths() const { return source_->page_paths(); }
std::vector<TruthPlace> Site::truth() const { return source_->truth(); }

bool Site::write(const std::filesystem::path& folder) const {
  bool written = write_file(folder / "robots.txt", source_->robots_txt()) &&
                 write_file(folder / "truth.jsonl", truth_lines(truth()));
  for (const std::string& path : page_paths()) {
    const std::string name = path.ends_with('/') ? path + "index.html" : path;
    written = written && write_file(folder / name.substr(1), source_->file(path).body);
  }
  return written;
}

std::string encode(std::string_view text, const char* encoding) {
  const iconv_t converter = ::iconv_open(encoding, "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    throw std::invalid_argument(std::string("no such encoding: ") + encoding);
  }
  std::string out(text.size() * 4 + 16, '\0');
  std::string in(text);
  char* from = in.data();
  char* to = out.data();
  std::size_t in_left = in.size();
  std::size_t out_left = out.size();
  const std::size_t result = ::iconv(converter, &from, &in_left, &to, &out_left);
  ::iconv_close(converter);
  if (result == static_cast<std::size_t>(-1)) {
    throw std::invalid_argument("text without a form in " + std::string(encoding));
  }
  out.resize(out.size() - out_left);
  return out;
}

}  // namespace placer::web
