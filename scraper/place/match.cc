#include "scraper/place/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "scraper/place/match_words.h"

namespace placer {
namespace {

// The log of the odds that two places that have something in common are one, before any evidence.
constexpr double kPrior = -3;
constexpr double kGenericWeight = 0.4;  // of a NameToken that says what a place is

struct NameComparison {
  double same = 0;     // weight of the words in common
  double telling = 0;  // of those, words a place is known by
  double only_a = 0;   // weight of the words that the other lacks
  double only_b = 0;
  bool contrast = false;  // each has a word of its own: "Cafe Anna", "Dining Room Anna"
};

std::string joined(const std::vector<NameToken>& name) {
  std::string text;
  for (const NameToken& token : name) {
    if (token.weight > 0.1) text += token.word;
  }
  return text;
}

NameComparison compare_names(const std::vector<NameToken>& a, const std::vector<NameToken>& b) {
  const auto words = [](const std::vector<NameToken>& name) {
    return std::pair(name.size(), joined(name));
  };
  if (words(b) < words(a)) return compare_names(b, a);  // the greedy choice is made one way
  NameComparison result;
  const bool one_word = joined(a) == joined(b);  // "Jo Jo", "JoJo"
  std::vector<bool> used(b.size());
  bool own_a = false;
  bool own_b = false;
  for (const NameToken& token : a) {
    double best = 0;
    std::size_t at = 0;
    for (std::size_t k = 0; k < b.size(); ++k) {
      const double like = used[k] ? 0 : word_likeness(token.word, b[k].word);
      if (like > best) {
        best = like;
        at = k;
      }
    }
    if (best > 0) {
      used[at] = true;
      const double weight = std::min(token.weight, b[at].weight) * best;
      result.same += weight;
      if (token.weight == 1 && b[at].weight == 1) result.telling += best;
    } else if (!one_word) {
      result.only_a += token.weight;
      own_a = own_a || token.weight > 0.1;
    } else if (token.weight == 1) {
      result.telling += 1;
      result.same += 1;
    }
  }
  for (std::size_t k = 0; k < b.size() && !one_word; ++k) {
    if (used[k]) continue;
    result.only_b += b[k].weight;
    own_b = own_b || b[k].weight > 0.1;
  }
  result.contrast = own_a && own_b;
  return result;
}

enum class Same : std::uint8_t { kUnknown, kYes, kLike, kNo };

// Whether all words of the shorter list are in the longer one.
bool holds_all(const std::vector<std::string>& longer, const std::vector<std::string>& shorter) {
  return std::all_of(shorter.begin(), shorter.end(), [&](const std::string& word) {
    return std::find(longer.begin(), longer.end(), word) != longer.end();
  });
}

Same same_street(const StreetParts& a, const StreetParts& b) {
  if (a.words.empty() || b.words.empty()) return Same::kUnknown;
  if (!a.direction.empty() && !b.direction.empty() && a.direction != b.direction) return Same::kNo;
  const bool other_type = !a.type.empty() && !b.type.empty() && a.type != b.type;
  const auto& longer = a.words.size() >= b.words.size() ? a.words : b.words;
  const auto& shorter = a.words.size() >= b.words.size() ? b.words : a.words;
  const auto text = [](const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += word;
    return all;
  };
  const double like = jaro_winkler(text(a.words), text(b.words));
  if (like == 1 || a.joined == b.joined) return other_type ? Same::kLike : Same::kYes;
  if (other_type) return Same::kNo;
  const bool digits = text(a.words).find_first_of("0123456789") != std::string::npos ||
                      text(b.words).find_first_of("0123456789") != std::string::npos;
  if (!digits && (like >= 0.94 || holds_all(longer, shorter))) return Same::kYes;
  if (digits && holds_all(longer, shorter)) return Same::kLike;
  return Same::kNo;
}

Same same_number(const StreetParts& a, const StreetParts& b) {
  if (a.low == 0 || b.low == 0) return Same::kUnknown;
  if (a.low > b.high || b.low > a.high) return Same::kNo;
  if (a.low != b.low || a.high != b.high) return Same::kLike;
  if (a.suffix == b.suffix) return Same::kYes;
  return a.suffix.empty() || b.suffix.empty() ? Same::kLike : Same::kNo;
}

Same same_postcode(const std::string& a, const std::string& b) {
  constexpr std::size_t kOutwardCode = 3;  // "NW1" of "NW1 6XE"; ZIP of ZIP+4
  if (a.empty() || b.empty()) return Same::kUnknown;
  if (a == b) return Same::kYes;
  const bool part =
      std::min(a.size(), b.size()) >= kOutwardCode && (a.starts_with(b) || b.starts_with(a));
  return part ? Same::kLike : Same::kNo;
}

// "New York", "New York City"; "Hollywood", "West Hollywood".
Same same_city(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return Same::kUnknown;
  if (a == b) return Same::kYes;
  const std::string& longer = a.size() > b.size() ? a : b;
  const std::string& shorter = a.size() > b.size() ? b : a;
  const bool part = (' ' + longer + ' ').find(' ' + shorter + ' ') != std::string::npos;
  return part || jaro_winkler(a, b) >= 0.95 ? Same::kLike : Same::kNo;
}

// Within 1 % below 100 km; farther apart it does not matter how far.
double metres_between(double lat_a, double lon_a, double lat_b, double lon_b) {
  constexpr double kMetresPerDegree = 111'195;
  double lon = std::abs(lon_a - lon_b);
  lon = std::min(lon, 360 - lon);
  const double x = lon * std::cos((lat_a + lat_b) / 2 * std::numbers::pi / 180);
  return std::hypot(lat_a - lat_b, x) * kMetresPerDegree;
}

// What a scheme of ids looks like: "de-017" and "de-9" are of one, "store-17" of another.
std::string scheme_of(std::string_view ref) {
  std::string scheme;
  for (const char c : ref) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const char kind = digit ? '0' : letter ? 'a' : c;
    if (scheme.empty() || scheme.back() != kind || (!digit && !letter)) scheme += kind;
  }
  return scheme;
}

bool have_common(const auto& a, const auto& b) {
  return std::any_of(a.begin(), a.end(), [&b](const auto& value) {
    return std::find(b.begin(), b.end(), value) != b.end();
  });
}

class Weighing {
 public:
  Weighing(const MatchProfile& a, const MatchProfile& b, const Sharing& sharing)
      : a_(a), b_(b), sharing_(sharing) {}

