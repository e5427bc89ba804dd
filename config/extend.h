// `extends`: a job that begins with another file.
#pragma once

#include <vector>

#include "config/load.h"
#include "config/yaml_text.h"

namespace placer {

// Merges what `document` extends into it, and what that extends, and takes `extends` out. False
// after saying what is wrong; nothing is wrong with a document that extends nothing. Marks keep to
// the file they came from.
bool extend(YamlNode& document, const BaseFiles& bases, std::vector<Diagnostic>& errors);

// Every mark within `node`.
template <class Change>
void for_each_mark(YamlNode& node, const Change& change) {
  std::vector<YamlNode*> waiting = {&node};
  while (!waiting.empty()) {
    YamlNode& next = *waiting.back();
    waiting.pop_back();
    change(next.mark);
    for (YamlNode& item : next.items) waiting.push_back(&item);
    for (YamlEntry& entry : next.entries) {
      change(entry.mark);
      waiting.push_back(&entry.value);
    }
  }
}

}  // namespace placer
