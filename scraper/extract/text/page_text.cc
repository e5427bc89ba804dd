#include "scraper/extract/text/page_text.h"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "scraper/extract/text/findings.h"
#include "scraper/extract/text/frame.h"
#include "scraper/extract/text/names.h"
#include "scraper/extract/text/page_contacts.h"
#include "scraper/place/contact.h"
#include "scraper/place/hours_prose.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMostPlaces = 200;
constexpr std::size_t kLongestContactLine = 120;  // bytes; longer lines are prose
constexpr std::size_t kMostPhonesWithoutAddress = 4;

// What a place is put together from: an address or a number, and the stretch of text about it.
struct Block {
  const WrittenAddress* address = nullptr;
  const PhoneMention* number = nullptr;  // where there is no address
  std::size_t begin = 0;                 // bytes of the text
  std::size_t end = 0;
  std::size_t line = 0;  // where the address, or the number, begins
  std::string name;
  std::vector<std::pair<std::size_t, std::size_t>> more = {};  // further stretches, bytes
  bool of_site = false;  // the site's own place, to whom what stands on each of its pages belongs
};

// A box at the post office, or the end of a sentence: "Am Montag brannte es in der Torstr. 12".
bool is_no_street(std::string_view street) {
  constexpr std::size_t kMostWords = 8;
  const std::string low = folded(street);
  for (const std::string_view box : {"postfach", "boite postale", "apartado", "casella postale"}) {
    if (low.starts_with(box)) return true;
  }
  const auto words = split_any(low, " ");
  if (words.size() > kMostWords) return true;
  if (words.size() < 4) return false;
  return std::ranges::any_of(words.begin() + 1, words.end() - 2, [](std::string_view word) {
    for (const std::string_view verb : {"ist", "war", "sind", "wurde", "wird", "es", "wir", "hat",
                                        "is", "was", "were", "has", "we", "est", "sont", "nous"}) {
      if (word == verb) return true;
    }
    return false;
  });
}

bool is_within(const Block& block, std::size_t at) {
  return (at >= block.begin && at < block.end) ||
         std::ranges::any_of(
             block.more, [at](const auto& part) { return at >= part.first && at < part.second; });
}

std::string phone_text(const PhoneMention& phone) {
  return phone.extension.empty() ? phone.e164 : phone.e164 + " ext. " + phone.extension;
}

json one_or_all(const std::vector<std::string>& texts) {
  return texts.size() == 1 ? json(texts[0]) : json(texts);
}

void add_once(std::string text, std::vector<std::string>& texts) {
  if (!text.empty() && std::ranges::find(texts, text) == texts.end())
    texts.push_back(std::move(text));
}

class Places {
 public:
  Places(const Page& page, const Findings& found)
      : page_(page), found_(found), prose_(found.prose) {}

  std::vector<RawPlace> read() {
    std::vector<Block> blocks = address_blocks();
    if (blocks.empty()) blocks = phone_block();
    if (blocks.empty()) return {};
    owners_ = owner_names(page_, prose_);
    const bool alone = blocks.size() == 1;
    if (blocks[0].address == nullptr) {
      name_phone_block(blocks[0]);
    } else {
      name_blocks(blocks);
    }
    if (std::ranges::all_of(blocks, [](const Block& block) { return block.name.empty(); })) {
      return {};
    }
    hours_ = find_hours(prose_.text, page_.facts().language);
    if (!alone) give_to_named(blocks);
    std::vector<RawPlace> places;
    for (const Block& block : blocks) {
      if (block.name.empty()) continue;
      places.push_back({.path = "body/line " + std::to_string(block.line + 1),
                        .fields = fields_of(block, alone),
                        .last_resort = block.address == nullptr});
    }
    return places;
  }

 private:
  // One block per address; the same address said twice is one.
  std::vector<Block> address_blocks() const {
    std::vector<Block> blocks;
    std::set<std::string> known;
    for (const WrittenAddress& address : found_.addresses) {
      if (address.street.empty() || (address.postcode.empty() && address.city.empty())) continue;
      if (is_no_street(address.street)) continue;
      if (blocks.size() >= kMostPlaces) break;
      const std::string key = folded(address.street + " " +
                                     (address.postcode.empty() ? address.city : address.postcode));
      if (!known.insert(key).second) continue;
      blocks.push_back({.address = &address,
                        .begin = address.begin,
                        .end = address.end,
                        .line = prose_.line_at(address.begin),
                        .name = {}});
    }
    if (blocks.size() == 1) {
      blocks[0].begin = 0;
      blocks[0].end = prose_.text.size();
    } else {
      spread(blocks);
    }
    return blocks;
  }

