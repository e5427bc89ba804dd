#include "config/option_texts.h"

#include <fmt/format.h>

#include <map>

#include "config/load.h"
#include "config/schema.h"
#include "config/values.h"

namespace placer {
namespace job_file {
namespace {

std::string range(std::string_view what, std::string_view min, std::string_view max) {
  return fmt::format("{}, {} ... {}", what, min, max);
}

std::string type_of(const std::string&, const Text&) { return "text"; }
std::string type_of(const SecretText&, const Secret&) { return "text"; }
std::string type_of(const std::vector<std::string>&, const TextList&) { return "list of texts"; }
std::string type_of(const std::vector<StartUrl>&, const StartList&) {
  return "URL or list of URLs";
}
std::string type_of(const SitemapOptions&, const SitemapList&) { return "auto, off or URLs"; }
std::string type_of(bool, const Flag&) { return "true or false"; }
std::string type_of(const std::vector<RuleOptions>&, const RuleList&) { return "list of rules"; }
std::string type_of(const std::vector<HostHeaders>&, const HeaderList&) {
  return "NAME: VALUE, or list of {host, fields}";
}
std::string type_of(const std::vector<HostLogin>&, const LoginList&) {
  return "{host, user, password}, or list of them";
}
template <class Member>
std::string type_of(const Member&, const Whole& rule) {
  return range("number", std::to_string(rule.min), std::to_string(rule.max));
}
template <class Member>
std::string type_of(const Member&, const Bytes& rule) {
  return range("size", format_size(rule.min), format_size(rule.max));
}
template <class Member>
std::string type_of(const Member&, const Duration& rule) {
  return range("duration", format_duration(rule.min), format_duration(rule.max));
}
template <class E>
std::string type_of(E, const Word&) {
  return fmt::format("{}", fmt::join(kWords<E>, ", "));
}
template <class E>
std::string type_of(const std::vector<E>&, const WordList&) {
  return fmt::format("list of {}", fmt::join(kWords<E>, ", "));
}

template <class Member>
std::string auto_or(const Member&) {
  return {};
}
template <class T>
std::string auto_or(const std::optional<T>&) {
  return "auto or ";
}

// "section.key" to the value that a dump of the defaults has for it.
std::map<std::string, std::string> default_values() {
  std::map<std::string, std::string> values;
  const std::string dump = dump_job(Job{});
  std::string section;
  for (std::size_t begin = 0; begin < dump.size();) {
    const std::size_t end = dump.find('\n', begin);
    const std::string line = dump.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t colon = line.find(':');
    if (colon + 1 == line.size()) {
      section = line.substr(0, colon) + ".";
    } else if (line.starts_with("  ")) {
      values[section + line.substr(2, colon - 2)] = line.substr(colon + 2);
    } else {
      values[line.substr(0, colon)] = line.substr(colon + 2);
    }
  }
  return values;
}

class TextVisitor {
 public:
  void directive(std::string_view key, std::string_view text) {
    texts_.push_back({std::string(key), "text", "", std::string(text)});
  }
  template <class Member, class Rule>
  void option(std::string_view key, const Member& member, const Rule& rule, std::string_view text) {
    std::string name = prefix_ + std::string(key);
    const auto value = defaults_.find(name);
    texts_.push_back({name, auto_or(member) + type_of(member, rule),
                      has_default(name) && value != defaults_.end() ? value->second : "",
                      std::string(text)});
  }
  template <class Options>
  void section(std::string_view key, const Options& options, std::string_view text) {
    texts_.push_back({std::string(key), "", "", std::string(text)});
    prefix_ = std::string(key) + ".";
    describe(*this, options);
    prefix_.clear();
  }
  std::vector<OptionText> take() { return std::move(texts_); }

 private:
  static bool has_default(std::string_view name) { return name != "job" && name != "start"; }

  std::string prefix_;
  std::map<std::string, std::string> defaults_ = default_values();
  std::vector<OptionText> texts_;
};

}  // namespace
}  // namespace job_file

const std::vector<OptionText>& option_texts() {
  static const std::vector<OptionText> texts = [] {
    job_file::TextVisitor visitor;
    const Job job;
    job_file::describe(visitor, job);
    return visitor.take();
  }();
  return texts;
}

}  // namespace placer
