// A command of the command line as a plain value: what it is called, what it takes, what it does.
//
// Declared once, in the file of the command; parsing (command_line.h), help, manual and the
// completions of the shells are all written from these values, so that none of them can tell of an
// option that is not there.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placer::cli {

// Exit statuses; promises to scripts and cron.
enum ExitStatus : int {
  kExitDone = 0,
  kExitNothing = 1,  // ended without fetching anything, or stopped by an error
  kExitUsage = 2,    // command line or job file
  kExitDatabase = 3,
  kExitLocked = 75,        // EX_TEMPFAIL: another run holds the database
  kExitInterrupted = 130,  // state saved
};

// Groups of the commands, as the help names them.
inline constexpr const char* kGroupJob = "A job";
inline constexpr const char* kGroupPlaces = "Its places";
inline constexpr const char* kGroupCrawl = "How it went";
inline constexpr const char* kGroupAlso = "Also";
inline constexpr const char* kNotListed = "";

// Something that a command takes: an option, or an argument, which has no dashes.
struct Taken {
  std::vector<std::string> names;    // "-o", "--output"; none: an argument
  std::string value;                 // what stands for its value, "FILE"; empty: a flag
  std::vector<std::string> choices;  // the only values that are accepted; empty: any
  std::string text;
  std::string default_value;
  bool required = false;
  bool repeated = false;   // each occurrence adds a value; an argument takes all that follow
  bool list = false;       // one value may be several, with commas between
  std::size_t values = 1;  // at each occurrence
  // Takes a value; says what is wrong with it ("expected a whole number"), or nothing.
  std::function<std::string(const std::string&)> take;
};

// Options of which a command line may have one.
struct Alternatives {
  std::vector<std::string> names;
  std::string text;
};

// The variables that are named here are written to by the parse, and have to outlive it; what they
// hold before is their default. Adding gives the command back, for the next.
class Command {
 public:
  // `text`: what it does, a line.
  Command(std::string name, const char* group, std::string text)
      : name_(std::move(name)), group_(group), text_(std::move(text)) {}

  Command& argument(std::string value, std::string& target, std::string text);
  Command& optional_argument(std::string value, std::string& target, std::string text);
  Command& arguments(std::string value, std::vector<std::string>& targets, std::string text);
  // `names`: "--quiet" or "-q,--quiet".
  Command& flag(std::string_view names, bool& target, std::string text);
  Command& option(std::string_view names, std::string value, std::string& target, std::string text);
  // May be repeated.
  Command& option(std::string_view names, std::string value, std::vector<std::string>& targets,
                  std::string text);
  // Several with commas between, which replace what was there.
  Command& list(std::string_view names, std::string value, std::vector<std::string>& targets,
                std::string text);
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Command& number(std::string_view names, T& target,
                                                   std::string text, T least = 0,
                                                   T most = std::numeric_limits<T>::max()) {
    return whole(
        names, "N", [&target](std::uint64_t n) { target = static_cast<T>(n); }, target,
        std::move(text), least, most);
  }
  Command& number(std::string_view names, std::string value, std::optional<std::uint64_t>& target,
                  std::string text);
  // Two ids at once.
  Command& ids(std::string_view names, std::vector<std::int64_t>& targets, std::string text);
  // What was added last accepts only these words.
  Command& choices(std::vector<std::string> words);
  // `text`: what help says of flags in one row; empty: each has a row of its own.
  Command& only_one_of(std::vector<std::string> names, std::string text = "");
  Command& examples(std::vector<std::string> lines);  // command lines
  Command& action(std::function<int()> action);       // returns an exit status

  const std::string& name() const { return name_; }
  const std::string& group() const { return group_; }
  const std::string& text() const { return text_; }
  const std::vector<Taken>& taken() const { return taken_; }  // arguments in their order
  const std::vector<Alternatives>& alternatives() const { return alternatives_; }
  const std::vector<std::string>& examples() const { return examples_; }
  const std::function<int()>& action() const { return action_; }

 private:
  Command& add(Taken taken);
  Command& whole(std::string_view names, std::string value, std::function<void(std::uint64_t)> set,
                 std::uint64_t default_value, std::string text, std::uint64_t least,
                 std::uint64_t most);

  std::string name_;
  std::string group_;
  std::string text_;
  std::vector<Taken> taken_;
  std::vector<Alternatives> alternatives_;
  std::vector<std::string> examples_;
  std::function<int()> action_;
};

// The argument DB of the commands that look at results.
void add_database(Command& command, std::string& path);

// What an exit status means, in the order of the statuses.
struct ExitMeaning {
  ExitStatus status;
  const char* text;
};
inline constexpr std::array<ExitMeaning, 6> kExitMeanings{{
    {kExitDone, "done"},
    {kExitNothing, "ended without fetching anything, or stopped by an error"},
    {kExitUsage, "the command line or the job file is wrong"},
    {kExitDatabase, "the database cannot be used"},
    {kExitLocked, "another run holds the database (EX_TEMPFAIL)"},
    {kExitInterrupted, "interrupted; the state is saved, and the same command goes on"},
}};

// Says "placer: MESSAGE" on stderr, fit for a terminal, and returns `status`.
int complain(ExitStatus status, std::string_view message);

// " (did you mean 'run'?)", or nothing where no word is near.
std::string did_you_mean(const std::string& written, const std::vector<std::string>& known);

}  // namespace placer::cli