  // From the heading above an address to that of the next one.
  void spread(std::vector<Block>& blocks) const {
    constexpr std::size_t kLinesAbove = 4;
    constexpr std::size_t kLinesBelow = 15;
    std::size_t floor = 0;
    for (Block& block : blocks) {
      std::size_t begin = block.line;
      for (std::size_t up = 1; up <= kLinesAbove && block.line >= floor + up; ++up) {
        const std::size_t line = block.line - up;
        if (prose_.lines[line].heading == 0) continue;
        begin = line;
        break;
      }
      block.begin = prose_.lines[begin].begin;
      floor = prose_.line_at(block.address->end) + 1;
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const std::size_t last =
          std::min(prose_.line_at(blocks[i].address->end) + kLinesBelow, prose_.lines.size() - 1);
      blocks[i].end = prose_.lines[last].end;
      if (i + 1 < blocks.size()) blocks[i].end = std::min(blocks[i].end, blocks[i + 1].begin);
    }
  }

  // Lines of their own below an address of no name are about the place above it, as the telephone
  // at the end of an imprint is; what stands in the line of the address is not.
  void give_to_named(std::vector<Block>& blocks) const {
    constexpr std::size_t kLinesBelow = 15;
    Block* named = nullptr;
    for (Block& block : blocks) {
      if (!block.name.empty()) {
        named = &block;
        continue;
      }
      if (named == nullptr) continue;
      const std::size_t line = prose_.line_at(block.address->end);
      if (line > prose_.line_at(named->address->end) + kLinesBelow) continue;
      named->more.emplace_back(prose_.lines[line].end, block.end);
    }
  }

  // Without an address: a page that gives a number in a line of its own is about whom one reaches.
  std::vector<Block> phone_block() const {
    std::set<std::string> numbers;
    const PhoneMention* best = nullptr;
    bool of_page = false;
    for (const PhoneMention& phone : found_.phones) {
      if (phone.e164.empty() || !phone.voice) continue;
      numbers.insert(phone.e164);
      if (numbers.size() > kMostPhonesWithoutAddress) return {};
      const std::size_t line = prose_.line_at(phone.begin);
      if (of_page || prose_.line(line).size() > kLongestContactLine) continue;
      of_page = is_of_page(phone);
      if (of_page || best == nullptr) best = &phone;
    }
    if (best == nullptr) return {};
    return {{.number = best,
             .end = prose_.text.size(),
             .line = prose_.line_at(best->begin),
             .name = {}}};
  }

  static bool is_seen(const PhoneMention& phone) { return phone.end > phone.begin; }

  // A number that readers see in the content is about what the page is about. Others may stand on
  // every page of the site, whatever the page is about, and are the site's.
  bool is_of_page(const PhoneMention& phone) const {
    return is_seen(phone) && !is_in_frame(prose_.line_at(phone.begin));
  }

  bool is_in_frame(std::size_t line) const { return in_frame(prose_.lines[line].from); }

  // A number of the site's is that of the site's owner, or of whoever is named right above it.
  void name_phone_block(Block& block) const {
    constexpr std::size_t kLinesAbove = 3;
    if (owners_.empty()) return;
    const auto named = std::ranges::find_if(owners_, &OwnerName::of_site);
    block.of_site = named != owners_.end() || is_of_owner(page_);
    if (is_of_page(*block.number)) {
      block.name = owners_.front().name;
    } else if (named != owners_.end()) {
      block.name = named->name;
    } else if ((block.of_site && is_seen(*block.number)) ||
               (!is_in_frame(block.line) && is_below_owner(block.line, kLinesAbove))) {
      block.name = owners_.front().name;
    }
    if (is_about_page(block.name)) block.name.clear();
  }

  bool is_below_owner(std::size_t below, std::size_t lines) const {
    for (std::size_t line = below < lines ? 0 : below - lines; line < below; ++line) {
      if (names_owner(prose_.line(line))) return true;
    }
    return false;
  }

  // Of several addresses only the owner's takes the owner's name; the others have one of their own
  // or are nobody's: courts, authorities and agencies that the page mentions.
  void name_blocks(std::vector<Block>& blocks) const {
    if (blocks.size() > 1) {
      for (Block& block : blocks) block.name = name_above(block);
    }
    Block& own = owners_block(blocks);
    if (own.name.empty() && !owners_.empty()) {
      own.name = owners_.front().name;
      own.of_site = owners_.front().of_site;
    }
    if (own.name.empty() && own.address != nullptr) own.name = name_above(own);
    if (own.name.empty() && own.address != nullptr && may_be_name(page_.facts().title)) {
      own.name = page_.facts().title;
    }
    if (is_about_page(own.name)) own.name.clear();
    own.of_site = own.of_site || is_of_owner(page_) || is_in_frame(own.line);
  }

