#include "tests/pty_shell.h"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "scraper/cli/table.h"

namespace placer {
namespace {

std::size_t character_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
}

winsize size_of(std::size_t columns, std::size_t rows) {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(rows);
  return size;
}

}  // namespace

TerminalScreen::TerminalScreen(std::size_t columns, std::size_t rows)
    : columns_(columns), cells_(rows, std::vector<std::string>(columns, " ")) {}

void TerminalScreen::resize(std::size_t columns, std::size_t rows) {
  columns_ = columns;
  for (auto& line : cells_) line.resize(columns, " ");
  while (cells_.size() > rows) {  // below the cursor first
    if (row_ + 1 < cells_.size()) {
      cells_.pop_back();
    } else {
      history_.push_back(line(0));
      cells_.erase(cells_.begin());
      --row_;
    }
  }
  cells_.resize(rows, std::vector<std::string>(columns, " "));
  column_ = std::min(column_, columns);
}

std::string TerminalScreen::line(std::size_t row) const {
  std::string text;
  for (const std::string& cell : cells_[row]) text += cell;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::vector<std::string> TerminalScreen::lines() const {
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < cells_.size(); ++row) lines.push_back(line(row));
  return lines;
}

std::string TerminalScreen::text() const {
  std::string text;
  for (const std::string& line : history_) text += line + '\n';
  for (const std::string& line : lines()) text += line + '\n';
  return text;
}

void TerminalScreen::line_feed() {
  if (++row_ < cells_.size()) return;
  row_ = cells_.size() - 1;
  history_.push_back(line(0));
  cells_.erase(cells_.begin());
  cells_.emplace_back(columns_, " ");
}

void TerminalScreen::put(const std::string& character) {
  const std::size_t width = cli::display_width(character);
  if (width == 0) return;
  if (column_ + width > columns_) {
    if (wrap_) {
      ++wrapped_;
      line_feed();
      column_ = 0;
    } else {
      column_ = columns_ - width;
    }
  }
  cells_[row_][column_] = character;
  if (width == 2) cells_[row_][column_ + 1] = "";
  column_ += width;
}

// ECMA-48 sections 8.3.22 (CUU), 8.3.39 (ED), 8.3.41 (EL), 8.3.117 (SGR); DEC's private mode 7.
void TerminalScreen::control(char final, const std::string& parameters) {
  const auto clear = [this](std::size_t row, std::size_t from) {
    std::fill(cells_[row].begin() + static_cast<std::ptrdiff_t>(std::min(from, columns_)),
              cells_[row].end(), " ");
  };
  if (final == 'm' && parameters.find_first_not_of("0123456789;") == std::string::npos) return;
  if (final == 'K' && parameters.empty()) {
    clear(row_, column_);
  } else if (final == 'J' && parameters.empty()) {
    clear(row_, column_);
    for (std::size_t row = row_ + 1; row < cells_.size(); ++row) clear(row, 0);
  } else if (final == 'A' && !parameters.empty()) {
    row_ -= std::min(row_, static_cast<std::size_t>(std::atoi(parameters.c_str())));
  } else if ((final == 'l' || final == 'h') && parameters == "?7") {
    wrap_ = final == 'h';
  } else {
    unexpected_ += "ESC[" + parameters + final + ' ';
  }
}

void TerminalScreen::feed(std::string_view bytes) {
  pending_ += bytes;
  std::size_t at = 0;
  while (at < pending_.size()) {
    const char c = pending_[at];
    if (c == '\x1b') {
      const std::size_t final = pending_.find_first_of("ABCDEFGHJKSTfhlmnsuqrc\a\\", at + 1);
      if (final == std::string::npos) break;
      if (pending_[at + 1] == '[') {
        control(pending_[final], pending_.substr(at + 2, final - at - 2));
      } else {
        unexpected_ += "ESC" + pending_.substr(at + 1, final - at) + ' ';
      }
      at = final + 1;
      continue;
    }
    const std::size_t size = character_bytes(c);
    if (at + size > pending_.size()) break;
    const std::string character = pending_.substr(at, size);
    at += size;
    if (c == '\r') {
      column_ = 0;
    } else if (c == '\n') {
      line_feed();
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
               (character >= "\xC2\x80" && character < "\xC2\xA0")) {
      unexpected_ += "control " + std::to_string(static_cast<unsigned char>(c)) + ' ';
    } else {
      put(character);
    }
  }
  pending_.erase(0, at);
}

PtyShell::PtyShell(const std::string& folder, std::size_t columns, std::size_t rows)
    : screen_(columns, rows) {
  const winsize size = size_of(columns, rows);
  pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("forkpty failed");
  if (pid_ == 0) {
    const char* environment[] = {"TERM=xterm", "LANG=C.UTF-8", "PS1=$ ", "PATH=/usr/bin:/bin",
                                 nullptr};
    if (chdir(folder.c_str()) != 0) _exit(127);
    execle("/bin/sh", "sh", "-i", nullptr, environment);
    _exit(127);
  }
  wait_for("$");
}

PtyShell::~PtyShell() {
  // What the shell runs is in groups of their own; the hang-up reaches the one in the foreground.
  pid_t foreground = tcgetpgrp(terminal_);
  if (foreground > 0) kill(-foreground, SIGKILL);
  kill(pid_, SIGKILL);
  close(terminal_);
  waitpid(pid_, nullptr, 0);
}

void PtyShell::type(std::string_view keys) {
  if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("the terminal takes no keys");
  }
}

void PtyShell::resize(std::size_t columns, std::size_t rows) {
  screen_.resize(columns, rows);
  const winsize size = size_of(columns, rows);
  ioctl(terminal_, TIOCSWINSZ, &size);
}

bool PtyShell::wait_until(const std::function<bool(const TerminalScreen&)>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition(screen_)) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd ready{terminal_, POLLIN, 0};
    if (left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) != 1) return false;
    std::array<char, 4096> bytes;
    const ssize_t count = read(terminal_, bytes.data(), bytes.size());
    if (count <= 0) return false;
    output_.append(bytes.data(), static_cast<std::size_t>(count));
    screen_.feed({bytes.data(), static_cast<std::size_t>(count)});
  }
  return true;
}

bool PtyShell::wait_for(const std::string& text) {
  return wait_until([&text](const TerminalScreen& screen) {
    const auto lines = screen.lines();
    return std::any_of(lines.begin(), lines.end(), [&text](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  });
}

}  // namespace placer
