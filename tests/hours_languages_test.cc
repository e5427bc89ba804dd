// Opening hours as people write them, language by language.
#include <gtest/gtest.h>

#include <string>

#include "scraper/place/hours.h"
#include "scraper/place/hours_prose.h"

namespace placer {
namespace {

std::string from_text(std::string_view text, std::string_view language = {}) {
  const auto hours = hours_from_text(text, language);
  return hours ? hours->osm : "nothing";
}

std::string found_in(std::string_view text, std::string_view language = {}) {
  std::string out;
  for (const HoursMention& mention : find_hours(text, language)) {
    out += (out.empty() ? "" : " / ") + mention.hours.osm;
  }
  return out;
}

TEST(HoursLanguagesTest, ReadsDaysRangesAndClosedDays) {
  const std::pair<const char*, const char*> cases[] = {
      {"en", "Monday through Friday 9am to 6pm, Sunday closed"},
      {"de", "Montag bis Freitag 9 bis 18 Uhr, Sonntag geschlossen"},
      {"fr", "du lundi au vendredi de 9h à 18h, fermé le dimanche"},
      {"es", "de lunes a viernes de 9:00 a 18:00, domingo cerrado"},
      {"it", "dal lunedì al venerdì dalle 9.00 alle 18.00, domenica chiuso"},
      {"nl", "maandag t/m vrijdag 9.00 - 18.00 uur, zondag gesloten"},
      {"pt", "segunda a sexta das 9h às 18h, domingo encerrado"},
      {"pl", "od poniedziałku do piątku 9:00-18:00, niedziela nieczynne"},
      {"cs", "pondělí až pátek 9:00 - 18:00, neděle zavřeno"},
      {"sk", "pondelok až piatok 9:00 - 18:00, nedeľa zatvorené"},
      {"sv", "måndag till fredag kl 9-18, söndag stängt"},
      {"da", "mandag til fredag kl. 9-18, søndag lukket"},
      {"no", "mandag til fredag kl. 9-18, søndag stengt"},
      {"fi", "maanantai - perjantai klo 9-18, sunnuntai suljettu"},
      {"ro", "luni - vineri 9:00 - 18:00, duminică închis"},
      {"hu", "hétfő - péntek 9:00 - 18:00, vasárnap zárva"},
      {"el", "Δευτέρα έως Παρασκευή 9:00 - 18:00, Κυριακή κλειστά"},
      {"tr", "pazartesi - cuma 9:00 - 18:00, pazar kapalı"},
      {"ru", "с понедельника по пятницу с 9:00 до 18:00, воскресенье выходной"},
      {"uk", "понеділок - п’ятниця 9:00 - 18:00, неділя зачинено"},
  };
  for (const auto& [language, text] : cases) {
    EXPECT_EQ(from_text(text), "Mo-Fr 09:00-18:00; Su off") << text;
    EXPECT_EQ(from_text(text, language), "Mo-Fr 09:00-18:00; Su off") << text;
  }
}

TEST(HoursLanguagesTest, ReadsShortNamesInTheLanguageOfThePage) {
  EXPECT_EQ(from_text("Mo-Fr 8:30–12 und 14–18 Uhr, Sa 9-13 Uhr", "de"),
            "Mo-Fr 08:30-12:00,14:00-18:00; Sa 09:00-13:00");
  EXPECT_EQ(from_text("Di, Do 9-12", "de"), "Tu 09:00-12:00; Th 09:00-12:00");
  EXPECT_EQ(from_text("Di 9-12", "fr"), "Su 09:00-12:00");
  EXPECT_EQ(from_text("Lu-Ve 9h-12h30 / 14h-18h30", "fr"), "Mo-Fr 09:00-12:30,14:00-18:30");
  EXPECT_EQ(from_text("Ma-Vr 9.30-18.00", "nl"), "Mo-Fr 09:30-18:00");
  EXPECT_EQ(from_text("Пн-Пт 9:00-18:00, Сб 10:00-15:00", "ru"),
            "Mo-Fr 09:00-18:00; Sa 10:00-15:00");
  EXPECT_EQ(from_text("Pn-Pt 9-17", "pl"), "Mo-Fr 09:00-17:00");
}

TEST(HoursLanguagesTest, RefusesWhatTwoLanguagesReadDifferently) {
  const auto hours = hours_from_text("Di 9:00-12:00");  // Tuesday in German, Sunday in French
  EXPECT_FALSE(hours);
  EXPECT_EQ(from_text("Di-Do 9:00-12:00"), "Tu-Th 09:00-12:00");  // German, or Dutch: the same
}

TEST(HoursLanguagesTest, KnowsEveryDayWeekdaysAndTheWholeDay) {
  for (const char* text :
       {"täglich 10-18 Uhr", "tous les jours 10h-18h", "todos los días 10:00-18:00",
        "tutti i giorni 10-18", "dagelijks 10:00-18:00", "codziennie 10-18", "denně 10-18",
        "ежедневно 10:00-18:00", "daily 10-6pm"}) {
    EXPECT_EQ(from_text(text), "Mo-Su 10:00-18:00") << text;
  }
  for (const char* text : {"24/7", "24 hours a day, 7 days a week", "24h/24 7j/7"}) {
    EXPECT_EQ(from_text(text), "24/7") << text;
  }
  EXPECT_EQ(from_text("hverdage 9-17", "da"), "Mo-Fr 09:00-17:00");
  EXPECT_EQ(from_text("sabato 24 ore su 24"), "Sa 00:00-24:00");
}

TEST(HoursLanguagesTest, ReadsTimesBeforeDays) {
  EXPECT_EQ(from_text("8:30AM - 5PM PST Monday through Friday"), "Mo-Fr 08:30-17:00");
  EXPECT_EQ(from_text("9am-5pm Monday to Friday, 10am-2pm Saturday"),
            "Mo-Fr 09:00-17:00; Sa 10:00-14:00");
  EXPECT_EQ(from_text("Mon-Fri 9am-5pm, closed Saturday and Sunday"),
            "Mo-Fr 09:00-17:00; Sa-Su off");
}

TEST(HoursLanguagesTest, EndsEnglishTwelveHourSpansInTheAfternoon) {
  EXPECT_EQ(from_text("Mon-Fri 9-5"), "Mo-Fr 09:00-17:00");
  EXPECT_EQ(from_text("Mon-Fri 8:30-5:30"), "Mo-Fr 08:30-17:30");
  EXPECT_EQ(from_text("Mon-Fri 9-12, 1-5"), "Mo-Fr 09:00-12:00,13:00-17:00");
  EXPECT_EQ(from_text("Montag 9-5"), "nothing");
}

TEST(HoursLanguagesTest, ClosesTheDaysThatAreExcepted) {
  EXPECT_EQ(from_text("daily except Sunday 9am-5pm"), "Mo-Sa 09:00-17:00; Su off");
  EXPECT_EQ(from_text("Mo-Fr 09:00-17:00 except public holidays"), "Mo-Fr 09:00-17:00; PH off");
  EXPECT_EQ(from_text("tous les jours sauf le mardi 9h-18h"),
            "Mo 09:00-18:00; Tu off; We-Su 09:00-18:00");
  EXPECT_EQ(from_text("montags bis freitags 9-18 Uhr außer an Feiertagen"),
            "Mo-Fr 09:00-18:00; PH off");
}

TEST(HoursLanguagesTest, NotesAppointments) {
  const auto hours = hours_from_text("Mo-Fr 9:00-12:00, Sa nach Vereinbarung");
  ASSERT_TRUE(hours);
  EXPECT_EQ(hours->osm, "Mo-Fr 09:00-12:00");
  EXPECT_EQ(hours->notes, std::vector<std::string>{"by appointment"});
  EXPECT_EQ(from_text("nach Vereinbarung"), "nothing");
}

TEST(HoursLanguagesTest, ReadsTablesByRowsAndByColumns) {
  EXPECT_EQ(from_text("Monday 9-12"), "Mo 09:00-12:00");
  EXPECT_EQ(
      found_in("Hours\nMonday\n9:00am - 6:00pm\nTuesday\n8:00am - 5:00pm\nWednesday\nClosed\n"),
      "Mo 09:00-18:00; Tu 08:00-17:00; We off");
  EXPECT_EQ(found_in("Mon\nTue\nWed\n9-12\n10-14\nclosed\n"),
            "Mo 09:00-12:00; Tu 10:00-14:00; We off");
  EXPECT_EQ(found_in("Monday9:00am - 6:00pm FridayClosed"), "Mo 09:00-18:00; Fr off");
}

TEST(HoursProseTest, FindsHoursInRunningText) {
  EXPECT_EQ(found_in("Our office is open Monday - Friday from 9 am to 5 pm. Please call first."),
            "Mo-Fr 09:00-17:00");
  EXPECT_EQ(found_in("Wir sind montags bis freitags von 9–18 Uhr für Sie da.", "de"),
            "Mo-Fr 09:00-18:00");
  EXPECT_EQ(found_in("Store hours: Mon-Sat 10-8. Office hours: Mon-Fri 9-5"),
            "Mo-Sa 10:00-20:00 / Mo-Fr 09:00-17:00");
  EXPECT_EQ(found_in("Emergency service 24/7"), "24/7");
}

TEST(HoursProseTest, FindsNoneInOtherTimesAndNumbers) {
  for (const char* text :
       {"Visit us at the show 18-20th May", "within 24 hours we answer", "9 to 15 pin VGA",
        "The meeting is at 7:30 pm", "Ratio 3:15 and 4.50-5.50", "Fits sizes 9-12",
        "to come 24 hours per day"}) {
    EXPECT_EQ(found_in(text, "en"), "") << text;
  }
}

TEST(HoursProseTest, SurvivesHostileText) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "Mo 9-";
  found_in(text);
  found_in(std::string(500'000, '9'));
  text.clear();
  for (int i = 0; i < 50'000; ++i) text += "9:00 ";
  found_in(text);
}

}  // namespace
}  // namespace placer
