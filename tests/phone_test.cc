#include "scraper/place/phone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> numbers(std::string_view text, std::string_view region) {
  std::vector<std::string> all;
  for (const Phone& phone : parse_phones(text, region)) all.push_back(phone.e164);
  return all;
}

TEST(PhoneTest, ReadsInternationalNumbersWithoutARegion) {
  EXPECT_THAT(numbers("+49 30 901820", ""), ElementsAre("+4930901820"));
  EXPECT_THAT(numbers("+49 (0)30 901820", ""), ElementsAre("+4930901820"));
  EXPECT_THAT(numbers("0049 30 901820", ""), ElementsAre("+4930901820"));
  EXPECT_THAT(numbers("030 901820", ""), IsEmpty());
}

TEST(PhoneTest, ReadsNationalNumbersInTheirRegion) {
  EXPECT_THAT(numbers("030 901820", "DE"), ElementsAre("+4930901820"));
  EXPECT_THAT(numbers("(248) 446-8015", "US"), ElementsAre("+12484468015"));
  EXPECT_THAT(numbers("020 7219 3000", "GB"), ElementsAre("+442072193000"));
  EXPECT_THAT(numbers("06 6982", "IT"), ElementsAre("+39066982"));
}

TEST(PhoneTest, KeepsASlashInsideOneNumber) {
  EXPECT_THAT(numbers("02/633.17.59", "BE"), ElementsAre("+3226331759"));
  EXPECT_THAT(numbers("030/901820", "DE"), ElementsAre("+4930901820"));
}

TEST(PhoneTest, SplitsSeveralNumbers) {
  const auto both = ElementsAre("+442072193000", "+442072194272");
  EXPECT_THAT(numbers("020 7219 3000 / 020 7219 4272", "GB"), both);
  EXPECT_THAT(numbers("020 7219 3000; 020 7219 4272", "GB"), both);
  EXPECT_THAT(numbers("020 7219 3000 or 020 7219 4272", "GB"), both);
  EXPECT_THAT(numbers("020 7219 3000, 020 7219 4272", "GB"), both);
  EXPECT_THAT(numbers("+442072193000\n+442072194272", ""), both);
  EXPECT_THAT(numbers("Fijo: 915 55 51 21 / Móvil: 612 34 56 78", "ES"),
              ElementsAre("+34915555121", "+34612345678"));
}

TEST(PhoneTest, GivesEachNumberOnce) {
  EXPECT_THAT(numbers("+44 20 7219 3000 / 020 7219 3000", "GB"), ElementsAre("+442072193000"));
}

TEST(PhoneTest, IgnoresLabelsAndMarksFaxes) {
  EXPECT_THAT(numbers("Tel.: 030 901820", "DE"), ElementsAre("+4930901820"));
  const auto phones = parse_phones("Tel: 030 901820 Fax: 030 9018211", "DE");
  ASSERT_EQ(phones.size(), 2U);
  EXPECT_FALSE(phones[0].fax);
  EXPECT_EQ(phones[1].e164, "+49309018211");
  EXPECT_TRUE(phones[1].fax);
}

TEST(PhoneTest, ReadsTelUris) {  // RFC 3966
  EXPECT_THAT(numbers("tel:+49-30-901820", ""), ElementsAre("+4930901820"));
  EXPECT_THAT(numbers("tel:+49%2030%20901820", ""), ElementsAre("+4930901820"));
  EXPECT_THAT(numbers("tel:901820;phone-context=+4930", ""), ElementsAre("+4930901820"));
  const auto extended = parse_phones("tel:+12484468015;ext=12", "");
  ASSERT_EQ(extended.size(), 1U);
  EXPECT_EQ(extended[0], (Phone{"+12484468015", "12", false}));
}

TEST(PhoneTest, KeepsExtensionsApart) {
  const auto phones = parse_phones("(248) 446-8015 ext. 12", "US");
  ASSERT_EQ(phones.size(), 1U);
  EXPECT_EQ(phones[0], (Phone{"+12484468015", "12", false}));
}

TEST(PhoneTest, ReadsVanityLetters) {
  EXPECT_THAT(numbers("1-800-FLOWERS", "US"), ElementsAre("+18003569377"));
}

