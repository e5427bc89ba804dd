#include "scraper/page/encoding.h"

#include <simdjson.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucnv_err.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <unordered_map>

#include "scraper/ascii.h"
#include "scraper/utf8.h"

namespace placer {
namespace {

constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// clang-format off
constexpr Encoding kEncodings[] = {
    {"UTF-8", "",
     "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"},
    {"IBM866", "ibm-866",
     "866 cp866 csibm866 ibm866"},
    {"ISO-8859-2", "ibm-912",
     "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 "
     "iso_8859-2:1987 l2 latin2"},
    {"ISO-8859-3", "ibm-913",
     "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 "
     "iso_8859-3:1988 l3 latin3"},
    {"ISO-8859-4", "ibm-914",
     "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 "
     "iso_8859-4:1988 l4 latin4"},
    {"ISO-8859-5", "ibm-915",
     "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 "
     "iso_8859-5 iso_8859-5:1988"},
    {"ISO-8859-6", "ibm-1089",
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 "
     "iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 "
     "iso_8859-6:1987"},
    {"ISO-8859-7", "ibm-9005",
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 "
     "iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek"},
    {"ISO-8859-8", "ibm-5012",
     "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 "
     "iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual"},
    {"ISO-8859-8-I", "ibm-5012",
     "csiso88598i iso-8859-8-i logical"},
    {"ISO-8859-10", "iso-8859_10-1998",
     "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {"ISO-8859-13", "ibm-921",
     "iso-8859-13 iso8859-13 iso885913"},
    {"ISO-8859-14", "iso-8859_14-1998",
     "iso-8859-14 iso8859-14 iso885914"},
    {"ISO-8859-15", "ibm-923",
     "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"},
    {"ISO-8859-16", "",
     "iso-8859-16"},
    {"KOI8-R", "KOI8-R",
     "cskoi8r koi koi8 koi8-r koi8_r"},
    {"KOI8-U", "KOI8-U",
     "koi8-ru koi8-u"},
    {"macintosh", "macintosh",
     "csmacintosh mac macintosh x-mac-roman"},
    {"windows-874", "windows-874-2000",
     "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"},
    {"windows-1250", "windows-1250",
     "cp1250 windows-1250 x-cp1250"},
    {"windows-1251", "windows-1251",
     "cp1251 windows-1251 x-cp1251"},
    {"windows-1252", "windows-1252",
     "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 "
     "iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 "
     "x-cp1252"},
    {"windows-1253", "windows-1253",
     "cp1253 windows-1253 x-cp1253"},
    {"windows-1254", "windows-1254",
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 "
     "iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254"},
    {"windows-1255", "windows-1255",
     "cp1255 windows-1255 x-cp1255"},
    {"windows-1256", "windows-1256",
     "cp1256 windows-1256 x-cp1256"},
    {"windows-1257", "windows-1257",
     "cp1257 windows-1257 x-cp1257"},
    {"windows-1258", "windows-1258",
     "cp1258 windows-1258 x-cp1258"},
    {"x-mac-cyrillic", "x-mac-cyrillic",
     "x-mac-cyrillic x-mac-ukrainian"},
    {"GBK", "gb18030",
     "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 "
     "x-gbk"},
    {"gb18030", "gb18030",
     "gb18030"},
    {"Big5", "ibm-1375",
     "big5 big5-hkscs cn-big5 csbig5 x-x-big5"},
    {"EUC-JP", "euc-jp-2007",
     "cseucpkdfmtjapanese euc-jp x-euc-jp"},
    {"ISO-2022-JP", "ISO-2022-JP",
     "csiso2022jp iso-2022-jp"},
    {"Shift_JIS", "ibm-943_P15A-2003",
     "csshiftjis ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"},
    {"EUC-KR", "windows-949-2000",
     "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 "
     "ksc5601 ksc_5601 windows-949"},
    {"UTF-16BE", "UTF-16BE",
     "unicodefffe utf-16be"},
    {"UTF-16LE", "UTF-16LE",
     "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"},
    {"x-user-defined", "",
     "x-user-defined"},
    {"replacement", "",
     "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement"},
};
// clang-format on

// ISO-8859-16 from 0xA0 on; ICU has no converter for it.
constexpr std::uint16_t kIso8859Part16[96] = {
    0x00A0, 0x0104, 0x0105, 0x0141, 0x20AC, 0x201E, 0x0160, 0x00A7, 0x0161, 0x00A9, 0x0218, 0x00AB,
    0x0179, 0x00AD, 0x017A, 0x017B, 0x00B0, 0x00B1, 0x010C, 0x0142, 0x017D, 0x201D, 0x00B6, 0x00B7,
    0x017E, 0x010D, 0x0219, 0x00BB, 0x0152, 0x0153, 0x0178, 0x017C, 0x00C0, 0x00C1, 0x00C2, 0x0102,
    0x00C4, 0x0106, 0x00C6, 0x00C7, 0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x00CC, 0x00CD, 0x00CE, 0x00CF,
    0x0110, 0x0143, 0x00D2, 0x00D3, 0x00D4, 0x0150, 0x00D6, 0x015A, 0x0170, 0x00D9, 0x00DA, 0x00DB,
    0x00DC, 0x0118, 0x021A, 0x00DF, 0x00E0, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x0107, 0x00E6, 0x00E7,
    0x00E8, 0x00E9, 0x00EA, 0x00EB, 0x00EC, 0x00ED, 0x00EE, 0x00EF, 0x0111, 0x0144, 0x00F2, 0x00F3,
    0x00F4, 0x0151, 0x00F6, 0x015B, 0x0171, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x0119, 0x021B, 0x00FF,
};

using LabelTable = std::unordered_map<std::string_view, const Encoding*>;

const LabelTable& encodings_by_label() {
  static const LabelTable table = [] {
    LabelTable map;
    for (const Encoding& row : kEncodings) {
      std::string_view rest = row.labels;
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        map.emplace(rest.substr(0, end), &row);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    return map;
  }();
  return table;
}

// The length of the well-formed sequence at `p`; 0 when there is none, and then `*broken` is the
// length of its longest well-formed prefix, at least 1 (the Unicode Standard, table 3-7).
std::size_t sequence_length(const unsigned char* p, std::size_t left, std::size_t* broken) {
  const unsigned char lead = p[0];
  *broken = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= left || p[i] < low || p[i] > high) {
      *broken = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

std::size_t ascii_prefix(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, sizeof word);
    if (word & 0x8080808080808080ULL) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

// The length of the longest well-formed prefix.
std::size_t valid_prefix(std::string_view text) {
  std::size_t i = 0;
  std::size_t broken = 0;
  while (true) {
    i += ascii_prefix(text.substr(i));
    while (i < text.size() && static_cast<unsigned char>(text[i]) >= 0x80) {
      const auto* p = reinterpret_cast<const unsigned char*>(text.data() + i);
      const std::size_t length = sequence_length(p, text.size() - i, &broken);
      if (length == 0) return i;
      i += length;
    }
    if (i == text.size()) return i;
  }
}

std::string repaired_utf8(std::string bytes) {
  if (is_valid_utf8(bytes)) return bytes;
  std::size_t good = valid_prefix(bytes);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  std::string_view rest = bytes;
  while (true) {
    out.append(rest.substr(0, good));
    rest.remove_prefix(good);
    if (rest.empty()) return out;
    std::size_t broken = 0;
    sequence_length(reinterpret_cast<const unsigned char*>(rest.data()), rest.size(), &broken);
    out.append(kReplacementCharacter);
    rest.remove_prefix(broken);
    good = valid_prefix(rest);
  }
}

// Single-byte encodings that ICU lacks: `high(byte)` is the character of a byte from 0x80 on.
template <class High>
std::string decode_single_byte(std::string_view bytes, High high) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    append_utf8(byte < 0x80 ? byte : static_cast<std::uint16_t>(high(byte)), out);
  }
  return out;
}

// ICU's own substitution writes U+001A for some single bytes; the standard wants U+FFFD.
void U_CALLCONV write_replacement(const void*, UConverterToUnicodeArgs* args, const char*,
                                  std::int32_t, UConverterCallbackReason reason,
                                  UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;
  *error = U_ZERO_ERROR;
  const UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(args, &replacement, 1, 0, error);
}

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter open_converter(const char* name) {
  UErrorCode error = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &error));
  if (U_FAILURE(error)) throw std::runtime_error(std::string("ICU lacks the converter ") + name);
  return converter;
}

