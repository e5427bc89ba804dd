#include "scraper/extract/text/names.h"

#include <algorithm>

#include "scraper/ascii.h"
#include "scraper/frontier/url.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

constexpr std::size_t kLongestName = 70;  // bytes
constexpr std::size_t kMostTitleParts = 8;

// Folded. Titles, headings and links that name no one.
constexpr std::string_view kGeneric[] = {"home",
                                         "homepage",
                                         "home page",
                                         "welcome",
                                         "contact",
                                         "contact us",
                                         "contacts",
                                         "about",
                                         "about us",
                                         "index",
                                         "untitled",
                                         "untitled document",
                                         "impressum",
                                         "kontakt",
                                         "startseite",
                                         "locations",
                                         "location",
                                         "our locations",
                                         "store locator",
                                         "find us",
                                         "services",
                                         "our services",
                                         "products",
                                         "news",
                                         "blog",
                                         "address",
                                         "our address",
                                         "adresse",
                                         "anfahrt",
                                         "hours",
                                         "opening hours",
                                         "business hours",
                                         "office hours",
                                         "offnungszeiten",
                                         "directions",
                                         "map",
                                         "phone",
                                         "telephone",
                                         "fax",
                                         "email",
                                         "tel",
                                         "logo",
                                         "menu",
                                         "search",
                                         "login",
                                         "accueil",
                                         "contactez nous",
                                         "inicio",
                                         "contacto",
                                         "contatti",
                                         "contatto",
                                         "dove siamo",
                                         "contactar",
                                         "contato",
                                         "over ons",
                                         "privacy policy",
                                         "terms of use",
                                         "sitemap",
                                         "site map",
                                         "faq",
                                         "get in touch",
                                         "where to find us",
                                         "visit us",
                                         "call us",
                                         "mailing address",
                                         "head office",
                                         "main office",
                                         "get directions",
                                         "follow us",
                                         "quick links",
                                         "headquarters",
                                         "corporate office",
                                         "contact information",
                                         "contact details",
                                         "navigation",
                                         "uber uns",
                                         "willkommen",
                                         "bienvenue",
                                         "welkom",
                                         "all rights reserved"};

using ascii::is_digit;

bool is_generic(const std::string& name) {
  return name.empty() ||
         std::find(std::begin(kGeneric), std::end(kGeneric), name) != std::end(kGeneric);
}

std::string without_spaces(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != ' '; });
  return out;
}

// The registrable name of the host, about: "www.acme-tools.co.uk" -> "acmetools".
std::string host_name(std::string_view url) {
  const auto parsed = Url::parse(url);
  if (!parsed) return {};
  auto labels = split_any(parsed->host(), ".");
  if (labels.size() < 2) return {};
  labels.pop_back();
  if (labels.size() > 1 && labels.back().size() <= 3) labels.pop_back();
  std::string name(labels.back());
  std::erase(name, '-');
  return name;
}

std::string clipped(std::string_view text) {
  std::string name = plain_text(text.substr(0, 400));
  constexpr std::string_view kWelcomes[] = {"Welcome to ", "welcome to ", "WELCOME TO ",
                                            "Welcome To "};
  for (const std::string_view welcome : kWelcomes) {
    if (name.starts_with(welcome)) name.erase(0, welcome.size());
  }
  while (!name.empty() &&
         std::string_view(" .,:;-|!*").find(name.back()) != std::string_view::npos) {
    name.pop_back();
  }
  while (!name.empty() &&
         std::string_view(" .,:;-|!*").find(name.front()) != std::string_view::npos) {
    name.erase(0, 1);
  }
  return name;
}

// Cheaper than to look for the words.
bool may_hold_copyright(std::string_view line) {
  if (line.find('\xC2') != std::string_view::npos || line.find('(') != std::string_view::npos) {
    return true;
  }
  return line.size() >= 9 &&
         (line.find('y') != std::string_view::npos || line.find('Y') != std::string_view::npos);
}

