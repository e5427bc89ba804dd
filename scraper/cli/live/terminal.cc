#include "scraper/cli/live/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <iterator>

#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::string_view kErase = "\r\x1b[J";
constexpr std::string_view kNoWrap = "\x1b[?7l";  // a line too wide is cut, should one be
constexpr std::string_view kWrap = "\x1b[?7h";
constexpr std::string_view kEndOfLine = "\x1b[K";

// Signals at which the terminal is given back before they have their usual effect.
constexpr std::array kGivingBack = {SIGTSTP, SIGQUIT, SIGABRT};

// Shared with signal handlers, which may run on any thread.
std::atomic<bool> g_drawn{false};      // a block is on the screen
std::atomic<bool> g_keyboard{false};   // its mode is ours; g_before is what it was
std::atomic<bool> g_continued{false};  // the program was stopped
termios g_before{};
static_assert(std::atomic<bool>::is_always_lock_free, "used in signal handlers");

bool owns(int terminal) { return tcgetpgrp(terminal) == getpgrp(); }

// Without a controlling terminal there is no background.
bool may_write(int terminal) {
  const pid_t foreground = tcgetpgrp(terminal);
  return foreground < 0 || foreground == getpgrp();
}

// As far as the terminal is still ours. Async-signal-safe.
void give_back() {
  if (g_drawn.exchange(false) && may_write(STDERR_FILENO)) {
    [[maybe_unused]] const ssize_t count = write(STDERR_FILENO, kErase.data(), kErase.size());
  }
  if (g_keyboard.exchange(false) && owns(STDIN_FILENO)) {
    tcsetattr(STDIN_FILENO, TCSANOW, &g_before);
  }
}

void on_continue(int /*signal*/) { g_continued.store(true); }

// Gives the terminal back, then lets the signal do what it does by default. After SIGTSTP that is
// where the program goes on.
void on_giving_back(int signal) {
  const int error = errno;
  give_back();
  struct sigaction usual {};
  struct sigaction ours {};
  usual.sa_handler = SIG_DFL;
  sigaction(signal, &usual, &ours);
  sigset_t only;
  sigset_t before;
  sigemptyset(&only);
  sigaddset(&only, signal);
  raise(signal);
  pthread_sigmask(SIG_UNBLOCK, &only, &before);  // it arrives
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  sigaction(signal, &ours, nullptr);
  g_continued.store(true);
  errno = error;
}

// What the program or its parent has decided on already stays as it is.
void handle(int signal, void (*handler)(int)) {
  struct sigaction now {};
  if (sigaction(signal, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) return;
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

void stop_handling(int signal, void (*handler)(int)) {
  struct sigaction now {};
  if (sigaction(signal, nullptr, &now) != 0 || now.sa_handler != handler) return;
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  sigaction(signal, &usual, nullptr);
}

// Reads keys one by one and shows none of them; signals still come from the keyboard.
void take_keyboard() {
  if (!g_keyboard.load()) {
    termios before{};
    if (tcgetattr(STDIN_FILENO, &before) != 0) return;
    g_before = before;
  }
  termios ours = g_before;
  ours.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  ours.c_cc[VMIN] = 0;
  ours.c_cc[VTIME] = 0;
  g_keyboard.store(tcsetattr(STDIN_FILENO, TCSANOW, &ours) == 0);
}

// The last byte of the sequence that begins with the escape at `at`: a key with Alt, SS3 and a key,
// or a control sequence (ECMA-48 section 5.4).
std::size_t end_of_sequence(std::string_view typed, std::size_t at) {
  const char next = at + 1 < typed.size() ? typed[at + 1] : kEscape;
  if (next == kEscape) return at;
  if (next == 'O') return at + 2;
  if (next != '[') return at + 1;
  at += 2;
  while (at < typed.size() && typed[at] >= ' ' && typed[at] < '@') ++at;
  return at;
}

bool is_ready(int fd, short events) {
  pollfd ready{fd, events, 0};
  return poll(&ready, 1, 0) == 1 && (ready.revents & events) != 0;
}

}  // namespace

std::string plain_keys(std::string_view typed) {
  std::string keys;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const char c = typed[i];
    if (c == kEscape) {
      i = end_of_sequence(typed, i);
    } else if (c > ' ' && c <= '~') {
      keys += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
  }
  return keys;
}

LiveTerminal::LiveTerminal(std::FILE* out) : out_(out), keyboard_(isatty(STDIN_FILENO) == 1) {
  g_continued.store(false);
  for (const int signal : kGivingBack) handle(signal, on_giving_back);
  handle(SIGCONT, on_continue);
}

LiveTerminal::~LiveTerminal() {
  give_back();
  for (const int signal : kGivingBack) stop_handling(signal, on_giving_back);
  stop_handling(SIGCONT, on_continue);
}

Screen LiveTerminal::screen() const {
  Screen screen;
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0) {
    if (size.ws_col > 0) screen.columns = size.ws_col;
    if (size.ws_row > 0) screen.rows = size.ws_row;
  }
  screen.colour = wants_colour(STDERR_FILENO);
  screen.utf8 = speaks_utf8();
  return screen;
}

bool LiveTerminal::ready() {
  if (!may_write(STDERR_FILENO)) return false;
  const bool continued = g_continued.exchange(false);
  const Screen now = screen();
  if (continued || now.columns != columns_ || now.rows != rows_) frame_.clear();
  columns_ = now.columns;
  rows_ = now.rows;
  if (keyboard_ && (continued || !g_keyboard.load()) && owns(STDIN_FILENO)) take_keyboard();
  return is_ready(STDERR_FILENO, POLLOUT);
}

bool LiveTerminal::reads_keys() const { return g_keyboard.load(); }

std::string LiveTerminal::typed() {
  std::array<char, 256> bytes;
  if (!g_keyboard.load() || !owns(STDIN_FILENO) || !is_ready(STDIN_FILENO, POLLIN)) return {};
  const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count <= 0) return {};
  return plain_keys({bytes.data(), static_cast<std::size_t>(count)});
}

void LiveTerminal::draw(const std::vector<std::string>& lines,
                        const std::vector<std::string>& block) {
  std::string frame;
  for (const std::string& line : block) {
    if (!frame.empty()) frame += "\r\n";
    frame.append(line).append(kEndOfLine);
  }
  if (lines.empty() && g_drawn.load() && frame == frame_) return;
  std::string text = "\r" + std::string(kNoWrap);
  for (const std::string& line : lines) text.append(line).append(kEndOfLine).append("\r\n");
  text += frame;
  text += "\x1b[J";
  text += kWrap;
  if (block.size() > 1) text += "\x1b[" + std::to_string(block.size() - 1) + 'A';
  text += '\r';
  g_drawn.store(true);
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
  frame_ = std::move(frame);
}

void LiveTerminal::erase() {
  if (!g_drawn.exchange(false)) return;
  frame_.clear();
  std::fwrite(kErase.data(), 1, kErase.size(), out_);
  std::fflush(out_);
}

}  // namespace placer::cli