std::string decode_with_icu(std::string_view bytes, const char* name) {
  const Converter source = open_converter(name);
  const Converter target = open_converter("UTF-8");
  UErrorCode error = U_ZERO_ERROR;
  ucnv_setToUCallBack(source.get(), write_replacement, nullptr, nullptr, nullptr, &error);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  std::array<UChar, 4096> pivot;
  std::array<char, 16384> chunk;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* from = bytes.data();
  bool reset = true;
  do {
    error = U_ZERO_ERROR;
    char* to = chunk.data();
    ucnv_convertEx(target.get(), source.get(), &to, chunk.data() + chunk.size(), &from,
                   bytes.data() + bytes.size(), pivot.data(), &pivot_source, &pivot_target,
                   pivot.data() + pivot.size(), reset, /*flush=*/true, &error);
    out.append(chunk.data(), to);
    reset = false;
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  return out;
}

}  // namespace

const Encoding* find_encoding(std::string_view label) {
  const std::string key = ascii::lower_case(ascii::trim(label));
  const auto& table = encodings_by_label();
  const auto found = table.find(key);
  return found == table.end() ? nullptr : found->second;
}

const Encoding& encoding(std::string_view label) {
  const Encoding* const found = find_encoding(label);
  if (found == nullptr) throw std::logic_error("no such encoding: " + std::string(label));
  return *found;
}

bool is_valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

bool has_only_ascii(std::string_view text) { return ascii_prefix(text) == text.size(); }

std::string to_utf8(std::string bytes, const Encoding& from) {
  if (from.name == "UTF-8") return repaired_utf8(std::move(bytes));
  if (from.name == "replacement") return std::string(bytes.empty() ? "" : kReplacementCharacter);
  const bool ascii_compatible = from.name != "ISO-2022-JP" && !from.name.starts_with("UTF-16");
  if (ascii_compatible && has_only_ascii(bytes)) return bytes;
  if (from.name == "x-user-defined") {
    return decode_single_byte(bytes, [](std::uint8_t byte) { return 0xF700 + byte; });
  }
  if (from.name == "ISO-8859-16") {
    return decode_single_byte(
        bytes, [](std::uint8_t byte) { return byte < 0xA0 ? byte : kIso8859Part16[byte - 0xA0]; });
  }
  return decode_with_icu(bytes, from.converter);
}

}  // namespace placer
