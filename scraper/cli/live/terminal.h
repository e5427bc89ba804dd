// The terminal under a live display: a block of lines redrawn in place below ordinary output, and
// keys read without waiting for Enter.
//
// The cursor rests on the block's first column, and every frame says all of it again, so nothing
// has to be known of what the terminal made of the last one: it may be resized, reflowed or written
// to by others in between. No alternate screen; the cursor stays visible.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/cli/live/screen.h"

namespace placer::cli {

// What was typed, less control characters, escape sequences (arrow and function keys) and anything
// but ASCII; in lower case.
std::string plain_keys(std::string_view typed);

// While it exists, the terminal's mode is given back whenever the program stops (SIGTSTP), aborts
// or is ended by SIGQUIT; the destructor erases the block and restores the mode. SIGINT stays what
// it was. Never blocks on input, nor draws on a terminal that takes no output (Ctrl-S). Leaves the
// terminal alone while the program is a background job. One at a time; confined to one thread.
class LiveTerminal {
 public:
  // `out`: standard error, a terminal.
  explicit LiveTerminal(std::FILE* out);
  ~LiveTerminal();
  LiveTerminal(const LiveTerminal&) = delete;
  LiveTerminal& operator=(const LiveTerminal&) = delete;

  Screen screen() const;  // as it is at this moment

  // True when draw() would show something now. Takes the keyboard (no echo, no line editing; Ctrl-C
  // and Ctrl-Z work) when the program has come to the foreground and standard input is a terminal.
  bool ready();
  bool reads_keys() const;

  // What was typed since the last call (plain_keys); never waits.
  std::string typed();

  // Ordinary lines, which scroll into the terminal's history, and the block below them. REQUIRES:
  // ready(); no line is wider than the screen.
  void draw(const std::vector<std::string>& lines, const std::vector<std::string>& block);

  // The block is gone; the cursor is where it began.
  void erase();

 private:
  std::FILE* out_;
  bool keyboard_;      // standard input is a terminal
  std::string frame_;  // the last block drawn; empty: it must be drawn again
  std::size_t columns_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace placer::cli
