#include <gtest/gtest.h>

#include <string>

#include "scraper/place/phone.h"
#include "scraper/place/postcode.h"
#include "scraper/place/text.h"
#include "scraper/utf8.h"

namespace placer {
namespace {

TEST(FindDigitTest, FindsTheFirstDigitWhereverItStands) {
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string none(size, 'x');
    EXPECT_EQ(find_digit(none, 0), std::string_view::npos);
    for (std::size_t at = 0; at < size; ++at) {
      std::string text = none;
      text[at] = static_cast<char>('0' + at % 10);
      text.back() = '9';
      EXPECT_EQ(find_digit(text, 0), at);
      EXPECT_EQ(find_digit(text, at), at);
      EXPECT_EQ(find_digit(text, at + 1), at + 1 < size ? size - 1 : std::string_view::npos);
    }
  }
}

TEST(FindDigitTest, TakesNoOtherByteForADigit) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(64, static_cast<char>(byte));
    const bool digit = byte >= '0' && byte <= '9';
    EXPECT_EQ(find_digit(text, 3), digit ? 3 : std::string_view::npos) << byte;
  }
}

// An accent that is dropped again sends the whole text to ICU's tables.
TEST(FoldedTest, FoldsLatinLettersAsTheTablesOfUnicodeDo) {
  for (char32_t c = 0x80; c < 0x280; ++c) {
    std::string letter;
    append_utf8(c, letter);
    for (const std::string& text : {letter, "a" + letter, letter + "b", letter + letter}) {
      EXPECT_EQ(folded(text + " x"), folded(text + " x\u0301")) << static_cast<int>(c);
    }
  }
}

TEST(FoldedTest, KeepsLettersAndDigitsOnly) {
  EXPECT_EQ(folded("Café  Zoë!"), "cafe zoe");
  EXPECT_EQ(folded(" Joe's \"Bar\", 2nd "), "joes bar 2nd");
  EXPECT_EQ(folded("Straße & Łódź"), "strasse łodz");
  EXPECT_EQ(folded("COL·LEGI"), "col legi");
  EXPECT_EQ(folded("!?"), "");
}

TEST(OneLineTest, CollapsesSpacesAndDropsWhatIsNotSeen) {
  EXPECT_EQ(one_line("\t a \u00A0\n b\u200Bc \x7F d\x01"), "a bc d");
  EXPECT_EQ(one_line("a\xFFz \xE2\x82"), "a\uFFFDz \uFFFD");
}

TEST(PlainTextTest, LeavesTextWithoutMarkupAsItIs) {
  EXPECT_EQ(plain_text("Tom  and Anna"), "Tom and Anna");
  EXPECT_EQ(plain_text("Tom &amp; <b>Anna</b>"), "Tom & Anna");
}

// Answers of the numbering plans are kept: those to other questions must not be given instead.
TEST(ParsePhonesTest, AnswersByTextAndRegionHoweverOftenItIsAsked) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 500; ++i) {
      const std::string tail = std::to_string(1000000 + i);
      const auto german = parse_phones("030 " + tail, "DE");
      ASSERT_EQ(german.size(), 1U);
      EXPECT_EQ(german[0].e164, "+4930" + tail);
      const auto polish = parse_phones("22 " + tail, "PL");
      ASSERT_EQ(polish.size(), 1U);
      EXPECT_EQ(polish[0].e164, "+4822" + tail);
    }
    EXPECT_TRUE(parse_phones("030 1000000", "").empty());
    EXPECT_TRUE(parse_phones("030 1000000", "US").empty());
  }
}

TEST(ParsePhonesTest, ReadsANumberAlikeWithAnyPlainSigns) {
  for (const char* written :
       {"03012345678", "(030) 1234-5678", "030.123.456.78", "030/12345678", "(0 30) 123 456 78"}) {
    const auto phones = parse_phones(written, "DE");
    ASSERT_EQ(phones.size(), 1U) << written;
    EXPECT_EQ(phones[0].e164, "+493012345678") << written;
  }
}

TEST(FindPostcodesTest, FindsCodesFarFromEachOther) {
  const std::string gap(100, ' ');
  const auto codes = find_postcodes("W1J 7BU" + gap + "D-10115 Berlin" + gap + "SW1A 1AA", "");
  ASSERT_GE(codes.size(), 3U);  // 10115 may be a ZIP code too
  EXPECT_EQ(codes[0].code, "W1J 7BU");
  EXPECT_EQ(codes[1].code, "10115");
  EXPECT_EQ(codes[1].country, "DE");
  EXPECT_EQ(codes.back().code, "SW1A 1AA");
}

}  // namespace
}  // namespace placer
