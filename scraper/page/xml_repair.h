// What is wrong with the XML that sites generate without an XML library, put right as it streams
// by.
#pragma once

#include <string>

namespace placer {

// Outside CDATA sections an '&' that begins no reference which XML knows by itself becomes "&amp;";
// control characters become blanks. Well-formed XML without entities of its own stays as it is.
class XmlRepair {
 public:
  // Well-formed UTF-8, cut neither within a reference nor within "<![CDATA[" or "]]>".
  std::string take(std::string piece);

 private:
  bool in_cdata_ = false;
};

}  // namespace placer
