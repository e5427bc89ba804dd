// What tree construction (HTML standard, section 13.2.6.4.7) does with each element of a plain
// document.
#pragma once

#include <gumbo.h>

#include <cstdint>

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

const TagRule& rule_of(GumboTag tag);

}  // namespace placer
