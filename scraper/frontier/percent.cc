#include "scraper/frontier/percent.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace placer {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

// Per octet, the PercentSets it belongs to.
constexpr std::array<std::uint8_t, 256> make_sets() {
  constexpr auto kAll = std::uint8_t{0x0F};
  std::array<std::uint8_t, 256> sets{};
  for (std::size_t octet = 0; octet < 256; ++octet) {
    if (octet < 0x20 || octet > 0x7E) sets[octet] = kAll;
  }
  const auto add = [&sets](std::string_view octets, int set) {
    for (const char c : octets) {
      auto& entry = sets[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | set);
    }
  };
  constexpr int kFragment = static_cast<int>(PercentSet::kFragment);
  constexpr int kQuery = static_cast<int>(PercentSet::kQuery);
  constexpr int kPath = static_cast<int>(PercentSet::kPath);
  constexpr int kUserinfo = static_cast<int>(PercentSet::kUserinfo);
  add(" \"<>`", kFragment);
  add(" \"#<>'", kQuery);
  add(" \"#<>?^`{}", kPath | kUserinfo);
  add("/:;=@[\\]|", kUserinfo);
  return sets;
}

constexpr std::array<std::uint8_t, 256> kSets = make_sets();

constexpr std::array<bool, 256> make_unreserved() {
  std::array<bool, 256> unreserved{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-._~")) {
    unreserved[static_cast<unsigned char>(c)] = true;
  }
  return unreserved;
}

constexpr std::array<bool, 256> kUnreserved = make_unreserved();

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Would `c` after a stray '%' at the end of `out` be read as a part of a triplet?
bool completes_triplet(char c, std::string_view out) {
  return hex_value(c) >= 0 &&
         (out.ends_with('%') || (out.size() >= 2 && out[out.size() - 2] == '%'));
}

}  // namespace

bool in_percent_set(PercentSet set, char octet) {
  return (kSets[static_cast<unsigned char>(octet)] & static_cast<std::uint8_t>(set)) != 0;
}

bool is_unreserved(char octet) { return kUnreserved[static_cast<unsigned char>(octet)]; }

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

int percent_triplet(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void append_percent_triplet(char octet, std::string& out) {
  const auto value = static_cast<unsigned char>(octet);
  out += '%';
  out += kHexDigits[value >> 4];
  out += kHexDigits[value & 0x0F];
}

void append_percent_encoded(std::string_view text, PercentSet set, std::string& out) {
  std::size_t run = 0;  // begin of what can be copied as it is
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!in_percent_set(set, text[i])) continue;
    out.append(text, run, i - run);
    append_percent_triplet(text[i], out);
    run = i + 1;
  }
  out.append(text, run, text.size() - run);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int octet = percent_triplet(text, i);
    out += octet < 0 ? text[i] : static_cast<char>(octet);
    if (octet >= 0) i += 2;
  }
  return out;
}

void append_evened_out(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const std::size_t percent = std::min(text.find('%'), text.size());
    out.append(text, 0, percent);
    text.remove_prefix(percent);
    if (text.empty()) return;
    const int octet = percent_triplet(text, 0);
    if (octet < 0) {
      out += '%';
      text.remove_prefix(1);
      continue;
    }
    const char c = static_cast<char>(octet);
    if (is_unreserved(c) && !completes_triplet(c, out)) {
      out += c;
    } else {
      append_percent_triplet(c, out);
    }
    text.remove_prefix(3);
  }
}

void append_well_formed_utf8(std::string_view text, std::string& out) {
  const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t begin = i;
    UChar32 code_point = 0;
    U8_NEXT(octets, i, size, code_point);
    if (code_point < 0) {
      out += "\xEF\xBF\xBD";
    } else {
      out.append(text, static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin));
    }
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace placer
