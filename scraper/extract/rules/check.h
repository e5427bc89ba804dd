// What config/ cannot tell of a job's rules: whether their expressions and field names mean
// anything.
#pragma once

#include <vector>

#include "config/load.h"

namespace placer {

// One diagnostic for each fault, in the order of the file, at the character at fault. Empty: every
// expression compiles, every field has a place to go.
std::vector<Diagnostic> check_rules(const std::vector<RuleOptions>& rules);

}  // namespace placer