TEST(PhoneTest, TakesWordsBehindANumberForARemark) {
  EXPECT_THAT(numbers("030 901820 nur vormittags", "DE"), ElementsAre("+4930901820"));
  EXPECT_THAT(numbers("Call us: (248) 446-8015 (free)", "US"), ElementsAre("+12484468015"));
}

TEST(PhoneTest, ReadsFullWidthDigits) {
  EXPECT_THAT(numbers("０３－３５８１－４１１１", "JP"), ElementsAre("+81335814111"));
}

TEST(PhoneTest, GivesNothingForInvalidNumbers) {
  for (const char* text : {"", "call us", "123", "+1", "+999 123456", "000000000", "/", ";;;",
                           "+49", "0", "\xFF\xFE", "ext 5", "tel:"}) {
    EXPECT_THAT(numbers(text, "US"), IsEmpty()) << text;
  }
}

TEST(PhoneTest, SurvivesHostileText) {
  parse_phones(std::string(100'000, '1'), "US");
  parse_phones(std::string(100'000, '/'), "US");
  parse_phones(std::string(100'000, ';'), "XX");
  parse_phones(std::string("\0+49 30 901820", 14), "DE");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "+4930901820;";
  EXPECT_EQ(parse_phones(many, "").size(), 1U);
}

TEST(PhoneTest, WritesNothingToTheStandardStreams) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  parse_phones("tel:+foo;ext=999999999999", "not a region");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

std::string found_in(std::string_view text, std::string_view region) {
  std::string out;
  for (const PhoneMention& phone : find_phones(text, region)) {
    out += out.empty() ? "" : " ";
    out += phone.fax ? phone.voice ? "tel+fax:" : "fax:" : "";
    out += phone.e164.empty() ? text.substr(phone.begin, phone.end - phone.begin) : phone.e164;
    out += phone.extension.empty() ? "" : "x" + phone.extension;
  }
  return out;
}

TEST(PhoneProseTest, FindsNumbersByShapeAndLabel) {
  EXPECT_EQ(found_in("Call 206-588-2075 or (206) 588-2076 today", ""), "+12065882075 +12065882076");
  EXPECT_EQ(found_in("Tel: +44 (0) 1242 577104", ""), "+441242577104");
  EXPECT_EQ(found_in("(+36-1) 889-0600", ""), "+3618890600");
  EXPECT_EQ(found_in("Tel. 030 / 901820, Fax 030 / 9018211", "DE"), "+4930901820 fax:+49309018211");
  EXPECT_EQ(found_in("Phone\n01268 745421\nFax\n01268 745467", "GB"),
            "+441268745421 fax:+441268745467");
  EXPECT_EQ(found_in("T +44 20 3167 4997 | F +44 20 7629 1317", ""),
            "+442031674997 fax:+442076291317");
  EXPECT_EQ(found_in("Tel/Fax: 206-588-2075", ""), "tel+fax:+12065882075");
  EXPECT_EQ(found_in("206-588-2075 (fax)", ""), "fax:+12065882075");
  EXPECT_EQ(found_in("530-820-3090 x400", ""), "+15308203090x400");
  EXPECT_EQ(found_in("1-800-FLOWERS", ""), "+18003569377");
}

TEST(PhoneProseTest, FindsNoneInOtherNumbers) {
  for (const char* text : {"12.10.2009 - 14.10.2009", "2009-10-12", "1998-2009", "192.168.100.200",
                           "12,345,678 sold", "$1,234,567.00", "ISBN 3161484100", "id=2065882075",
                           "4111 1111 1111 1111", "000-000-0000"}) {
    EXPECT_EQ(found_in(text, "US"), "") << text;
    EXPECT_EQ(found_in(text, "DE"), "") << text;
  }
}

TEST(PhoneProseTest, KeepsLabelledNumbersThatItCannotRead) {
  EXPECT_EQ(found_in("Fax: 0712-226 0020", ""), "fax:0712-226 0020");
}

TEST(PhoneProseTest, SurvivesHostileText) {
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += "206-588-2075 ";
  EXPECT_LE(find_phones(many, "US").size(), 300U);
  find_phones(std::string(500'000, '('), "US");
  find_phones(std::string(500'000, '+'), "US");
  find_phones(std::string(500'000, '7'), "US");
}

}  // namespace
}  // namespace placer