// The owner in "Copyright © 1999-2009 ACME Inc. All rights reserved."
std::string owner_in_copyright(std::string_view line) {
  std::size_t at = line.find("©");
  std::size_t length = 2;
  if (at == std::string_view::npos) {
    const std::string low = lower_ascii(line);
    at = low.find("copyright");
    length = 9;
    if (at == std::string::npos) {
      at = low.find("(c) ");
      length = 3;
    }
  }
  if (at == std::string_view::npos) return {};
  std::string_view rest = line.substr(at + length, 160);
  for (bool more = true; more;) {
    more = false;
    while (!rest.empty() && (is_digit(rest[0]) ||
                             std::string_view(" -,.:|/").find(rest[0]) != std::string_view::npos)) {
      rest.remove_prefix(1);
      more = true;
    }
    for (const std::string_view word :
         {"©", "–", "(c)", "(C)", "Copyright", "copyright", "COPYRIGHT", "by ", "By ", "&copy;"}) {
      if (!rest.starts_with(word)) continue;
      rest.remove_prefix(word.size());
      more = true;
    }
  }
  const std::string low = lower_ascii(rest);
  std::size_t end = rest.size();
  for (const std::string_view mark :
       {"all rights", ". ", " - ", " | ", "|", "•", "·", " – ", "alle rechte", "tous droits",
        "todos los", "tutti i", " site ", "design", "powered", " 19", " 20", "©"}) {
    end = std::min(end, low.find(mark));
  }
  std::string name = clipped(rest.substr(0, end));
  return name;
}

struct Candidate {
  std::string name;
  std::string key;  // folded, without spaces
  int score = 0;
  bool of_site = false;
};

class Ballot {
 public:
  void propose(std::string_view written, int score, bool of_site = false) {
    std::string name = clipped(written);
    if (name.size() > kLongestName || name.size() < 2 || is_generic(folded(name))) return;
    std::string key = without_spaces(folded(name));
    if (key.size() < 2) return;
    for (Candidate& known : candidates_) {
      if (known.key == key) {
        known.score += score + 1;
        known.of_site = known.of_site || of_site;
        return;
      }
    }
    candidates_.push_back({std::move(name), std::move(key), score, of_site});
  }

  void compare_with_host(std::string_view host) {
    if (host.size() < 3) return;
    for (Candidate& candidate : candidates_) {
      const std::string_view key = candidate.key;
      const std::size_t least = std::min(key.size(), host.size());
      std::size_t common = 0;
      while (common < least && key[common] == host[common]) ++common;
      int more = 0;
      if (key == host) {
        more = 6;
      } else if (host.find(key) != std::string_view::npos && key.size() >= 4) {
        more = 4;
      } else if (key.find(host) != std::string_view::npos || common >= 6) {
        more = 3;
      }
      candidate.score += more;
      candidate.of_site = candidate.of_site || more > 0;
    }
  }

  // Names that stand within other names support them: "ACME" and "ACME Tools Ltd".
  void compare_with_each_other() {
    for (Candidate& one : candidates_) {
      for (const Candidate& other : candidates_) {
        if (one.key == other.key || one.key.size() < 4 || other.key.size() < 4) continue;
        if (!other.key.starts_with(one.key) && !one.key.starts_with(other.key)) continue;
        one.score += 2;
        one.of_site = one.of_site || other.of_site;
      }
    }
  }

  std::vector<OwnerName> names() {
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    std::vector<OwnerName> out;
    for (const Candidate& candidate : candidates_) {
      if (candidate.score >= 3 && out.size() < 2) {
        out.push_back({candidate.name, candidate.of_site});
      }
    }
    return out;
  }

 private:
  std::vector<Candidate> candidates_;
};

