// A shell on a terminal of its own, as people use the program: keys in, what the screen shows back.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// As much of a terminal as placer's display asks for. Lines that scroll off the top are kept. It
// knows the sequences that placer may write; any other byte that is not printable is noted as
// unexpected. A resize cuts or pads lines, as xterm does.
class TerminalScreen {
 public:
  TerminalScreen(std::size_t columns, std::size_t rows);

  void feed(std::string_view bytes);
  void resize(std::size_t columns, std::size_t rows);

  std::vector<std::string> lines() const;  // on the screen, without blanks at the end
  const std::vector<std::string>& history() const { return history_; }
  std::string text() const;  // history and screen, a line each
  const std::string& unexpected() const { return unexpected_; }
  std::size_t wrapped() const { return wrapped_; }  // lines that went on behind the last column

 private:
  void control(char final, const std::string& parameters);
  void put(const std::string& character);
  void line_feed();
  std::string line(std::size_t row) const;

  std::size_t columns_;
  std::vector<std::vector<std::string>> cells_;  // "" is the right half of a wide character
  std::size_t row_ = 0;
  std::size_t column_ = 0;  // columns_: behind the last one
  bool wrap_ = true;
  std::string pending_;  // the start of a sequence or character
  std::vector<std::string> history_;
  std::string unexpected_;
  std::size_t wrapped_ = 0;
};

// `sh -i`, whose prompt is "$ ". The destructor ends it and what it runs. Confined to one thread.
class PtyShell {
 public:
  PtyShell(const std::string& folder, std::size_t columns, std::size_t rows);
  ~PtyShell();
  PtyShell(const PtyShell&) = delete;
  PtyShell& operator=(const PtyShell&) = delete;

  void type(std::string_view keys);
  void enter(const std::string& line) { type(line + '\r'); }
  void resize(std::size_t columns, std::size_t rows);

  // Reads until `condition` holds of the screen; false when it does not within 30 seconds.
  bool wait_until(const std::function<bool(const TerminalScreen&)>& condition);
  // Until a line on the screen contains `text`.
  bool wait_for(const std::string& text);

  const TerminalScreen& screen() const { return screen_; }
  const std::string& output() const { return output_; }  // every byte so far

 private:
  int terminal_ = -1;
  pid_t pid_ = -1;
  TerminalScreen screen_;
  std::string output_;
};

}  // namespace placer