  // The first address with the owner's name in the line or one of the two lines above, else the
  // first that no one else is named beside.
  Block& owners_block(std::vector<Block>& blocks) const {
    for (Block& block : blocks) {
      const std::size_t top = block.line < 2 ? 0 : block.line - 2;
      for (std::size_t line = top; line <= block.line; ++line) {
        if (names_owner(prose_.line(line))) return block;
      }
    }
    for (Block& block : blocks) {
      if (block.name.empty() && !has_words_before(block)) return block;
    }
    return blocks.front();
  }

  bool names_owner(std::string_view line) const {
    if (line.size() > kLongestContactLine) return false;
    const std::string low = folded(line);
    return std::ranges::any_of(owners_, [&](const OwnerName& owner) {
      const std::string name = folded(owner.name);
      return name.size() > 2 && low.find(name) != std::string::npos;
    });
  }

  // Is it in the middle of a line: "Arbitration: Board of the Trade, Main Street 8"?
  bool has_words_before(const Block& block) const {
    return block.address != nullptr && block.address->begin > prose_.lines[block.line].begin + 3;
  }

  // The heading of the block, else the line right above the address.
  std::string name_above(const Block& block) const {
    const std::size_t top = prose_.line_at(block.begin);
    const bool whole_page = block.begin == 0 && block.end == prose_.text.size();
    if (!whole_page && top < block.line && may_be_name(prose_.line(top)) &&
        !is_about_page(prose_.line(top))) {
      return plain_text(prose_.line(top));
    }
    if (block.line == 0 || has_words_before(block)) return {};
    const std::string_view above = prose_.line(block.line - 1);
    return may_be_name(above) && !is_about_page(above) ? plain_text(above) : std::string();
  }

  // The site's numbers and links are those of the page's only place if it is the site's, or if they
  // stand by its address.
  bool may_have_what_is_at(const Block& block, std::size_t at) const {
    constexpr std::size_t kLinesAbove = 3;
    constexpr std::size_t kLinesBelow = 8;
    const std::size_t line = prose_.line_at(at);
    const std::size_t last =
        block.address == nullptr ? block.line : prose_.line_at(block.address->end);
    return block.of_site || (line + kLinesAbove >= block.line && line <= last + kLinesBelow);
  }

  json fields_of(const Block& block, bool alone) const {
    json fields = {{"@type", {"Place"}}, {"name", block.name}};
    std::vector<std::string> phones;
    std::vector<std::string> faxes;
    for (const PhoneMention& phone : found_.phones) {
      if (phone.e164.empty() || !is_within(block, phone.begin)) continue;
      if (alone && !is_of_page(phone) && !may_have_what_is_at(block, phone.begin)) continue;
      if (phone.voice) add_once(phone_text(phone), phones);
      if (phone.fax) add_once(phone_text(phone), faxes);
    }
    if (!phones.empty()) fields["telephone"] = one_or_all(phones);
    if (!faxes.empty()) fields["faxNumber"] = one_or_all(faxes);
    if (block.address != nullptr) fields["address"] = address_of(*block.address);
    for (const HoursMention& hours : hours_) {
      if (!is_within(block, hours.begin)) continue;
      fields["openingHours"] = hours.hours.osm;
      break;
    }
    add_contacts(block, alone, fields);
    return fields;
  }

  void add_contacts(const Block& block, bool alone, json& fields) const {
    if (alone && block.of_site) {
      const PageContacts contacts = page_contacts(page_);
      if (!contacts.emails.empty()) fields["email"] = contacts.emails.front();
      if (!contacts.profiles.empty()) fields["sameAs"] = contacts.profiles;
      return;
    }
    for (const ProseLink& link : prose_.mail_links) {
      if (!is_within(block, link.at)) continue;
      if (alone && !may_have_what_is_at(block, link.at)) continue;
      if (auto email = email_address(link.href)) {
        fields["email"] = *email;
        return;
      }
    }
  }

  json address_of(const WrittenAddress& address) const {
    json out = {{"@type", {"PostalAddress"}}};
    const std::pair<const char*, const std::string*> parts[] = {
        {"streetAddress", &address.street},   {"addressLocality", &address.city},
        {"addressRegion", &address.state},    {"postalCode", &address.postcode},
        {"addressCountry", &address.country},
    };
    for (const auto& [property, text] : parts) {
      if (!text->empty()) out[property] = *text;
    }
    return out;
  }

  const Page& page_;
  const Findings& found_;
  const Prose& prose_;
  std::vector<OwnerName> owners_;
  std::vector<HoursMention> hours_;
};

}  // namespace

std::vector<RawPlace> PageText::places(const Page& page) const {
  Prose prose = read_prose(page);
  if (prose.article || prose.lines.empty()) return {};  // a tel: link may have no text
  return Places(page, read_findings(page, std::move(prose))).read();
}

}  // namespace placer