void propose_title(std::string_view title, Ballot& ballot) {
  constexpr std::string_view kTitleMarks[] = {
      " - ", " – ", " — ", "|", ": ", " :: ", "»", ", ", " · ", "•", "~"};
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  std::size_t at = 0;
  while (at < title.size() && parts.size() < kMostTitleParts) {
    std::size_t width = 0;
    for (const std::string_view mark : kTitleMarks) {
      if (title.substr(at).starts_with(mark)) width = std::max(width, mark.size());
    }
    if (width == 0) {
      ++at;
      continue;
    }
    parts.push_back(title.substr(begin, at - begin));
    at += width;
    begin = at;
  }
  parts.push_back(title.substr(begin));
  const bool alone = parts.size() == 1;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool edge = i == 0 || i + 1 == parts.size();
    ballot.propose(parts[i], alone && split_any(parts[i], " ").size() <= 5 ? 3 : edge ? 1 : 0);
  }
}

}  // namespace

std::vector<OwnerName> owner_names(const Page& page, const Prose& prose) {
  constexpr std::size_t kLastLines = 60;
  Ballot ballot;
  propose_title(std::string_view(page.facts().title).substr(0, 400), ballot);
  if (!prose.site_name.empty()) ballot.propose(prose.site_name, 5, true);
  std::size_t copyrights = 0;
  const std::size_t lines = prose.lines.size();
  for (std::size_t i = lines > kLastLines ? lines - kLastLines : 0; i < lines && copyrights < 3;
       ++i) {
    const std::string_view line = prose.line(i);
    if (line.size() > 400 || !may_hold_copyright(line)) continue;
    const std::string name = owner_in_copyright(line);
    if (name.empty()) continue;
    ballot.propose(name, 4, true);
    ++copyrights;
  }
  for (std::string_view logo : prose.logos) {
    std::string name = plain_text(logo.substr(0, 200));
    const bool says_logo = lower_ascii(name).ends_with(" logo");
    if (says_logo) name.resize(name.size() - 5);
    if (may_be_name(name)) ballot.propose(name, says_logo ? 3 : -1, says_logo);
  }
  std::size_t headings = 0;
  for (std::size_t i = 0; i < lines && headings < 3; ++i) {
    if (prose.lines[i].heading == 0 || prose.lines[i].heading > 2) continue;
    ++headings;
    if (may_be_name(prose.line(i))) ballot.propose(prose.line(i), 1);
  }
  ballot.compare_with_each_other();
  ballot.compare_with_host(host_name(page.url()));
  return ballot.names();
}

bool is_about_page(std::string_view name) {
  const std::string low = folded(name);
  for (const std::string_view word :
       {"impressum", "imprint", "kontakt", "contact", "datenschutz", "privacy", "mentions legales",
        "aviso legal", "note legali", "contatti", "colofon", "agb", "legal notice"}) {
    if (low.starts_with(word) &&
        (low.size() == word.size() || low[word.size()] == ' ' ||
         std::string_view("-|:,").find(low[word.size()]) != std::string_view::npos)) {
      return true;
    }
  }
  return false;
}

bool is_of_owner(const Page& page) {
  if (is_about_page(page.facts().title)) return true;
  const auto url = Url::parse(page.url());
  if (!url) return false;
  const std::string_view path = url->path();
  const std::string_view file = path.substr(path.rfind('/') + 1);
  return path == "/" || file.starts_with("index.") || is_about_page(file);
}

bool may_be_name(std::string_view line) {
  line = trimmed(line);
  if (line.size() < 2 || line.size() > kLongestName) return false;
  if (line.find('@') != std::string_view::npos || line.find("http") != std::string_view::npos)
    return false;
  const auto digits = std::count_if(line.begin(), line.end(), is_digit);
  if (digits > 4 || line.ends_with(':') || line.ends_with('?')) return false;
  const auto words = split_any(line, " ");
  if (words.size() > 9) return false;
  const char first = words[0].front();
  const bool capital = (first >= 'A' && first <= 'Z') || is_digit(first) ||
                       static_cast<unsigned char>(first) >= 0x80;
  return capital && !is_generic(folded(line));
}

}  // namespace placer
