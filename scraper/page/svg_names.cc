#include "scraper/page/svg_names.h"

#include <algorithm>

#include "scraper/ascii.h"

namespace placer {
namespace {

// Sorted by their lower case.
constexpr std::string_view kMixedCase[] = {"attributeName",
                                           "attributeType",
                                           "baseFrequency",
                                           "baseProfile",
                                           "calcMode",
                                           "clipPathUnits",
                                           "diffuseConstant",
                                           "edgeMode",
                                           "filterUnits",
                                           "glyphRef",
                                           "gradientTransform",
                                           "gradientUnits",
                                           "kernelMatrix",
                                           "kernelUnitLength",
                                           "keyPoints",
                                           "keySplines",
                                           "keyTimes",
                                           "lengthAdjust",
                                           "limitingConeAngle",
                                           "markerHeight",
                                           "markerUnits",
                                           "markerWidth",
                                           "maskContentUnits",
                                           "maskUnits",
                                           "numOctaves",
                                           "pathLength",
                                           "patternContentUnits",
                                           "patternTransform",
                                           "patternUnits",
                                           "pointsAtX",
                                           "pointsAtY",
                                           "pointsAtZ",
                                           "preserveAlpha",
                                           "preserveAspectRatio",
                                           "primitiveUnits",
                                           "refX",
                                           "refY",
                                           "repeatCount",
                                           "repeatDur",
                                           "requiredExtensions",
                                           "requiredFeatures",
                                           "specularConstant",
                                           "specularExponent",
                                           "spreadMethod",
                                           "startOffset",
                                           "stdDeviation",
                                           "stitchTiles",
                                           "surfaceScale",
                                           "systemLanguage",
                                           "tableValues",
                                           "targetX",
                                           "targetY",
                                           "textLength",
                                           "viewBox",
                                           "viewTarget",
                                           "xChannelSelector",
                                           "yChannelSelector",
                                           "zoomAndPan"};

constexpr bool is_less(std::string_view name, std::string_view lower) {
  return std::ranges::lexicographical_compare(name, lower, {}, ascii::lower);
}

static_assert(std::ranges::is_sorted(kMixedCase, is_less));

}  // namespace

std::string_view svg_attribute_name(std::string_view lower_case) {
  const auto* const found = std::ranges::lower_bound(kMixedCase, lower_case, is_less);
  const bool same =
      found != std::end(kMixedCase) && ascii::equals_ignoring_case(*found, lower_case);
  return same ? *found : lower_case;
}

}  // namespace placer
