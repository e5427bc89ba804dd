#include "config/extend.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <unordered_map>

#include "config/reader.h"
#include "config/values.h"

namespace placer {
namespace {

bool is_section(std::string_view key) {
  const auto& names = job_file::option_names();
  return std::any_of(names.begin(), names.end(), [key](const std::string& name) {
    return name.size() > key.size() && name.starts_with(key) && name[key.size()] == '.';
  });
}

// The entries of `over` put over those of `base`; calls merge(base, over) for keys in both.
template <class Merge>
void put_over(YamlNode& base, YamlNode over, const Merge& merge) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < base.entries.size(); ++i) places[base.entries[i].key] = i;
  for (YamlEntry& entry : over.entries) {
    const auto place = places.find(entry.key);
    if (place == places.end()) {
      base.entries.push_back(std::move(entry));
    } else {
      merge(base.entries[place->second], std::move(entry));
    }
  }
}

void replace(YamlEntry& base, YamlEntry over) { base = std::move(over); }

void merge_option(YamlEntry& base, YamlEntry over) {
  using Kind = YamlNode::Kind;
  if (!is_section(over.key) || base.value.kind != Kind::kMap) return replace(base, std::move(over));
  if (over.value.kind == Kind::kNull) return;  // an empty section changes nothing
  if (over.value.kind != Kind::kMap) return replace(base, std::move(over));
  put_over(base.value, std::move(over.value), replace);
}

class Extender {
 public:
  Extender(const BaseFiles& bases, std::vector<Diagnostic>& errors)
      : bases_(bases), errors_(errors), files_{plain(bases.job_file)} {}

  bool run(YamlNode& document) {
    std::vector<YamlNode> chain;
    chain.push_back(std::move(document));
    bool good = true;
    while (const auto wanted = take_extends(chain.back())) {
      auto base = read_base(wanted->value);
      good = base.has_value();
      if (!good) break;
      chain.push_back(*std::move(base));
    }
    while (chain.size() > 1) {
      YamlNode over = std::move(chain.back());
      std::swap(over, chain[chain.size() - 2]);  // `over` is the nearer one, below it the base
      chain.pop_back();
      const SourceMark mark = over.mark;
      put_over(chain.back(), std::move(over), merge_option);
      chain.back().mark = mark;
    }
    document = std::move(chain.front());
    return good;
  }

 private:
  static std::string plain(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().string();
  }

  bool fail(const SourceMark& mark, const std::string& message) {
    errors_.push_back({mark, "extends: " + message});
    return false;
  }

  static std::optional<YamlEntry> take_extends(YamlNode& document) {
    const auto found = std::find_if(document.entries.begin(), document.entries.end(),
                                    [](const YamlEntry& entry) { return entry.key == "extends"; });
    if (found == document.entries.end()) return std::nullopt;
    YamlEntry taken = std::move(*found);
    document.entries.erase(found);
    return taken;
  }

  std::optional<YamlNode> read_base(const YamlNode& wanted) {
    const SourceMark& mark = wanted.mark;
    if (wanted.kind != YamlNode::Kind::kText || wanted.text.empty()) {
      fail(mark, "expected the name of a job file, such as base.yaml");
      return std::nullopt;
    }
    const std::string path =
        plain((std::filesystem::path(files_.back()).parent_path() / wanted.text).string());
    if (!may_follow(mark, path)) return std::nullopt;
    const auto text = bases_.read(path);
    if (!text) {
      fail(mark, fmt::format("cannot read {}: {}", in_quotes(path), text.error()));
      return std::nullopt;
    }
    files_.push_back(path);
    return only_job(read_yaml(*text), mark, path);
  }

  bool may_follow(const SourceMark& mark, const std::string& path) {
    if (!bases_.read) return fail(mark, "there is no file here that it could be relative to");
    if (std::find(files_.begin(), files_.end(), path) != files_.end()) {
      return fail(mark, fmt::format("a circle: {} extends itself", in_quotes(path)));
    }
    if (files_.size() > kMostBases) {
      return fail(mark, fmt::format("more than {} files, one extending the other", kMostBases));
    }
    return true;
  }

  std::optional<YamlNode> only_job(YamlText yaml, const SourceMark& mark, const std::string& path) {
    const auto file = std::make_shared<const std::string>(path);
    for (Diagnostic& error : yaml.errors) {
      error.mark.file = file;
      errors_.push_back(std::move(error));
    }
    if (!yaml.errors.empty()) return std::nullopt;
    const bool is_one =
        yaml.documents.size() == 1 && yaml.documents.front().kind == YamlNode::Kind::kMap;
    if (!is_one) {
      fail(mark,
           fmt::format("{} is not one job: one document, a mapping of options", in_quotes(path)));
      return std::nullopt;
    }
    YamlNode job = std::move(yaml.documents.front());
    for_each_mark(job, [&file](SourceMark& place) { place.file = file; });
    return job;
  }

  const BaseFiles& bases_;
  std::vector<Diagnostic>& errors_;
  std::vector<std::string> files_;  // the job file, and those read so far
};

}  // namespace

bool extend(YamlNode& document, const BaseFiles& bases, std::vector<Diagnostic>& errors) {
  return document.kind != YamlNode::Kind::kMap || Extender(bases, errors).run(document);
}

}  // namespace placer
