#include "tests/fuzz/mutation.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/fuzz/extract_input.h"
#include "tests/fuzz/snippets.h"
#include "tests/web/site.h"

namespace placer::fuzz {
namespace {

using web::Rng;

constexpr std::size_t kMostBytes = 64UL << 10;
constexpr std::size_t kMostFileBytes = 256UL << 10;

std::string fetched_pages_header(Rng& rng) {
  return {static_cast<char>(rng.below(6)), static_cast<char>(rng.below(3))};
}

void add_site(const web::Site& site, Rng& rng, std::vector<std::string>& inputs) {
  const web::Handler handler = site.handler();
  for (const std::string& path : site.page_paths()) {
    web::WebRequest request;
    request.method = "GET";
    request.target = path;
    inputs.push_back(fetched_pages_header(rng) + handler(request).body);
  }
}

// Where to change something: anywhere, but rather where a token of HTML or JSON begins.
std::size_t position(Rng& rng, std::string_view page) {
  const std::size_t at = rng.below(page.size() + 1);
  if (rng.chance(0.3)) return at;
  return std::min(page.find_first_of("<>\"'{}[]:,= ", at), page.size());
}

// A tag, a quoted text, a number, an element with what it holds, or just some bytes, from `at` on.
std::string_view token_at(Rng& rng, std::string_view page, std::size_t at) {
  const std::string_view rest = page.substr(std::min(at, page.size()));
  if (rest.empty()) return rest;
  std::size_t size = 1 + rng.below(40);
  if (rng.chance(0.2)) {
    size = 1 + rng.below(2000);
  } else if (rest[0] == '<' && rng.chance(0.8)) {
    size = std::min(rest.find('>'), rest.size() - 1) + 1;
  } else if (rest[0] == '"' && rng.chance(0.8)) {
    size = std::min(rest.find('"', 1), rest.size() - 1) + 1;
  } else if (rest[0] == '{' || rest[0] == '[') {
    size = std::min(rest.find_first_of("}]"), rest.size() - 1) + 1;
  }
  return rest.substr(0, size);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0 && out.size() + text.size() <= kMostBytes) out += text;
  return out;
}

// Into a start tag near `at`.
void insert_attribute(Rng& rng, std::size_t at, std::string& page) {
  const std::size_t tag = page.find('<', at);
  if (tag == std::string::npos) return;
  const std::size_t end = page.find_first_of(" >", tag);
  if (end != std::string::npos) page.insert(end, rng.pick(kAttributes));
}

// A number near `at` becomes another one.
void replace_number(Rng& rng, std::size_t at, std::string& page) {
  const std::size_t begin = page.find_first_of("0123456789", at);
  if (begin == std::string::npos) return;
  const std::size_t end = page.find_first_not_of("0123456789.eE", begin);
  page.replace(begin, std::min(end, page.size()) - begin, rng.pick(kNumbers));
}

void flip_bytes(Rng& rng, std::string& page) {
  for (std::size_t left = 1 + rng.below(8); left > 0 && !page.empty(); --left) {
    char& byte = page[rng.below(page.size())];
    byte = rng.chance(0.5) ? static_cast<char>(byte ^ (1 << rng.below(8)))
                           : static_cast<char>(rng.below(256));
  }
}

}  // namespace

std::vector<std::string> generated_inputs(std::uint64_t seed) {
  Rng rng(seed, 0, 1);
  std::vector<std::string> inputs;
  web::SiteOptions options;
  options.seed = seed;
  options.pages = 150;
  options.links_per_page = 4;
  options.page_bytes = 1500;
  options.json_ld = 0.5;
  options.microdata = 0.4;
  options.odd_encodings = 0.15;
  add_site(web::Site(options), rng, inputs);
  add_site(web::Site::town(seed), rng, inputs);
  // As many again, so that no format is rare.
  const std::size_t generated = inputs.size();
  for (std::size_t i = 0; i < generated; ++i) {
    inputs.push_back(fetched_pages_header(rng) + std::string(kPages[i % std::size(kPages)]));
  }
  return inputs;
}

std::vector<std::string> inputs_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<std::string> inputs;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    std::string input(kHeaderBytes, '\0');
    std::copy_n(std::istreambuf_iterator<char>(file),
                std::min<std::uintmax_t>(std::filesystem::file_size(path), kMostFileBytes),
                std::back_inserter(input));
    inputs.push_back(std::move(input));
  }
  return inputs;
}

// Something from a page of the inputs, or a word that means something to a parser.
std::string_view Mutator::piece(Rng& rng) const {
  if (rng.chance(0.4)) return rng.pick(kTokens);
  const std::string_view other = inputs_[rng.below(inputs_.size())];
  const std::string_view page = other.substr(kHeaderBytes);
  return token_at(rng, page, position(rng, page));
}

void Mutator::change(Rng& rng, std::string& page) const {
  // One draw per statement: the order of arguments is the compiler's choice.
  const std::size_t at = position(rng, page);
  const std::string token(token_at(rng, page, at));
  const std::string_view other = piece(rng);
  const bool often = rng.chance(0.05);
  const std::size_t times = 1 + rng.below(often ? 1000 : 3);
  switch (rng.below(12)) {
    case 0:
      flip_bytes(rng, page);
      break;
    case 1:
      page.erase(at, token.size());
      break;
    case 2:
      page.insert(at, repeated(token, times));
      break;
    case 3:
      if (rng.chance(0.3)) page.resize(at);
      break;
    case 4:
      page.insert(at, repeated(other, often ? times : 1));
      break;
    case 5:
    case 6:
      page.replace(at, token.size(), other);
      break;
    case 7:
    case 8:
      insert_attribute(rng, at, page);
      break;
    case 9:
      replace_number(rng, at, page);
      break;
    case 10:
      page.insert(often ? at : 0, rng.pick(kCharsets));
      break;
    default:
      page.insert(at, inputs_[rng.below(inputs_.size())].substr(kHeaderBytes, 4000));
      break;
  }
}

std::string Mutator::input(std::uint64_t number) const {
  Rng rng(seed_, number, 2);
  const std::string& input = inputs_[rng.below(inputs_.size())];
  std::string header = input.substr(0, kHeaderBytes);
  if (rng.chance(0.2)) header[rng.below(kHeaderBytes)] = static_cast<char>(rng.below(256));
  std::string page = input.substr(kHeaderBytes);
  for (std::size_t changes = 1 + rng.below(12); changes > 0; --changes) {
    change(rng, page);
    if (page.size() > kMostBytes) page.resize(kMostBytes);
  }
  return header + page;
}

}  // namespace placer::fuzz
