// What tree construction (HTML standard, section 13.2.6.4.7) does with each element of a plain
// document.
#pragma once

#include <gumbo.h>

#include <array>
#include <cstdint>
#include <initializer_list>

namespace placer {

struct TagRule {
  enum class Start : std::uint8_t {
    kOrdinary,  // "any other start tag"
    kUnsure,    // not in a plain document
    kBlock,     // closes a p: div, ul, section ...
    kHeading,
    kPre,
    kForm,
    kListItem,
    kDefinition,  // dd, dt
    kButton,
    kFormatting,  // b, em, font ...
    kAnchor,
    kVoid,
    kRule,      // hr
    kHeadVoid,  // base, link, meta
    kScript,    // these four in the head, too
    kRawText,   // style, noframes
    kTitle,
    kNoscript,
    kBodyRawText,  // iframe, noembed
    kTextarea,
    kSelect,
    kOption,
    kOptionGroup,
    kTable,
    kTablePart,  // caption, col, tbody, td, tr ...
    kSvg,
    kHtml,
    kHead,
    kBody,
  };
  enum class End : std::uint8_t {
    kOther,  // "any other end tag"
    kUnsure,
    kBlock,  // closes what is open up to its start tag
    kForm,
    kParagraph,
    kListItem,
    kHeading,
    kFormatting,
    kTablePart,
    kSelect,
    kOption,
    kOptionGroup,
    kHtml,
    kHead,
    kBody,
  };

