#include "scraper/cli/live/display.h"

#include <csignal>
#include <utility>

namespace placer::cli {

LiveDisplay::LiveDisplay(std::string job, const std::atomic<Stop>& stop, std::FILE* out)
    : job_(std::move(job)), stop_(stop), terminal_(out) {}

void LiveDisplay::completion(const Completion& completion) {
  hosts_.count(completion);
  if (show_places_) places_.add(completion);
}

void LiveDisplay::obey_keys() {
  for (const char key : terminal_.typed()) {
    if (key == 'h') show_hosts_ = !show_hosts_;
    if (key == '?') show_keys_ = !show_keys_;
    if (key == 'q' && stop_.load() == Stop::kNo) std::raise(SIGINT);
    if (key == 'p') {
      show_places_ = !show_places_;
      places_.drop();
    }
  }
}

void LiveDisplay::backend_changed(const std::string& why) {
  const std::size_t conclusion = why.rfind(": ");  // behind the figures that led to it
  decision_ = conclusion == std::string::npos ? why : why.substr(conclusion + 2);
}

void LiveDisplay::progress(const Progress& progress) {
  history_.add(progress);
  if (!terminal_.ready()) return;
  obey_keys();
  draw(progress, false);
}

void LiveDisplay::concluding(const Progress& progress) {
  if (terminal_.ready()) draw(progress, true);
}

void LiveDisplay::draw(const Progress& progress, bool concluding) {
  const Screen screen = terminal_.screen();
  HostTable table;
  if (show_hosts_) {
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    table = hosts_.busiest(host_rows_that_fit(screen), progress.elapsed, now);
  }
  LiveView view;
  view.job = job_;
  view.stop = stop_.load();
  view.concluding = concluding;
  view.progress = progress;
  view.pages_per_second = history_.pages_per_second();
  view.left = history_.left();
  view.rates = history_.rates();
  view.queues = history_.queues();
  view.hosts = show_hosts_ ? &table : nullptr;
  view.keys = terminal_.reads_keys() && !concluding;
  view.show_keys = show_keys_;
  view.decision = decision_;
  terminal_.draw(places_.take(progress.elapsed, screen), live_lines(view, screen));
}

void LiveDisplay::clear() {
  if (terminal_.ready()) {
    const auto lines = places_.take_all(terminal_.screen());
    if (!lines.empty()) terminal_.draw(lines, {});
  }
  terminal_.erase();
}

}  // namespace placer::cli
