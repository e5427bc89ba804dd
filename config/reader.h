// The visitor of schema.h that fills options from a YAML mapping and says what is wrong with it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"
#include "config/schema.h"
#include "config/yaml_text.h"

namespace placer::job_file {

// Errors shown of one job file; those beyond are only counted.
inline constexpr std::size_t kMostDiagnostics = 50;

// Options that are not in the mapping keep their values, as do those in error.
class JobReader {
 public:
  // Errors go to `errors`, which outlives the JobReader. `origin` names a source other than a file,
  // such as "--set fetch.timeout"; then it stands in messages where the option's name would.
  explicit JobReader(std::vector<Diagnostic>& errors, std::string origin = {})
      : errors_(errors), origin_(std::move(origin)) {}

  template <class Options>
  void read_options(const YamlNode& node, Options& options) {
    if (!accept_mapping(node)) return;
    levels_.push_back({&node, {}});
    describe(*this, options);
    refuse_unknown_keys();
    levels_.pop_back();
  }

  // Belongs to files, where load.cc has followed it.
  void directive(std::string_view key, std::string_view) {
    if (const YamlEntry* entry = find(key)) fail(entry->mark, "can only stand in a file");
  }

  template <class Options>
  void section(std::string_view key, Options& options, std::string_view) {
    const YamlEntry* entry = find(key);
    if (entry == nullptr || entry->value.kind == YamlNode::Kind::kNull) return;
    path_ = key;
    read_options(entry->value, options);
    path_ = {};
  }

  template <class Member, class Rule>
  void option(std::string_view key, Member& member, const Rule& rule, std::string_view) {
    const YamlEntry* entry = find(key);
    if (entry == nullptr) return;
    key_ = key;
    read(*entry, member, rule);
    key_ = {};
  }

 private:
  struct Level {
    const YamlNode* map;
    std::vector<std::string_view> keys;  // those that options asked for
  };

  void read(const YamlEntry& entry, std::string& member, const Text& rule);
  void read(const YamlEntry& entry, std::vector<std::string>& member, const TextList& rule);
  void read(const YamlEntry& entry, std::vector<StartUrl>& member, const StartList&);
  void read(const YamlEntry& entry, SitemapOptions& member, const SitemapList&);
  void read(const YamlEntry& entry, std::uint32_t& member, const Whole& rule);
  void read(const YamlEntry& entry, std::uint64_t& member, const Whole& rule);
  void read(const YamlEntry& entry, std::optional<std::uint32_t>& member, const Whole& rule);
  void read(const YamlEntry& entry, std::uint64_t& member, const Bytes& rule);
  void read(const YamlEntry& entry, std::chrono::milliseconds& member, const Duration& rule);
  void read(const YamlEntry& entry, std::optional<std::chrono::milliseconds>& member,
            const Duration& rule);
  void read(const YamlEntry& entry, bool& member, const Flag&);

  // read_rules.cc
  void read(const YamlEntry& entry, std::vector<RuleOptions>& member, const RuleList&);
  void read_rule(const YamlNode& node, RuleOptions& rule);
  void read_place(const YamlEntry& entry, RuleOptions& rule);
  void read_follow(const YamlEntry& entry, RuleOptions& rule);
  void read_request(const YamlNode& node, RuleRequest& request);
  void read_placeholders(const YamlNode& node, RuleRequest& request);
  void read_alternatives(const YamlEntry& entry, std::vector<RuleText>& expressions);
  std::optional<RuleText> read_rule_text(const YamlNode& node, const YamlEntry& entry,
                                         TextCheck check);

  // read_secrets.cc
  void read(const YamlEntry& entry, SecretText& member, const Secret& rule);
  void read(const YamlEntry& entry, std::vector<HostHeaders>& member, const HeaderList&);
  void read(const YamlEntry& entry, std::vector<HostLogin>& member, const LoginList&);
  void read_host_headers(const YamlNode& node, const YamlEntry& entry, HostHeaders& headers);
  void read_login(const YamlNode& node, const YamlEntry& entry, HostLogin& login);
  void read_headers(const YamlEntry& entry, std::vector<HeaderField>& fields);
  // Values are never shown.
  std::optional<SecretText> read_secret(const YamlEntry& entry, std::string_view what,
                                        TextCheck check);

  template <class E>
  void read(const YamlEntry& entry, E& member, const Word&) {
    if (const auto index = read_word(entry.value, entry, kWords<E>))
      member = static_cast<E>(*index);
  }

  template <class E>
  void read(const YamlEntry& entry, std::vector<E>& member, const WordList&) {
    const std::optional<std::vector<std::size_t>> indexes = read_words(entry, kWords<E>);
    if (!indexes) return;
    member.clear();
    for (const std::size_t index : *indexes) member.push_back(static_cast<E>(index));
  }

  const YamlEntry* find(std::string_view key);
  bool accept_mapping(const YamlNode& node);
  void refuse_unknown_keys();
  std::optional<std::uint64_t> read_whole(const YamlEntry& entry, const Whole& rule,
                                          std::string_view wanted);
  std::optional<std::size_t> read_word(const YamlNode& node, const YamlEntry& entry,
                                       std::span<const std::string_view> words);
  std::optional<std::vector<std::size_t>> read_words(const YamlEntry& entry,
                                                     std::span<const std::string_view> words);
  // One URL or a list.
  void read_urls(const YamlEntry& entry, std::vector<StartUrl>& urls);
  std::optional<std::string> read_text(const YamlNode& node, const YamlEntry& entry,
                                       TextCheck check);
  void wrong_kind(const YamlNode& node, const YamlEntry& entry, std::string_view wanted);
  void out_of_range(const YamlNode& node, std::string_view min, std::string_view max);

  // "fetch.timeout: MESSAGE"; for a whole section "fetch: MESSAGE".
  void fail(const SourceMark& mark, std::string_view message);

  std::vector<Diagnostic>& errors_;
  std::string origin_;
  std::vector<Level> levels_;
  std::string_view path_;  // the section being read
  std::string_view key_;   // the option being read
};

// The dotted names of all options, in order: "job", "start", "scope.hosts", ...
const std::vector<std::string>& option_names();

}  // namespace placer::job_file
