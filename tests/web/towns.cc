#include "tests/web/towns.h"

namespace placer::web {
namespace {

using enum Language;

constexpr Town kTowns[] = {
    {"Berlin", "DE", kDe, 52.5200, 13.4050, "101##", "49", "0", "30", "29######"},
    {"München", "DE", kDe, 48.1374, 11.5755, "803##", "49", "0", "89", "21######"},
    {"Köln", "DE", kDe, 50.9375, 6.9603, "506##", "49", "0", "221", "27#####"},
    {"Paris", "FR", kFr, 48.8566, 2.3522, "7501#", "33", "0", "1", "42######"},
    {"Lyon", "FR", kFr, 45.7640, 4.8357, "6900#", "33", "0", "4", "72######"},
    {"London", "GB", kEn, 51.5074, -0.1278, "SW1# #AA", "44", "0", "20", "79######"},
    {"Manchester", "GB", kEn, 53.4808, -2.2426, "M1 #AB", "44", "0", "161", "22#####"},
    {"New York", "US", kEn, 40.7128, -74.0060, "100##", "1", "", "212", "34#####"},
    {"Chicago", "US", kEn, 41.8781, -87.6298, "606##", "1", "", "312", "34#####"},
    {"Madrid", "ES", kEs, 40.4168, -3.7038, "280##", "34", "", "91", "52#####"},
    {"Sevilla", "ES", kEs, 37.3891, -5.9845, "410##", "34", "", "95", "42#####"},
    {"Roma", "IT", kIt, 41.9028, 12.4964, "001##", "39", "", "06", "47######"},
    {"Amsterdam", "NL", kNl, 52.3676, 4.9041, "101# AB", "31", "0", "20", "62#####"},
    {"Kraków", "PL", kPl, 50.0647, 19.9450, "31-0##", "48", "", "12", "42#####"},
    {"東京都渋谷区", "JP", kJa, 35.6640, 139.6980, "150-00##", "81", "0", "3", "34######"},
    {"北京市", "CN", kZh, 39.9042, 116.4074, "1000##", "86", "0", "10", "65######"},
};

using Words = std::string_view;

constexpr Words kWordsDe[] = {"der",    "Kaffee",  "und",     "frisch",     "geröstet", "täglich",
                              "für",    "unsere",  "Gäste",   "am",         "Markt",    "mit",
                              "Liebe",  "gemacht", "seit",    "über",       "Jahren",   "schöne",
                              "Plätze", "draußen", "im",      "Sommer",     "warme",    "Küche",
                              "Brot",   "aus",     "eigener", "Herstellung"};
constexpr Words kWordsFr[] = {"le",    "café",       "est",       "préparé", "chaque",  "matin",
                              "avec",  "des",        "produits",  "frais",   "où",      "l’été",
                              "notre", "terrasse",   "accueille", "les",     "clients", "français",
                              "une",   "pâtisserie", "maison",    "très",    "goût",    "depuis",
                              "près",  "du",         "marché"};
constexpr Words kWordsEn[] = {"the",    "fresh", "coffee", "every",  "morning", "with",   "local",
                              "flour",  "our",   "guests", "garden", "quiet",   "corner", "market",
                              "served", "until", "late",   "open",   "window",  "baked",  "by",
                              "hand",   "since", "family", "street", "welcome", "small",  "plates"};
constexpr Words kWordsEs[] = {"el",      "café",    "cada",    "mañana",  "con",    "productos",
                              "frescos", "nuestra", "terraza", "está",    "junto",  "al",
                              "mercado", "los",     "niños",   "cocina",  "casera", "desde",
                              "hace",    "años",    "más",     "también", "día",    "postre"};
constexpr Words kWordsIt[] = {"il",      "caffè",  "ogni",   "mattina", "con",    "prodotti",
                              "freschi", "la",     "nostra", "città",   "vicino", "al",
                              "mercato", "cucina", "più",    "buona",   "perché", "è",
                              "fatta",   "in",     "casa",   "da",      "sempre"};
constexpr Words kWordsNl[] = {"de",     "koffie", "elke",  "ochtend", "met",   "verse",
                              "onze",   "gasten", "aan",   "gracht",  "en",    "het",
                              "terras", "in",     "zomer", "brood",   "uit",   "eigen",
                              "oven",   "sinds",  "jaren", "één",     "keuken"};
constexpr Words kWordsPl[] = {"kawa",   "świeża",  "każdego", "ranka",    "nasz",    "ogród",
                              "przy",   "rynku",   "chleb",   "z",        "własnej", "piekarni",
                              "goście", "są",      "mile",    "widziani", "od",      "wielu",
                              "lat",    "kuchnia", "domowa",  "źródło"};
constexpr Words kWordsJa[] = {"毎朝",     "焼きたて", "の",   "パン", "と",   "コーヒー",
                              "お客様",   "静か",     "な",   "庭",   "駅",   "から",
                              "歩いて",   "五分",     "地元", "野菜", "料理", "季節",
                              "ゆっくり", "過ごす",   "店内", "窓"};
constexpr Words kWordsZh[] = {"每天", "早上", "新鲜",   "咖啡", "我们", "客人", "安静", "花园",
                              "车站", "步行", "五分钟", "本地", "蔬菜", "菜单", "季节", "老街",
                              "手工", "面包", "欢迎",   "营业", "家庭", "窗边"};

constexpr Words kNamesDe[] = {"Müller", "Schäfer", "Weiß",   "König", "Hartmann", "Vogt",
                              "Brandt", "Lorenz",  "Krüger", "Jäger", "Sommer",   "Böhm"};
constexpr Words kNamesFr[] = {"Lefèvre",  "Dubois", "Moreau",   "Girard", "Chevalier", "Besançon",
                              "Rousseau", "Hélène", "Gauthier", "Perrin", "Léon",      "Mercier"};
constexpr Words kNamesEn[] = {"Harper",  "O'Brien", "Whitfield", "Carter", "Sullivan", "Bennett",
                              "Marlowe", "Finch",   "Ashford",   "Doyle",  "Langley",  "Pruitt"};
constexpr Words kNamesEs[] = {"García", "Núñez", "Fernández", "Ibáñez", "Morales", "Peña",
                              "Ortega", "Muñoz", "Castillo",  "Vidal",  "Rosario"};
constexpr Words kNamesIt[] = {"Rossi", "Bianchi", "Ferraro", "Niccolò",  "Conti",
                              "Gallo", "Marino",  "Testa",   "D’Angelo", "Rinaldi"};
constexpr Words kNamesNl[] = {"de Vries", "Bakker",   "Visser",  "Mulder", "van Dijk",
                              "Smit",     "Hoekstra", "Brouwer", "Daniël", "Koster"};
constexpr Words kNamesPl[] = {"Kowalski", "Wiśniewska", "Wójcik", "Zieliński", "Dąbrowska",
                              "Kamiński", "Pawlak",     "Żurek",  "Łukasz"};
constexpr Words kNamesJa[] = {"さくら", "山本", "田中", "みどり", "青空", "小川", "富士", "月見"};
constexpr Words kNamesZh[] = {"老王", "春天", "东方", "小李", "明月", "长城", "和平", "金山"};

constexpr Words kStreetsDe[] = {"Torstraße",       "Lindenallee", "Am Alten Markt", "Goethestraße",
                                "Schönhauser Weg", "Hauptstraße", "Brüderstraße",   "Rosengasse"};
constexpr Words kStreetsFr[] = {"rue de la République", "boulevard Voltaire", "place d’Armes",
                                "rue des Écoles",       "avenue Foch",        "quai Saint-Antoine"};
constexpr Words kStreetsEn[] = {"Market Street", "High Street", "Station Road", "Church Lane",
                                "Park Avenue",   "Mill Road",   "Bridge Street"};
constexpr Words kStreetsEs[] = {"Calle Mayor", "Calle de Alcalá", "Avenida de la Constitución",
                                "Plaza de España", "Calle Sierpes"};
constexpr Words kStreetsIt[] = {"Via Roma", "Via Appia Nuova", "Piazza Navona", "Via del Corso",
                                "Viale Libertà"};
constexpr Words kStreetsNl[] = {"Prinsengracht", "Damstraat", "Haarlemmerdijk", "Utrechtsestraat",
                                "Kerkstraat"};
constexpr Words kStreetsPl[] = {"ul. Floriańska", "ul. Długa", "ul. Świętego Jana",
                                "ul. Kościuszki"};
constexpr Words kStreetsJa[] = {"神宮前", "道玄坂", "恵比寿", "桜丘町"};
constexpr Words kStreetsZh[] = {"长安街", "王府井大街", "南锣鼓巷", "和平路"};

}  // namespace

std::string_view language_tag(Language language) {
  constexpr std::string_view kTags[kLanguages] = {"de", "fr", "en", "es", "it",
                                                  "nl", "pl", "ja", "zh"};
  return kTags[static_cast<std::size_t>(language)];
}

std::span<const std::string_view> words(Language language) {
  constexpr std::span<const Words> kAll[kLanguages] = {
      kWordsDe, kWordsFr, kWordsEn, kWordsEs, kWordsIt, kWordsNl, kWordsPl, kWordsJa, kWordsZh};
  return kAll[static_cast<std::size_t>(language)];
}

std::span<const std::string_view> family_names(Language language) {
  constexpr std::span<const Words> kAll[kLanguages] = {
      kNamesDe, kNamesFr, kNamesEn, kNamesEs, kNamesIt, kNamesNl, kNamesPl, kNamesJa, kNamesZh};
  return kAll[static_cast<std::size_t>(language)];
}

std::span<const std::string_view> streets(Language language) {
  constexpr std::span<const Words> kAll[kLanguages] = {kStreetsDe, kStreetsFr, kStreetsEn,
                                                       kStreetsEs, kStreetsIt, kStreetsNl,
                                                       kStreetsPl, kStreetsJa, kStreetsZh};
  return kAll[static_cast<std::size_t>(language)];
}

std::span<const Town> towns() { return kTowns; }

const Town& town_of(Language language) {
  for (const Town& town : kTowns) {
    if (town.language == language) return town;
  }
  return kTowns[0];
}

std::string digits_for(std::string_view pattern, Rng& rng) {
  std::string text(pattern);
  for (char& c : text) {
    if (c == '#') c = static_cast<char>('0' + rng.below(10));
  }
  return text;
}

}  // namespace placer::web