  Match result();

 private:
  void add(double weight, std::string_view reason) {
    odds_ += weight;
    match_.reasons.push_back(fmt::format("{:+.1f} {}", weight, reason));
  }
  void conflict(std::string_view reason) {
    match_.conflict = true;
    match_.reasons.push_back(fmt::format("conflict: {}", reason));
  }
  // Weighs less the more places share it, by `sharing` of which two are the least.
  void add_shared(double weight, std::uint32_t sharing, std::string_view reason) {
    const double discount = 1 + std::log2(std::max<std::uint32_t>(sharing, 2) / 2.0);
    add(weight / discount,
        sharing > 2 ? fmt::format("{}, shared by {}", reason, sharing) : std::string(reason));
  }

  // Of where they are: no conflict for a place that moved.
  void place_conflict(std::string_view reason) { moved_ ? add(-1, reason) : conflict(reason); }

  void weigh_time();
  void weigh_name();
  void weigh_towns();
  void weigh_street();
  void weigh_distance();
  void weigh_phones();
  void weigh_web();
  void weigh_publishers();
  void weigh_kind();

  const MatchProfile& a_;
  const MatchProfile& b_;
  const Sharing& sharing_;
  Match match_;
  double odds_ = kPrior;
  bool contrast_ = false;  // of the names
  bool other_name_ = false;
  bool one_name_ = false;    // the very same words
  bool other_kind_ = false;  // both say what they are, and not the same
  bool located_ = false;     // something besides the name and the town speaks for one place
  bool own_page_ = false;    // one id or one page of their own
  bool common_phone_ = false;
  bool moved_ = false;  // or renamed: one page, one number or id of their own, before and after
  Same city_ = Same::kUnknown;
  Same postcode_ = Same::kUnknown;
};

void Weighing::weigh_time() {
  common_phone_ = have_common(a_.phones, b_.phones);
  if (a_.stated == b_.stated || !have_common(a_.pages, b_.pages)) return;
  add(3, "one page says so now and said so before");
  located_ = true;
  moved_ = (common_phone_ && sharing_.phone <= 2) || have_common(a_.refs, b_.refs);
}

void Weighing::weigh_name() {
  if (a_.name.empty() || b_.name.empty()) return;
  const NameComparison names = compare_names(a_.name, b_.name);
  const double extra = std::max(names.only_a, names.only_b);
  const double least = std::min(names.only_a, names.only_b);
  contrast_ = names.contrast;
  if (names.contrast || names.same == 0) {
    const double alike = names.same / (names.same + 2 * std::max(least, 0.4) + extra / 4);
    other_name_ = alike < 0.5;
    add(other_name_ ? -4 : -1,
        other_name_ ? "another name" : "names with a word of their own each");
    return;
  }
  const double known = std::clamp(names.telling, 0.0, 3.0);
  const bool generic = names.telling == 0;
  if (extra <= 0.3) {
    one_name_ = extra == 0;
    double weight =
        generic ? std::min(2.5, names.same / kGenericWeight) : 3 + 0.5 * (std::max(known, 1.0) - 1);
    if (sharing_.name > 3) weight -= std::min(1.5, std::log2(sharing_.name / 3.0) / 2);
    add(weight, sharing_.name > 3 ? fmt::format("same name, that of {}", sharing_.name)
                : generic         ? std::string("same name, of common words")
                                  : std::string("same name"));
  } else {
    add(generic ? 1.2 : std::max(1.0, 2 + 0.5 * (std::clamp(known, 1.0, 2.0) - 1) - 0.2 * extra),
        "one name within the other");
  }
}

void Weighing::weigh_towns() {
  city_ = same_city(a_.city, b_.city);
  postcode_ = same_postcode(a_.postcode, b_.postcode);
  if (!a_.country.empty() && !b_.country.empty() && a_.country != b_.country) {
    conflict("other country");
  }
  if (city_ == Same::kNo && postcode_ == Same::kNo) place_conflict("other postcode and city");
  if (postcode_ == Same::kYes) {
    add(1, "same postcode");
  } else if (postcode_ == Same::kNo) {
    add(-1.5, "other postcode");
  }
  if (city_ == Same::kYes || city_ == Same::kLike) add(0.5, "same city");
  if (city_ == Same::kNo && postcode_ != Same::kYes) add(-0.3, "other city");
}

void Weighing::weigh_street() {
  const StreetParts& a = a_.street;
  const StreetParts& b = b_.street;
  const Same street = same_street(a, b);
  if (street == Same::kUnknown) return;
  const Same number = same_number(a, b);
  if (street == Same::kNo) {
    add(number == Same::kUnknown ? -2 : -4, "another street");
    return;
  }
  if (!a.unit.empty() && !b.unit.empty() && a.unit != b.unit) place_conflict("other unit");
  const bool sure = street == Same::kYes;
  if (number == Same::kYes) {
    add(sure ? 4 : 2, "same street and house number");
    located_ = true;
  } else if (number == Same::kLike) {
    add(sure ? 3 : 1.5, "same street, house numbers that overlap");
    located_ = true;
  } else if (number == Same::kNo) {
    const bool range = a.low != a.high || b.low != b.high;
    if (common_phone_ && range) {
      add(-1, "other house number near a range");
    } else if (sure) {
      place_conflict("other house number");
    } else {
      add(-3, "other house number");
    }
  } else {
    const bool both = a.low == 0 && b.low == 0;
    add(both ? 1.5 : 1.3, both ? "same street" : "same street, one without a house number");
    located_ = true;
  }
}

void Weighing::weigh_distance() {
  constexpr double kFarApart = 1500;  // metres; geocoders differ by less
  if (!a_.lat || !b_.lat) return;
  const double metres = metres_between(*a_.lat, *a_.lon, *b_.lat, *b_.lon);
  const std::string text = fmt::format("{:.0f} m apart", metres);
  if (metres > kFarApart) return place_conflict(text);
  add(metres <= 30 ? 2.5 : metres <= 100 ? 2 : metres <= 300 ? 0.5 : -1.5, text);
  located_ = located_ || metres <= 300;
}

void Weighing::weigh_phones() {
  if (a_.phones.empty() || b_.phones.empty()) return;
  if (!common_phone_) return add(-1.5, "other telephone");
  add_shared(4, sharing_.phone, "same telephone");
  located_ = true;
}

void Weighing::weigh_web() {
  if (!a_.email.empty() && a_.email == b_.email) {
    add_shared(2, sharing_.email, "same e-mail");
    located_ = true;
  }
  if (a_.website.empty() || b_.website.empty()) return;
  const auto host = [](const std::string& website) {
    return website.substr(0, website.find_first_of("/?"));
  };
  if (a_.website == b_.website) {
    if (a_.front_page) return add_shared(0.7, sharing_.website, "same website");
    add_shared(2.5, sharing_.website, "same page on the web");
    own_page_ = sharing_.website == 2;
    located_ = true;
  } else if (host(a_.website) != host(b_.website)) {
    add(-0.5, "other website");
  } else if (!a_.front_page && !b_.front_page) {
    add(-0.7, "other page of the same website");
  }
}

void Weighing::weigh_publishers() {
  for (const auto& [host, ref] : a_.refs) {
    for (const auto& [other_host, other] : b_.refs) {
      if (host != other_host) continue;
      const bool numbered = ref.find_first_of("0123456789") != std::string::npos;
      if (ref == other) {
        if (own_page_ && located_) continue;
        add(5, "same id of the publisher");
        own_page_ = located_ = true;
      } else if (numbered && scheme_of(ref) == scheme_of(other)) {
        return conflict(fmt::format("other id of the publisher ({}, {})", ref, other));
      }
    }
  }
  for (const auto& [host, branch] : a_.branches) {
    for (const auto& [other_host, other] : b_.branches) {
      if (host != other_host || branch == other) continue;
      const bool part =
          branch.find(other) != std::string::npos || other.find(branch) != std::string::npos;
      if (!part) return conflict("other branch");
    }
  }
}

void Weighing::weigh_kind() {
  if (!a_.brand.empty() && !b_.brand.empty() && a_.brand != b_.brand &&
      a_.brand.find(b_.brand) == std::string::npos &&
      b_.brand.find(a_.brand) == std::string::npos) {
    conflict("other brand");
  }
  if (a_.category.empty() || b_.category.empty()) return;
  const auto key = [](const std::string& tag) { return tag.substr(0, tag.find('=')); };
  if (a_.category == b_.category) return add(0.5, "same category");
  add(key(a_.category) == key(b_.category) ? -0.5 : -2, "other category");
  other_kind_ = true;
}

Match Weighing::result() {
  weigh_time();
  weigh_name();
  weigh_towns();
  weigh_phones();
  weigh_street();
  weigh_distance();
  weigh_web();
  weigh_publishers();
  weigh_kind();
  match_.score = 1 / (1 + std::exp(-odds_));
  match_.decision = match_.score >= kMergeScore    ? MatchDecision::kMerge
                    : match_.score >= kReviewScore ? MatchDecision::kReview
                                                   : MatchDecision::kApart;
  const auto only_review = [this](const char* reason) {
    if (match_.decision != MatchDecision::kMerge) return;
    match_.decision = MatchDecision::kReview;
    match_.reasons.emplace_back(reason);
  };
  if (!located_) only_review("review: nothing but name and town");
  if (contrast_ && !own_page_ && !moved_)
    only_review("review: names with a word of their own each");
  if (sharing_.name > 3 && city_ == Same::kNo && postcode_ != Same::kYes) {
    only_review("review: a chain's name in two cities");
  }
  // A hotel's restaurant, a supermarket's pharmacy: one house, one number, one name within the
  // other.
  if (other_kind_ && !one_name_) only_review("review: of two kinds, with two names");
  if (match_.conflict) match_.decision = MatchDecision::kApart;
  return std::move(match_);
}

}  // namespace

std::string_view match_decision_name(MatchDecision decision) {
  switch (decision) {
    case MatchDecision::kMerge:
      return "merge";
    case MatchDecision::kReview:
      return "review";
    case MatchDecision::kApart:
      break;
  }
  return "apart";
}

Match match(const MatchProfile& a, const MatchProfile& b, const Sharing& sharing) {
  return Weighing(a, b, sharing).result();
}

}  // namespace placer