  Start start = Start::kOrdinary;
  End end = End::kOther;
  bool special = false;      // section 13.2.4.2
  bool implied_end = false;  // section 13.2.6.3
};

namespace tag_rules {

using TagRules = std::array<TagRule, GUMBO_TAG_LAST + 1>;

constexpr void set_rules(TagRules& rules, std::initializer_list<GumboTag> tags,
                         TagRule::Start start, TagRule::End end, bool special) {
  for (const GumboTag tag : tags) rules[tag] = {start, end, special, false};
}

constexpr TagRules make_tag_rules() {
  using Start = TagRule::Start;
  using End = TagRule::End;
  TagRules rules{};
  set_rules(rules, {GUMBO_TAG_ADDRESS, GUMBO_TAG_ARTICLE,  GUMBO_TAG_ASIDE,  GUMBO_TAG_BLOCKQUOTE,
                    GUMBO_TAG_CENTER,  GUMBO_TAG_DETAILS,  GUMBO_TAG_DIR,    GUMBO_TAG_DIV,
                    GUMBO_TAG_DL,      GUMBO_TAG_FIELDSET, GUMBO_TAG_FIGURE, GUMBO_TAG_FIGCAPTION,
                    GUMBO_TAG_FOOTER,  GUMBO_TAG_HEADER,   GUMBO_TAG_HGROUP, GUMBO_TAG_MAIN,
                    GUMBO_TAG_MENU,    GUMBO_TAG_NAV,      GUMBO_TAG_OL,     GUMBO_TAG_SECTION,
                    GUMBO_TAG_SUMMARY, GUMBO_TAG_UL},
            Start::kBlock, End::kBlock, true);
  set_rules(rules, {GUMBO_TAG_P}, Start::kBlock, End::kParagraph, true);
  set_rules(rules,
            {GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3, GUMBO_TAG_H4, GUMBO_TAG_H5, GUMBO_TAG_H6},
            Start::kHeading, End::kHeading, true);
  set_rules(rules, {GUMBO_TAG_PRE}, Start::kPre, End::kBlock, true);
  set_rules(rules, {GUMBO_TAG_FORM}, Start::kForm, End::kForm, true);
  set_rules(rules, {GUMBO_TAG_LI}, Start::kListItem, End::kListItem, true);
  set_rules(rules, {GUMBO_TAG_DD, GUMBO_TAG_DT}, Start::kDefinition, End::kBlock, true);
  set_rules(rules, {GUMBO_TAG_BUTTON}, Start::kButton, End::kBlock, true);
  set_rules(
      rules,
      {GUMBO_TAG_B, GUMBO_TAG_BIG, GUMBO_TAG_CODE, GUMBO_TAG_EM, GUMBO_TAG_FONT, GUMBO_TAG_I,
       GUMBO_TAG_S, GUMBO_TAG_SMALL, GUMBO_TAG_STRIKE, GUMBO_TAG_STRONG, GUMBO_TAG_TT, GUMBO_TAG_U},
      Start::kFormatting, End::kFormatting, false);
  set_rules(rules, {GUMBO_TAG_A}, Start::kAnchor, End::kFormatting, false);
  set_rules(rules,
            {GUMBO_TAG_AREA, GUMBO_TAG_BR, GUMBO_TAG_EMBED, GUMBO_TAG_IMG, GUMBO_TAG_WBR,
             GUMBO_TAG_INPUT, GUMBO_TAG_PARAM, GUMBO_TAG_SOURCE, GUMBO_TAG_TRACK},
            Start::kVoid, End::kOther, true);
  rules[GUMBO_TAG_BR].end = End::kUnsure;
  rules[GUMBO_TAG_MAIN].special = false;  // to Gumbo, which is older than that
  set_rules(rules, {GUMBO_TAG_HR}, Start::kRule, End::kOther, true);
  set_rules(rules, {GUMBO_TAG_BASE, GUMBO_TAG_LINK, GUMBO_TAG_META}, Start::kHeadVoid, End::kOther,
            true);
  set_rules(rules, {GUMBO_TAG_SCRIPT}, Start::kScript, End::kOther, true);
  set_rules(rules, {GUMBO_TAG_STYLE, GUMBO_TAG_NOFRAMES}, Start::kRawText, End::kOther, true);
  set_rules(rules, {GUMBO_TAG_TITLE}, Start::kTitle, End::kOther, true);
  set_rules(rules, {GUMBO_TAG_NOSCRIPT}, Start::kNoscript, End::kOther, true);
  set_rules(rules, {GUMBO_TAG_IFRAME, GUMBO_TAG_NOEMBED}, Start::kBodyRawText, End::kOther, true);
  set_rules(rules, {GUMBO_TAG_TEXTAREA}, Start::kTextarea, End::kOther, true);
  set_rules(rules, {GUMBO_TAG_SELECT}, Start::kSelect, End::kSelect, true);
  set_rules(rules, {GUMBO_TAG_OPTION}, Start::kOption, End::kOption, false);
  set_rules(rules, {GUMBO_TAG_OPTGROUP}, Start::kOptionGroup, End::kOptionGroup, false);
  set_rules(rules, {GUMBO_TAG_TABLE}, Start::kTable, End::kTablePart, true);
  set_rules(rules,
            {GUMBO_TAG_CAPTION, GUMBO_TAG_COL, GUMBO_TAG_COLGROUP, GUMBO_TAG_TBODY, GUMBO_TAG_TD,
             GUMBO_TAG_TFOOT, GUMBO_TAG_TH, GUMBO_TAG_THEAD, GUMBO_TAG_TR},
            Start::kTablePart, End::kTablePart, true);
  set_rules(rules, {GUMBO_TAG_SVG}, Start::kSvg, End::kOther, false);
  set_rules(rules, {GUMBO_TAG_HTML}, Start::kHtml, End::kHtml, true);
  set_rules(rules, {GUMBO_TAG_HEAD}, Start::kHead, End::kHead, true);
  set_rules(rules, {GUMBO_TAG_BODY}, Start::kBody, End::kBody, true);
  // Scope markers, frames, and what the parsers of the last twenty years do not agree on.
  set_rules(rules, {GUMBO_TAG_APPLET,   GUMBO_TAG_MARQUEE,   GUMBO_TAG_OBJECT, GUMBO_TAG_TEMPLATE,
                    GUMBO_TAG_FRAMESET, GUMBO_TAG_FRAME,     GUMBO_TAG_IMAGE,  GUMBO_TAG_ISINDEX,
                    GUMBO_TAG_MATH,     GUMBO_TAG_PLAINTEXT, GUMBO_TAG_XMP,    GUMBO_TAG_LISTING,
                    GUMBO_TAG_NOBR,     GUMBO_TAG_RUBY,      GUMBO_TAG_RB,     GUMBO_TAG_RP,
                    GUMBO_TAG_RT,       GUMBO_TAG_RTC,       GUMBO_TAG_KEYGEN, GUMBO_TAG_BASEFONT,
                    GUMBO_TAG_BGSOUND,  GUMBO_TAG_MENUITEM},
            Start::kUnsure, End::kUnsure, true);
  for (const GumboTag tag : {GUMBO_TAG_DD, GUMBO_TAG_DT, GUMBO_TAG_LI, GUMBO_TAG_OPTION,
                             GUMBO_TAG_OPTGROUP, GUMBO_TAG_P}) {
    rules[tag].implied_end = true;
  }
  return rules;
}

inline constexpr TagRules kTagRules = make_tag_rules();

}  // namespace tag_rules

inline const TagRule& rule_of(GumboTag tag) { return tag_rules::kTagRules[tag]; }

// Where only rows, cells and white space stand.
inline bool is_row_context(GumboTag tag) {
  return tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD ||
         tag == GUMBO_TAG_TFOOT || tag == GUMBO_TAG_TR || tag == GUMBO_TAG_COLGROUP;
}

inline bool is_heading(GumboTag tag) { return rule_of(tag).start == TagRule::Start::kHeading; }

inline bool is_row_group(GumboTag tag) {
  return tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TFOOT;
}

}  // namespace placer
