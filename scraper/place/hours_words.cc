#include "scraper/place/hours_words.h"

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "scraper/place/text.h"

namespace placer {
namespace {

using enum HoursKind;

// Alternatives stand apart by '|'.
struct Language {
  std::string_view code;
  std::string_view days[7];
  std::string_view holidays;
  std::string_view dash;
  std::string_view join;
  std::string_view daily, weekdays, weekend;
  std::string_view closed;
  std::string_view all_day;
  std::string_view appointment;
  std::string_view except;
  std::string_view noon, midnight;
  std::string_view label;
  std::string_view noise;
};

// English first: kEnglishHours. Words for working days that leave Saturday open ("werktags",
// "jours ouvrables", "feriali") are left out.
constexpr Language kLanguages[] = {
    {"en",
     {"mo|mon|monday|mondays|m", "tu|tue|tues|tuesday|tuesdays",
      "we|wed|weds|wednesday|wednesdays|w", "th|thu|thur|thurs|thursday|thursdays",
      "fr|fri|friday|fridays|f", "sa|sat|sats|saturday|saturdays", "su|sun|suns|sunday|sundays"},
     "ph|publicholiday|publicholidays|public holidays|public holiday|bank holidays|bank holiday|"
     "holidays|statutory holidays",
     "to|until|till|til|thru|through|untill",
     "and|as well as",
     "daily|everyday|every day|7 days|seven days a week|all week",
     "weekdays|weekday|on weekdays",
     "weekends|weekend|on weekends",
     "closed|off",
     "all day|around the clock|24 hours",
     "by appointment|by appointment only|appointment only|by arrangement",
     "except|excluding",
     "noon|midday|12 noon",
     "midnight",
     "open|hours|opening hours|business hours|opening times|office hours|store hours|shop hours|"
     "hours of operation|we are open|opening|showroom hours",
     "from|on|between|at|hrs|hr|o "
     "clock|the|est|edt|cst|cdt|mst|mdt|pst|pdt|gmt|bst|utc|ist|aest|et|pt|"
     "ct|eastern|central|pacific|mountain|standard|daylight|savings|saving|time|local|are|is|we"},
    {"de",
     {"mo|mon|montag|montags", "di|die|dienstag|dienstags", "mi|mit|mittwoch|mittwochs",
      "do|don|donnerstag|donnerstags", "fr|fre|freitag|freitags",
      "sa|sam|samstag|samstags|sonnabend|sonnabends", "so|son|sonntag|sonntags"},
     "feiertag|feiertage|feiertags|feiertagen|an feiertagen|gesetzliche feiertage|ft|ph",
     "bis|bis zu",
     "und|u|sowie",
     "täglich|tägl|jeden tag|alle tage",
     "wochentags|unter der woche",
     "wochenende|am wochenende|wochenends",
     "geschlossen|geschl|ruhetag|zu|ist ruhetag|nicht geöffnet",
     "rund um die uhr|durchgehend geöffnet|24 stunden|24 std|ganztags",
     "nach vereinbarung|nur nach vereinbarung|nach absprache|nach terminvereinbarung|n v|termine "
     "nach vereinbarung",
     "außer|ausser|ausgenommen",
     "mittag|mittags",
     "mitternacht",
     "geöffnet|öffnungszeiten|öffnungszeit|offen|sprechzeiten|bürozeiten|geschäftszeiten|"
     "sprechstunden",
     "uhr|von|ab|jeweils|und zwar|am|an|h|der|die|wir haben"},
    {"fr",
     {"lu|lun|lundi|lundis", "ma|mar|mardi|mardis", "me|mer|mercredi|mercredis",
      "je|jeu|jeudi|jeudis", "ve|ven|vendredi|vendredis", "sa|sam|samedi|samedis",
      "di|dim|dimanche|dimanches"},
     "jours fériés|jour férié|fériés|les jours fériés|ph",
     "à|au|a|jusqu à|jusque",
     "et|puis",
     "tous les jours|tlj|chaque jour|7j 7|7 jours sur 7|quotidiennement",
     "en semaine|la semaine",
     "week end|le week end|weekend|les week ends",
     "fermé|fermée|fermeture|ferme",
     "24h 24|24h sur 24|24 heures sur 24|non stop|24 heures",
     "sur rendez vous|sur rdv|uniquement sur rendez vous",
     "sauf|excepté|hors",
     "midi",
     "minuit",
     "ouvert|ouverte|horaires|horaires d ouverture|ouverture|heures d ouverture|nos horaires",
     "du|de|le|les|des|h|heures|heure|la"},
    {"es",
     {"lu|lun|lunes|l", "ma|mar|martes", "mi|mie|mié|miércoles|x", "ju|jue|jueves|j",
      "vi|vie|viernes|v", "sa|sáb|sab|sábado|sábados", "do|dom|domingo|domingos"},
     "festivos|festivo|días festivos|feriados|ph",
     "a|al|hasta",
     "y|e",
     "todos los días|diario|diariamente|cada día|a diario",
     "entre semana|laborables|días laborables",
     "fin de semana|fines de semana",
     "cerrado|cerrada|cerramos|cierra",
     "24 horas|las 24 horas|abierto 24 horas",
     "con cita previa|cita previa|previa cita|con cita|bajo cita",
     "excepto|salvo|menos",
     "mediodía",
     "medianoche",
     "abierto|horario|horarios|horario de apertura|horario de atención|abrimos",
     "de|del|desde|las|los|h|hs|hrs|horas|por"},
    {"it",
     {"lu|lun|lunedì|lunedi", "ma|mar|martedì|martedi", "me|mer|mercoledì|mercoledi",
      "gi|gio|giovedì|giovedi", "ve|ven|venerdì|venerdi", "sa|sab|sabato", "do|dom|domenica"},
     "festivi|giorni festivi|ph",
     "a|al|alle|fino alle|alla",
     "e|ed",
     "tutti i giorni|ogni giorno|giornalmente|7 giorni su 7",
     "dal lunedì al venerdì",
     "fine settimana|weekend|week end|nel weekend",
     "chiuso|chiusa|chiusura|riposo",
     "24 ore|24 ore su 24|h24",
     "su appuntamento|solo su appuntamento|previo appuntamento",
     "eccetto|tranne|escluso",
     "mezzogiorno",
     "mezzanotte",
     "aperto|orari|orario|orari di apertura|orario di apertura|apertura",
     "dal|dalle|dalla|da|ore|h|il|la"},
    {"nl",
     {"ma|maa|maandag|maandags", "di|din|dinsdag|dinsdags", "wo|woe|woensdag|woensdags",
      "do|don|donderdag|donderdags", "vr|vrij|vrijdag|vrijdags", "za|zat|zaterdag|zaterdags",
      "zo|zon|zondag|zondags"},
     "feestdagen|feestdag|op feestdagen|ph",
     "tot|t m|tot en met|tm",
     "en",
     "dagelijks|elke dag|iedere dag|alle dagen",
     "doordeweeks|op werkdagen|werkdagen",
     "weekend|in het weekend",
     "gesloten|dicht",
     "24 uur|24 uur per dag|dag en nacht|24u",
     "op afspraak|alleen op afspraak|volgens afspraak|enkel op afspraak",
     "behalve|uitgezonderd",
     "middag|twaalf uur",
     "middernacht",
     "open|geopend|openingstijden|openingsuren|openingstijd",
     "van|uur|u|op|h|de"},
    {"pt",
     {"seg|segunda|segunda feira|segundas|2a|2ª", "ter|terça|terça feira|terças|3a|3ª",
      "qua|quarta|quarta feira|quartas|4a|4ª", "qui|quinta|quinta feira|quintas|5a|5ª",
      "sex|sexta|sexta feira|sextas|6a|6ª", "sáb|sab|sábado|sábados", "dom|domingo|domingos"},
     "feriados|feriado|ph",
     "a|à|às|até|até às|ao|as",
     "e",
     "todos os dias|diariamente|diário",
     "dias úteis|dias de semana",
     "fim de semana|fins de semana|final de semana",
     "fechado|encerrado|fechada|encerra",
     "24 horas|24h por dia",
     "com marcação|por marcação|sob marcação|com hora marcada|mediante marcação",
     "exceto|excepto",
     "meio dia",
     "meia noite",
     "aberto|horário|horários|horário de funcionamento|horário de atendimento",
     "das|de|da|dos|h|hs|horas|na|no|aos"},
    {"pl",
     {"pn|pon|poniedziałek|poniedziałku|poniedziałki", "wt|wto|wtorek|wtorku|wtorki",
      "śr|śro|środa|środy|środę", "cz|czw|czwartek|czwartku|czwartki",
      "pt|pią|piątek|piątku|piątki", "so|sb|sob|sobota|soboty|sobotę",
      "nd|nie|ndz|niedz|niedziela|niedziele|niedzielę|niedzieli"},
     "święta|w święta|dni świąteczne|ph",
     "do",
     "i|oraz",
     "codziennie|każdego dnia",
     "dni robocze|w dni robocze|dni powszednie",
     "weekend|weekendy|w weekendy",
     "zamknięte|nieczynne|zamknięty|nieczynny",
     "całodobowo|24h|całą dobę|24 godziny",
     "po umówieniu|po uzgodnieniu|po wcześniejszym umówieniu",
     "oprócz|z wyjątkiem",
     "południe",
     "północ",
     "otwarte|czynne|godziny otwarcia|godziny|godziny pracy|czynny",
     "od|w|godz|g|h"},
    {"cs",
     {"po|pon|pondělí", "út|ut|úterý|úterky", "st|stř|středa|středy|středu",
      "čt|ct|čtvrtek|čtvrtku", "pá|pa|pátek|pátku", "so|sobota|soboty|sobotu", "ne|neděle|neděli"},
     "svátky|státní svátky|ve svátky|ph",
     "až|do",
     "a",
     "denně|každý den",
     "pracovní dny|všední dny|v pracovní dny",
     "víkend|o víkendu|víkendy",
     "zavřeno|zavřené|zavreno",
     "nonstop|non stop|24 hodin",
     "po dohodě|na objednání|dle dohody|po domluvě",
     "kromě|mimo",
     "poledne",
     "půlnoc|půlnoci",
     "otevřeno|otevírací doba|provozní doba|otvírací doba",
     "od|v|hod|h|hodin|hodiny"},
    {"sk",
     {"po|pon|pondelok|pondelka", "ut|utorok", "st|str|streda|stredu", "št|štv|štvrtok",
      "pi|pia|piatok|piatku", "so|sob|sobota|sobotu", "ne|ned|nedeľa|nedeľu"},
     "sviatky|ph",
     "až|do",
     "a",
     "denne|každý deň",
     "pracovné dni",
     "víkend|cez víkend",
     "zatvorené",
     "nonstop|non stop",
     "po dohode|na objednávku",
     "okrem",
     "poludnie|obed",
     "polnoc",
     "otvorené|otváracie hodiny",
     "od|v|hod|h"},
    {"sv",
     {"mån|må|måndag|måndagar", "tis|ti|tisdag|tisdagar", "ons|on|onsdag|onsdagar",
      "tors|tor|to|torsdag|torsdagar", "fre|fr|fredag|fredagar", "lör|lö|lördag|lördagar",
      "sön|sö|söndag|söndagar"},
     "helgdagar|röda dagar|helgdag|ph",
     "till|t o m|tom",
     "och|samt",
     "dagligen|varje dag|alla dagar",
     "vardagar|vardag",
     "helger|helg|helgen",
     "stängt|stängd",
     "dygnet runt",
     "enligt överenskommelse|efter överenskommelse|tidsbokning|enl ö k",
     "utom|förutom",
     "",
     "midnatt",
     "öppet|öppettider|öppetider|öppettid|öppen",
     "kl|klockan|från|mellan"},
    {"da",
     {"man|ma|mandag|mandage", "tir|ti|tirs|tirsdag|tirsdage", "ons|on|onsdag|onsdage",
      "tor|to|tors|torsdag|torsdage", "fre|fr|fredag|fredage", "lør|lø|lørdag|lørdage",
      "søn|sø|søndag|søndage"},
     "helligdage|helligdag|ph",
     "til",
     "og|samt",
     "dagligt|daglig|hver dag|alle dage",
     "hverdage|hverdag",
     "weekend|weekender|i weekenden",
     "lukket|lukkes",
     "døgnåbent|døgnet rundt",
     "efter aftale|ifølge aftale",
     "undtagen",
     "",
     "midnat",
     "åbent|åbningstider|åbningstid|åben",
     "kl|klokken|fra|mellem|til"},
    {"no",
     {"man|ma|mandag|mandager", "tir|ti|tirs|tirsdag|tirsdager", "ons|on|onsdag|onsdager",
      "tor|to|tors|torsdag|torsdager", "fre|fr|fredag|fredager", "lør|lø|lørdag|lørdager",
      "søn|sø|søndag|søndager"},
     "helligdager|helligdag|ph",
     "til",
     "og|samt",
     "daglig|hver dag|alle dager",
     "hverdager|ukedager",
     "helg|helger|i helgen",
     "stengt",
     "døgnåpent|døgnet rundt",
     "etter avtale",
     "unntatt|bortsett fra",
     "",
     "midnatt",
     "åpent|åpningstider|åpningstid|åpen",
     "kl|klokken|fra|mellom"},
    {"fi",
     {"ma|maanantai|maanantaisin|maanantaista|maanantaihin", "ti|tiistai|tiistaisin|tiistaista",
      "ke|keskiviikko|keskiviikkoisin|keskiviikosta", "to|torstai|torstaisin|torstaista|torstaihin",
      "pe|perjantai|perjantaisin|perjantaihin", "la|lauantai|lauantaisin|lauantaihin|lauantaista",
      "su|sunnuntai|sunnuntaisin|sunnuntaihin"},
     "pyhät|pyhäpäivät|juhlapyhät|pyhinä|arkipyhät|ph",
     "asti",
     "ja|sekä",
     "päivittäin|joka päivä",
     "arkisin|arkipäivisin|arkipäivät",
     "viikonloppuisin|viikonloppu",
     "suljettu|kiinni",
     "ympäri vuorokauden|24 h|ympärivuorokautisesti",
     "sopimuksen mukaan|ajanvarauksella",
     "paitsi",
     "keskipäivä",
     "keskiyö",
     "avoinna|auki|aukioloajat|avoinna ark",
     "klo|kello"},
    {"ro",
     {"lu|lun|luni", "ma|mar|marți|marti|marţi", "mi|mie|miercuri", "jo|joi", "vi|vin|vineri",
      "sâ|sb|sâm|sam|sâmbătă|sambata", "du|dum|duminică|duminica"},
     "sărbători|sărbători legale|ph",
     "până la|la|pana la|până",
     "și|si|şi",
     "zilnic|în fiecare zi",
     "zile lucrătoare",
     "weekend|în weekend",
     "închis|inchis",
     "non stop|nonstop|24 de ore",
     "cu programare|pe bază de programare",
     "cu excepția|exceptând",
     "prânz",
     "miezul nopții",
     "deschis|program|orar|program de lucru",
     "de|de la|ora|orele|între"},
    {"hu",
     {"h|hé|hétfő|hétfőn|hétfőtől", "k|ke|kedd|kedden|keddtől", "sze|szerda|szerdán|szerdától",
      "cs|csüt|csütörtök|csütörtökön|csütörtöktől", "p|pé|pén|péntek|pénteken|péntektől",
      "szo|szombat|szombaton", "v|vas|vasárnap"},
     "ünnepnapok|ünnepnapokon|ph",
     "tól|ig",
     "és",
     "naponta|minden nap|mindennap",
     "hétköznap|hétköznapokon|munkanapokon",
     "hétvége|hétvégén",
     "zárva|szünnap",
     "éjjel nappal|0 24",
     "előzetes bejelentkezéssel|előzetes egyeztetés alapján",
     "kivéve",
     "dél",
     "éjfél",
     "nyitva|nyitvatartás|nyitva tartás|nyitvatartási idő",
     "óra|órától|óráig"},
    {"el",
     {"δε|δευ|δευτέρα", "τρ|τρι|τρίτη", "τε|τετ|τετάρτη", "πε|πεμ|πέμπτη", "πα|παρ|παρασκευή",
      "σα|σαβ|σάββατο", "κυ|κυρ|κυριακή"},
     "αργίες|ph",
     "έως|εως|ως|μέχρι",
     "και",
     "καθημερινά|κάθε μέρα",
     "καθημερινές|εργάσιμες",
     "σαββατοκύριακο",
     "κλειστά|κλειστό",
     "24ωρο|όλο το 24ωρο",
     "κατόπιν ραντεβού|με ραντεβού",
     "εκτός",
     "μεσημέρι",
     "μεσάνυχτα",
     "ανοιχτά|ωράριο|ώρες λειτουργίας|ανοικτά",
     "από|στις|πμ|ώρες"},
    {"tr",
     {"pzt|pt|pazartesi", "sa|sal|salı", "ça|çar|çarş|çarşamba", "pe|per|perş|perşembe",
      "cu|cum|cuma", "ct|cmt|cts|cumartesi", "pz|paz|pazar"},
     "resmi tatil|resmi tatiller|ph",
     "ile",
     "ve",
     "her gün|hergün",
     "hafta içi|haftaiçi",
     "hafta sonu|haftasonu",
     "kapalı",
     "24 saat|7 24",
     "randevu ile|randevulu",
     "hariç",
     "öğlen",
     "gece yarısı",
     "açık|çalışma saatleri|açılış saatleri",
     "saat|arası|arasında|saatleri"},
    {"ru",
     {"пн|пон|понедельник|понедельника|понедельникам", "вт|вторник|вторника",
      "ср|среда|среды|среду", "чт|четв|четверг|четверга", "пт|пятница|пятницу|пятницы",
      "сб|суб|суббота|субботу|субботы", "вс|воск|воскресенье|воскресенья"},
     "праздники|праздничные дни|в праздничные дни|ph",
     "до|по",
     "и",
     "ежедневно|каждый день|без выходных",
     "будни|по будням|в будни|рабочие дни|будние дни",
     "выходные|по выходным|в выходные",
     "закрыто|выходной|выходной день|не работает",
     "круглосуточно",
     "по записи|по предварительной записи|по договоренности",
     "кроме",
     "полдень",
     "полночь",
     "открыто|часы работы|режим работы|время работы|график работы|работаем",
     "с|со|в|ч|час|часов|время"},
    {"uk",
     {"пн|понеділок|понеділка", "вт|вівторок|вівторка", "ср|середа|середи|середу",
      "чт|четвер|четверга", "пт|п'ятниця|п’ятниця|пятниця|п'ятницю|п’ятницю", "сб|субота|суботу",
      "нд|неділя|неділю"},
     "святкові дні|свята|ph",
     "до|по",
     "та|і|й",
     "щодня|щоденно|кожен день|без вихідних",
     "будні|у будні|по буднях",
     "вихідні|у вихідні",
     "зачинено|вихідний|закрито",
     "цілодобово",
     "за записом|за домовленістю",
     "крім",
     "полудень",
     "північ",
     "відчинено|години роботи|графік роботи|час роботи|режим роботи",
     "з|від|год|години|о"},
};
static_assert(std::size(kLanguages) <= 32);

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

struct HoursWordTable {
  std::unordered_map<std::string, std::vector<HoursWord>, Hash, std::equal_to<>> words;
  std::unordered_set<std::string, Hash, std::equal_to<>> first_words;  // of phrases

