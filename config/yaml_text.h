// YAML text to a small tree with marks: the only reader of YAML.
//
// Harsher than YAML itself, because a job file is written by people and may come from strangers: no
// aliases, anchors, tags or merge keys, keys are text, nothing is nested deeper than kMostDepth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/load.h"

namespace placer {

struct YamlEntry;

struct YamlNode {
  enum class Kind : std::uint8_t { kNull, kText, kList, kMap };

  Kind kind = Kind::kNull;
  bool plain = false;  // of kText: written without quotes, so it may be a number or a word
  SourceMark mark;
  std::string text;
  std::vector<YamlNode> items;     // of kList
  std::vector<YamlEntry> entries;  // of kMap, as written; keys are unique
};

struct YamlEntry {
  std::string key;
  SourceMark mark;  // of the key
  YamlNode value;
};

struct YamlText {
  std::vector<YamlNode> documents;  // those read whole
  std::vector<Diagnostic> errors;   // in the order of the text; reading stops at a syntax error
};

inline constexpr std::size_t kMostYamlBytes = 1 << 20;
inline constexpr std::size_t kMostYamlNodes = 100'000;
inline constexpr std::size_t kMostYamlDepth = 64;

// Never throws for any input. Columns count characters, not bytes.
YamlText read_yaml(std::string_view text);

}  // namespace placer
