// The live display of `placer run` on a terminal: a block redrawn a few times a second at the
// bottom, places streaming by above it, and keys.
#pragma once

#include <atomic>
#include <cstdio>
#include <string>

#include "scraper/cli/live/history.h"
#include "scraper/cli/live/hosts.h"
#include "scraper/cli/live/places.h"
#include "scraper/cli/live/terminal.h"

namespace placer::cli {

// Fed by the engine's observer. Drawing is left to progress(), so that a completion costs a count.
// Confined to one thread; one at a time.
class LiveDisplay {
 public:
  // `stop` must outlive the display; `out` is standard error, a terminal.
  LiveDisplay(std::string job, const std::atomic<Stop>& stop, std::FILE* out);

  void completion(const Completion& completion);

  // Draws, after doing what the keys say: h shows and hides the hosts, p the places, ? the keys; q
  // raises SIGINT, once.
  void progress(const Progress& progress);

  // All is fetched; storage puts places together.
  void concluding(const Progress& progress);

  // What `auto` has decided, and why; ? shows it.
  void backend_changed(const std::string& why);

  // Takes the block away so that other lines can be printed; places that wait come first.
  void clear();

 private:
  void obey_keys();
  void draw(const Progress& progress, bool concluding);

  std::string job_;
  const std::atomic<Stop>& stop_;
  LiveHistory history_;
  HostTally hosts_;
  PlaceStream places_;
  std::string decision_;
  bool show_hosts_ = false;
  bool show_places_ = true;
  bool show_keys_ = false;
  LiveTerminal terminal_;  // the last, so that it is given back first
};

}  // namespace placer::cli