  void add(std::string_view alternatives, HoursWord meaning) {
    for (const std::string_view word : split_any(alternatives, "|")) {
      const std::string key = folded(word);
      if (const std::size_t space = key.find(' '); space != std::string::npos) {
        first_words.insert(key.substr(0, space));
      }
      std::vector<HoursWord>& meanings = words[key];
      bool known = false;
      for (const HoursWord& other : meanings) known = known || other.language == meaning.language;
      if (!known) meanings.push_back(meaning);
    }
  }

  HoursWordTable() {
    std::uint8_t index = 0;
    for (const Language& language : kLanguages) {
      for (int day = 0; day < 7; ++day) add(language.days[day], {index, kDay, day, day});
      add(language.holidays, {index, kDay, 7, 7});
      add(language.dash, {index, kDash});
      add(language.join, {index, kSeparator});
      add(language.daily, {index, kDays, 0, 6});
      add(language.weekdays, {index, kDays, 0, 4});
      add(language.weekend, {index, kDays, 5, 6});
      add(language.closed, {index, kClosed});
      add(language.all_day, {index, kAllDay});
      add(language.appointment, {index, kAppointment});
      add(language.except, {index, kExcept});
      add(language.noon, {index, kTime, 12 * 60, 0});
      add(language.midnight, {index, kTime, 0, 0});
      add(language.label, {index, kLabel});
      add(language.noise, {index, kNoise});
      ++index;
    }
  }
};

const HoursWordTable& table() {
  static const HoursWordTable words;
  return words;
}

}  // namespace

std::span<const HoursWord> hours_words(std::string_view folded_word) {
  const auto& words = table().words;
  const auto found = words.find(folded_word);
  if (found == words.end()) return {};
  return found->second;
}

bool begins_hours_phrase(std::string_view folded_word) {
  return table().first_words.contains(folded_word);
}

std::uint32_t hours_language(std::string_view tag) {
  std::string primary = lower_ascii(tag.substr(0, tag.find_first_of("-_")));
  if (primary == "nb" || primary == "nn") primary = "no";
  for (std::size_t i = 0; i < std::size(kLanguages); ++i) {
    if (kLanguages[i].code == primary) return std::uint32_t{1} << i;
  }
  return 0;
}

std::uint32_t all_hours_languages() {
  return static_cast<std::uint32_t>((std::uint64_t{1} << std::size(kLanguages)) - 1);
}

}  // namespace placer
