#include "scraper/page/charset.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "tests/suite.h"

namespace placer {
namespace {

using namespace std::string_literals;

std::string label_of(std::string bytes, std::string_view content_type = "") {
  return decode(std::move(bytes), content_type).label;
}

std::string text_of(std::string bytes, std::string_view charset) {
  return to_utf8(std::move(bytes), encoding(charset));
}

// Encoding Standard, section 4.2.
TEST(EncodingTest, FindsLabelsInAnyCaseWithWhiteSpaceAround) {
  EXPECT_EQ(encoding("latin1").name, "windows-1252");
  EXPECT_EQ(encoding(" ISO-8859-1\n").name, "windows-1252");
  EXPECT_EQ(encoding("us-ascii").name, "windows-1252");
  EXPECT_EQ(encoding("gb2312").name, "GBK");
  EXPECT_EQ(encoding("x-sjis").name, "Shift_JIS");
  EXPECT_EQ(encoding("ks_c_5601-1987").name, "EUC-KR");
  EXPECT_EQ(encoding("iso-8859-9").name, "windows-1254");
  EXPECT_EQ(encoding("logical").name, "ISO-8859-8-I");
  EXPECT_EQ(encoding("utf-16").name, "UTF-16LE");
  EXPECT_EQ(encoding("hz-gb-2312").name, "replacement");
  EXPECT_EQ(find_encoding("utf-7"), nullptr);
  EXPECT_EQ(find_encoding(""), nullptr);
  EXPECT_EQ(find_encoding("utf 8"), nullptr);
}

TEST(EncodingTest, DecodesEachFamily) {
  EXPECT_EQ(text_of("caf\xE9 \x80 \x81", "latin1"), "café € \u0081");
  EXPECT_EQ(text_of("\xF1\xE0\xE9", "windows-1251"), "сай");
  EXPECT_EQ(text_of("\xD3\xC1\xCA", "koi8-r"), "сай");
  EXPECT_EQ(text_of("\xA1\xB1\xE1", "iso-8859-2"), "Ąąá");
  EXPECT_EQ(text_of("\xA4\xD0", "iso-8859-16"), "€Đ");
  EXPECT_EQ(text_of("\x93\x8C\x8B\x9E\x5C", "shift_jis"), "東京\\");
  EXPECT_EQ(text_of("\xC5\xEC\xB5\xFE", "euc-jp"), "東京");
  EXPECT_EQ(text_of("\x1B$BEl5~\x1B(B", "iso-2022-jp"), "東京");
  EXPECT_EQ(text_of("\xBC\xAD\xBF\xEF", "euc-kr"), "서울");
  EXPECT_EQ(text_of("\xB1\xB1\xBE\xA9", "gb2312"), "北京");
  EXPECT_EQ(text_of("\x81\x30\x84\x36", "gb18030"), "¥");
  EXPECT_EQ(text_of("\xA5\x78\xA5\x5F", "big5"), "台北");
  EXPECT_EQ(text_of("a\0\xE9\0"s, "utf-16le"), "aé");
  EXPECT_EQ(text_of("\0a\0\xE9"s, "utf-16be"), "aé");
  EXPECT_EQ(text_of("a\x80", "x-user-defined"), "a\uF780");
  EXPECT_EQ(text_of("anything", "iso-2022-kr"), "\uFFFD");
  EXPECT_EQ(text_of("", "iso-2022-kr"), "");
}

// Encoding Standard, section 8.1.1: one U+FFFD for each maximal subpart.
TEST(EncodingTest, ReplacesMalformedUtf8) {
  EXPECT_EQ(text_of("a\xFF"
                    "b",
                    "utf-8"),
            "a\uFFFDb");
  EXPECT_EQ(text_of("\xE2\x82", "utf-8"), "\uFFFD");
  EXPECT_EQ(text_of("\xE2\x82"
                    "a",
                    "utf-8"),
            "\uFFFDa");
  EXPECT_EQ(text_of("\xED\xA0\x80", "utf-8"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(text_of("\xC0\xAF", "utf-8"), "\uFFFD\uFFFD");
  EXPECT_EQ(text_of("\xF0\x9F\x98\x80 \xF4\x90\x80\x80", "utf-8"), "😀 \uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(EncodingTest, MovesWhatIsValidAlready) {
  std::string text(100'000, 'a');
  text += "é";
  const char* const before = text.data();
  const Decoded decoded = decode(std::move(text), "text/html; charset=utf-8");
  EXPECT_EQ(decoded.text.data(), before);
}

TEST(EncodingTest, AnyBytesInAnyEncodingBecomeValidUtf8) {
  std::mt19937 random(20);
  const std::string_view labels[] = {
      "utf-8",       "ibm866",      "iso-8859-2",     "iso-8859-3",    "iso-8859-4",  "iso-8859-5",
      "iso-8859-6",  "iso-8859-7",  "iso-8859-8",     "iso-8859-10",   "iso-8859-13", "iso-8859-14",
      "iso-8859-15", "iso-8859-16", "koi8-r",         "koi8-u",        "macintosh",   "windows-874",
      "cp1250",      "cp1251",      "cp1252",         "cp1253",        "cp1254",      "cp1255",
      "cp1256",      "cp1257",      "cp1258",         "gbk",           "gb18030",     "big5",
      "euc-jp",      "iso-2022-jp", "shift_jis",      "euc-kr",        "utf-16be",    "utf-16le",
      "replacement", "logical",     "x-mac-cyrillic", "x-user-defined"};
  for (const std::string_view label : labels) {
    for (int round = 0; round < 20; ++round) {
      std::string bytes(random() % 20'000, '\0');
      for (char& c : bytes) c = static_cast<char>(random());
      const std::string text = text_of(bytes, label);
      EXPECT_TRUE(is_valid_utf8(text)) << label;
      EXPECT_EQ(text.find('\x1A') != std::string::npos && bytes.find('\x1A') == std::string::npos,
                false)
          << label;
    }
  }
}

// HTML, section 13.2.3.2.
TEST(CharsetTest, PrefersByteOrderMarkToHeaderToMeta) {
  const std::string meta = "<meta charset=koi8-r>";
  EXPECT_EQ(label_of("\xEF\xBB\xBF" + meta, "text/html; charset=big5"), "UTF-8");
  EXPECT_EQ(label_of("\xFF\xFE<\0"s, "text/html; charset=big5"), "UTF-16LE");
  EXPECT_EQ(label_of("\xFE\xFF\0<"s), "UTF-16BE");
  EXPECT_EQ(label_of(meta, "text/html; charset=big5"), "Big5");
  EXPECT_EQ(label_of(meta, "text/html; charset=nonsense"), "KOI8-R");
  EXPECT_EQ(label_of(meta, "text/html"), "KOI8-R");
  EXPECT_EQ(decode("\xEF\xBB\xBFx", "").text, "x");
}

TEST(CharsetTest, ReadsTheHeadersCharsetAsSent) {
  EXPECT_EQ(label_of("x", "text/html;charset=\"shift_jis\""), "Shift_JIS");
  EXPECT_EQ(label_of("x", "Text/HTML; Charset=EUC-KR; x=y"), "EUC-KR");
  EXPECT_EQ(label_of("x", "text/html; charset="), "windows-1252");
}

TEST(CharsetTest, FallsBackToUtf8IfValidAndToWindows1252Otherwise) {
  EXPECT_EQ(label_of("caf\xC3\xA9"), "UTF-8");
  EXPECT_EQ(decode("caf\xE9", "").text, "café");
  EXPECT_EQ(label_of("caf\xE9"), "windows-1252");
}

TEST(CharsetTest, PrescansTheFirst1024BytesOnly) {
  EXPECT_EQ(prescan_encoding(std::string(900, ' ') + "<meta charset=big5>")->name, "Big5");
  EXPECT_EQ(prescan_encoding(std::string(1024, ' ') + "<meta charset=big5>"), nullptr);
}

// HTML, section 13.2.3.5.
TEST(CharsetTest, LetsALateMetaDecideWhereUtf8IsNotValid) {
  const std::string late = std::string(2000, ' ') + "<meta charset=koi8-r>";
  EXPECT_EQ(label_of(late + "\xD3"), "KOI8-R");
  EXPECT_EQ(label_of(late + "caf\xC3\xA9"), "UTF-8");
}

TEST(CharsetTest, TakesMetaUtf16ForUtf8AndUserDefinedForWindows1252) {
  EXPECT_EQ(label_of("<meta charset=utf-16>"), "UTF-8");
  EXPECT_EQ(label_of("<meta charset=utf-16be>"), "UTF-8");
  EXPECT_EQ(label_of("<meta charset=x-user-defined>"), "windows-1252");
}

TEST(CharsetTest, NeedsThePragmaBesideContent) {
  EXPECT_EQ(label_of("<meta content='text/html; charset=big5'>"), "windows-1252");
  EXPECT_EQ(label_of("<meta content='text/html; charset=big5' http-equiv=content-type>"), "Big5");
}

TEST(CharsetTest, PassesOverCommentsAndOtherTags) {
  EXPECT_EQ(label_of("<!-- <meta charset=big5> --><meta charset=koi8-r>"), "KOI8-R");
  EXPECT_EQ(label_of("<!--><meta charset=big5>"), "Big5");
  EXPECT_EQ(label_of("<a title='<meta charset=big5>'><meta charset=koi8-r>"), "KOI8-R");
  EXPECT_EQ(label_of("<!-- <meta charset=big5>"), "windows-1252");
}

TEST(CharsetTest, MeetsHtml5libsEncodingSuite) {
  const auto file = suite_path("html_charset/cases.ndjson");
  SKIP_WITHOUT(file);
  Tally tally("html_charset");
  for (const auto& test : read_ndjson(file)) {
    const std::string label = label_of(from_base64(test["data_b64"].get<std::string>()));
    const Encoding* const expected = find_encoding(test["encoding"].get<std::string>());
    ASSERT_NE(expected, nullptr);
    tally.count(label == expected->name, test["id"].dump() + "(" + label + ")");
  }
  EXPECT_GE(tally.passed() * 100, tally.total() * 95);
}

}  // namespace
}  // namespace placer
