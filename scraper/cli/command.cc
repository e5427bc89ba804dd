#include "scraper/cli/command.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/values.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

using Values = std::vector<std::string>;

Values split(std::string_view names) {
  Values out;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    out.emplace_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::string quoted_value(const std::string& value) { return "'" + printable(value) + "'"; }

auto assign_to(std::string& target) {
  return [&target](const std::string& value) {
    target = value;
    return std::string();
  };
}

auto append_to(Values& targets) {
  return [&targets](const std::string& value) {
    targets.push_back(value);
    return std::string();
  };
}

}  // namespace

Command& Command::add(Taken taken) {
  taken_.push_back(std::move(taken));
  return *this;
}

Command& Command::argument(std::string value, std::string& target, std::string text) {
  Taken taken;
  taken.value = std::move(value);
  taken.text = std::move(text);
  taken.required = true;
  taken.take = assign_to(target);
  return add(std::move(taken));
}

Command& Command::optional_argument(std::string value, std::string& target, std::string text) {
  argument(std::move(value), target, std::move(text));
  taken_.back().required = false;
  taken_.back().default_value = target;
  return *this;
}

Command& Command::arguments(std::string value, Values& targets, std::string text) {
  Taken taken;
  taken.value = std::move(value);
  taken.text = std::move(text);
  taken.repeated = true;
  taken.take = append_to(targets);
  return add(std::move(taken));
}

Command& Command::flag(std::string_view names, bool& target, std::string text) {
  Taken taken;
  taken.names = split(names);
  taken.text = std::move(text);
  taken.take = [&target](const std::string&) {
    target = true;
    return std::string();
  };
  return add(std::move(taken));
}

Command& Command::option(std::string_view names, std::string value, std::string& target,
                         std::string text) {
  optional_argument(std::move(value), target, std::move(text));
  taken_.back().names = split(names);
  return *this;
}

Command& Command::option(std::string_view names, std::string value, Values& targets,
                         std::string text) {
  arguments(std::move(value), targets, std::move(text));
  taken_.back().names = split(names);
  return *this;
}

Command& Command::list(std::string_view names, std::string value, Values& targets,
                       std::string text) {
  Taken taken;
  taken.names = split(names);
  taken.value = std::move(value);
  taken.text = std::move(text);
  taken.list = true;
  taken.take = [&targets](const std::string& written) {
    targets = split(written);
    return std::string();
  };
  return add(std::move(taken));
}

Command& Command::whole(std::string_view names, std::string value,
                        std::function<void(std::uint64_t)> set, std::uint64_t default_value,
                        std::string text, std::uint64_t least, std::uint64_t most) {
  Taken taken;
  taken.names = split(names);
  taken.value = std::move(value);
  taken.text = std::move(text);
  if (default_value != 0) taken.default_value = std::to_string(default_value);
  taken.take = [set = std::move(set), least, most](const std::string& written) {
    const auto number = parse_whole(written);
    if (number && *number >= least && *number <= most) {
      set(*number);
      return std::string();
    }
    return fmt::format("{} is no whole number from {} to {}", quoted_value(written), least, most);
  };
  return add(std::move(taken));
}

Command& Command::number(std::string_view names, std::string value,
                         std::optional<std::uint64_t>& target, std::string text) {
  return whole(
      names, std::move(value), [&target](std::uint64_t n) { target = n; }, 0, std::move(text), 0,
      std::numeric_limits<std::uint64_t>::max());
}

Command& Command::ids(std::string_view names, std::vector<std::int64_t>& targets,
                      std::string text) {
  whole(
      names, "ID ID",
      [&targets](std::uint64_t n) { targets.push_back(static_cast<std::int64_t>(n)); }, 0,
      std::move(text), 1, std::numeric_limits<std::int64_t>::max());
  taken_.back().values = 2;
  return *this;
}

Command& Command::choices(std::vector<std::string> words) {
  Taken& last = taken_.back();
  last.choices = words;
  last.take = [words = std::move(words), take = std::move(last.take),
               list = last.list](const std::string& written) {
    for (const std::string& one : list ? split(written) : Values{written}) {
      if (std::ranges::find(words, one) != words.end()) continue;
      return fmt::format("{} is none of {}{}", quoted_value(one), fmt::join(words, ", "),
                         did_you_mean(one, words));
    }
    return take(written);
  };
  return *this;
}

Command& Command::only_one_of(std::vector<std::string> names, std::string text) {
  alternatives_.push_back({std::move(names), std::move(text)});
  return *this;
}

Command& Command::examples(std::vector<std::string> lines) {
  examples_ = std::move(lines);
  return *this;
}

Command& Command::action(std::function<int()> action) {
  action_ = std::move(action);
  return *this;
}

void add_database(Command& command, std::string& path) {
  command.argument("DB", path, "The database that a run writes");
}

int complain(ExitStatus status, std::string_view message) {
  fmt::print(stderr, "placer: {}\n", printable(message));
  return status;
}

std::string did_you_mean(const std::string& written, const std::vector<std::string>& known) {
  const std::string_view meant =
      nearest(written, std::vector<std::string_view>(known.begin(), known.end()));
  return meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant);
}

}  // namespace placer::cli
