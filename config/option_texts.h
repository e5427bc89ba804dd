// The options of a job file in words: for the manual, for help, and for the JSON Schema.
#pragma once

#include <string>
#include <vector>

namespace placer {

struct OptionText {
  std::string name;           // "politeness.delay"; "politeness" for a section
  std::string type;           // "duration, 0 ... 1h"; empty for a section
  std::string default_value;  // as a job file writes it; empty: there is none
  std::string description;    // a line
};

// All of them in the order in which a job is written, each section before its options.
const std::vector<OptionText>& option_texts();

}  // namespace placer
