#include "config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "config/extend.h"
#include "config/reader.h"
#include "config/values.h"
#include "config/yaml_text.h"

namespace placer {
namespace {

constexpr std::ptrdiff_t kMostDotsInKey = 2;

// The value of an override as a tree; marks are 0 everywhere.
YamlNode override_value(const std::string& value, std::vector<Diagnostic>& errors) {
  YamlNode node;
  node.kind = YamlNode::Kind::kText;
  node.plain = true;
  if (value.empty() || std::string_view("[{'\"").find(value.front()) == std::string_view::npos) {
    node.text = value;
    return node;
  }
  YamlText yaml = read_yaml(value);
  for (Diagnostic& error : yaml.errors) errors.push_back({{}, std::move(error.message)});
  if (yaml.documents.size() != 1) return node;
  node = std::move(yaml.documents.front());
  for_each_mark(node, [](SourceMark& mark) { mark = {}; });
  return node;
}

void apply(const Override& change, Job& job, std::vector<Diagnostic>& errors) {
  const std::string origin = "--set " + change.key;
  const std::string& key = change.key;
  if (std::count(key.begin(), key.end(), '.') > kMostDotsInKey) {
    errors.push_back({{}, origin + ": unknown key"});
    return;
  }
  std::vector<Diagnostic> syntax;
  YamlNode node = override_value(change.value, syntax);
  for (const Diagnostic& error : syntax) errors.push_back({{}, origin + ": " + error.message});
  if (!syntax.empty()) return;
  // "fetch.timeout" from the inside out: {fetch: {timeout: VALUE}}.
  std::size_t end = key.size();
  while (true) {
    const std::size_t dot = end == 0 ? key.npos : key.rfind('.', end - 1);
    const std::size_t begin = dot == key.npos ? 0 : dot + 1;
    YamlNode outer;
    outer.kind = YamlNode::Kind::kMap;
    outer.entries.push_back({key.substr(begin, end - begin), {}, std::move(node)});
    node = std::move(outer);
    if (dot == key.npos) break;
    end = dot;
  }
  job_file::JobReader(errors, origin).read_options(node, job);
}

const YamlEntry* find(const YamlNode& document, std::string_view key) {
  const auto entry = std::find_if(document.entries.begin(), document.entries.end(),
                                  [key](const YamlEntry& e) { return e.key == key; });
  return entry == document.entries.end() ? nullptr : &*entry;
}

class Loader {
 public:
  Loader(const std::vector<Override>& overrides, const BaseFiles& bases)
      : overrides_(overrides), bases_(bases) {}

  void load(std::string_view text) {
    YamlText yaml = read_yaml(text);
    errors_ = std::move(yaml.errors);
    for (YamlNode& document : yaml.documents) {
      if (extend(document, bases_, errors_)) load_document(document);
    }
    if (yaml.documents.empty() && errors_.empty()) {
      errors_.push_back({{1, 1}, "no job in this file"});
    }
  }

  tl::expected<std::vector<Job>, std::vector<Diagnostic>> take() {
    if (errors_.empty() && override_errors_.empty()) return std::move(jobs_);
    std::stable_sort(errors_.begin(), errors_.end(), [](const Diagnostic& a, const Diagnostic& b) {
      const auto key = [](const SourceMark& mark) {
        return std::tuple(mark.file ? std::string_view(*mark.file) : "", mark.line, mark.column);
      };
      return key(a.mark) < key(b.mark);
    });
    errors_.insert(errors_.begin(), override_errors_.begin(), override_errors_.end());
    if (errors_.size() > job_file::kMostDiagnostics) {
      const std::size_t more = errors_.size() - job_file::kMostDiagnostics;
      errors_.resize(job_file::kMostDiagnostics);
      errors_.push_back({errors_.back().mark, fmt::format("and {} more errors", more)});
    }
    return tl::unexpected(std::move(errors_));
  }

 private:
  void load_document(const YamlNode& document) {
    if (document.kind == YamlNode::Kind::kNull) {
      errors_.push_back({document.mark, "an empty document: no job after this line"});
      return;
    }
    Job job;
    const std::size_t errors_before = errors_.size();
    job_file::JobReader(errors_).read_options(document, job);
    std::vector<Diagnostic> override_errors;
    for (const Override& change : overrides_) apply(change, job, override_errors);
    if (override_errors_.empty()) override_errors_ = std::move(override_errors);
    if (document.kind == YamlNode::Kind::kMap) {
      require(document, "job", "missing; name the job, as in 'job: cafes'");
      require(document, "start",
              "missing; say where to begin, as in 'start: https://example.org/'");
      check_unique(document, job);
    }
    if (errors_.size() == errors_before && dump_job(job).size() > kMostYamlBytes) {
      errors_.push_back({document.mark, "this job is too large; split it into several"});
    }
    jobs_.push_back(std::move(job));
  }

  void require(const YamlNode& document, std::string_view key, std::string_view message) {
    const bool is_set = std::any_of(overrides_.begin(), overrides_.end(),
                                    [key](const Override& change) { return change.key == key; });
    if (is_set || find(document, key) != nullptr) return;
    errors_.push_back({document.mark, fmt::format("{}: {}", key, message)});
  }

  void check_unique(const YamlNode& document, const Job& job) {
    if (job.name.empty()) return;
    const YamlEntry* entry = find(document, "job");
    const bool is_own = entry != nullptr && entry->value.mark.file == nullptr;
    const SourceMark& mark = is_own ? entry->value.mark : document.mark;
    const auto [first, is_new] = lines_.try_emplace(job.name, mark.line);
    if (is_new) return;
    errors_.push_back({mark, fmt::format("job: the name {} belongs to the job on line {}",
                                         in_quotes(job.name), first->second)});
  }

  const std::vector<Override>& overrides_;
  const BaseFiles& bases_;
  std::vector<Job> jobs_;
  std::vector<Diagnostic> errors_;
  std::vector<Diagnostic> override_errors_;  // of the first job that has any: they are all alike
  std::map<std::string, int> lines_;         // where each job's name is
};

}  // namespace

std::string format_diagnostic(std::string_view file, const Diagnostic& diagnostic) {
  if (diagnostic.mark.line == 0) return diagnostic.message;
  const SourceMark& mark = diagnostic.mark;
  return fmt::format("{}:{}:{}: {}", mark.file ? std::string_view(*mark.file) : file, mark.line,
                     mark.column, diagnostic.message);
}

tl::expected<std::vector<Job>, std::vector<Diagnostic>> load_jobs(
    std::string_view yaml, const std::vector<Override>& overrides, const BaseFiles& bases) {
  Loader loader(overrides, bases);
  loader.load(yaml);
  return loader.take();
}

}  // namespace placer
