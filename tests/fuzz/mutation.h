// Pages made from other pages by changes that respect their structure just enough to get far.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/web/rng.h"

namespace placer::fuzz {

// Inputs of extract_and_check to begin with: pages of a generated site and of the sample town, and
// a few in the formats that those lack.
std::vector<std::string> generated_inputs(std::uint64_t seed);

// Every file below `folder` as an input, in the order of the paths, each cut to 256 KiB. Throws
// std::filesystem::filesystem_error.
std::vector<std::string> inputs_in(const std::filesystem::path& folder);

// REQUIRES inputs. Immutable; what it makes is a function of its arguments.
class Mutator {
 public:
  Mutator(std::vector<std::string> inputs, std::uint64_t seed)
      : inputs_(std::move(inputs)), seed_(seed) {}

  // One of the inputs with one to twelve changes, at most about 64 KiB.
  std::string input(std::uint64_t number) const;

 private:
  std::string_view piece(web::Rng& rng) const;
  void change(web::Rng& rng, std::string& page) const;

  std::vector<std::string> inputs_;
  std::uint64_t seed_;
};

}  // namespace placer::fuzz
