#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/load.h"
#include "config/schema.h"
#include "config/secrets.h"
#include "config/values.h"

namespace placer {
namespace job_file {
namespace {

// Words that YAML 1.1 or 1.2 reads as something other than text.
constexpr std::array<std::string_view, 10> kYamlWords = {"null", "true", "false", "yes", "no",
                                                         "on",   "off",  "y",     "n",   "auto"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Readable without quotes, in every YAML reader.
bool is_plain(std::string_view text) {
  if (text.empty() || !(is_letter(text.front()) || text.front() == '/')) return false;
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (std::find(kYamlWords.begin(), kYamlWords.end(), lower) != kYamlWords.end()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') ||
           std::string_view("/._-").find(c) != std::string_view::npos;
  });
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02X}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : quoted(text);
}

// Writes options as YAML, sections one level in.
class Writer {
 public:
  std::string take() { return std::move(yaml_); }

  void directive(std::string_view, std::string_view) {}

  template <class Options>
  void section(std::string_view key, const Options& options, std::string_view) {
    yaml_ += fmt::format("{}:\n", key);
    indent_ = "  ";
    describe(*this, options);
    indent_ = "";
  }

  template <class Member, class Rule>
  void option(std::string_view key, const Member& member, const Rule& rule, std::string_view) {
    yaml_ += fmt::format("{}{}: {}\n", indent_, key, value(member, rule));
  }

 private:
  static std::string value(const std::string& text, const Text&) { return scalar(text); }
  static std::string value(std::uint64_t number, const Whole&) { return std::to_string(number); }
  static std::string value(const std::optional<std::uint32_t>& number, const Whole&) {
    return number ? std::to_string(*number) : "auto";
  }
  static std::string value(std::uint64_t bytes, const Bytes&) { return format_size(bytes); }
  static std::string value(std::chrono::milliseconds duration, const Duration&) {
    return format_duration(duration);
  }
  static std::string value(const std::optional<std::chrono::milliseconds>& duration,
                           const Duration&) {
    return duration ? format_duration(*duration) : "auto";
  }
  static std::string value(bool flag, const Flag&) { return flag ? "true" : "false"; }

  template <class E>
  static std::string value(E word, const Word&) {
    return std::string(kWords<E>[static_cast<std::size_t>(word)]);
  }
  template <class E>
  static std::string value(const std::vector<E>& words, const WordList&) {
    return list(words, [](E word) { return value(word, Word{}); });
  }
  static std::string value(const std::vector<std::string>& texts, const TextList&) {
    return list(texts, [](const std::string& text) { return scalar(text); });
  }
  static std::string value(const std::vector<StartUrl>& start, const StartList&) {
    return list(start, [](const StartUrl& url) { return scalar(url.url); });
  }
  static std::string value(const SitemapOptions& sitemaps, const SitemapList&) {
    if (!sitemaps.urls.empty()) return value(sitemaps.urls, StartList{});
    return sitemaps.from_robots ? "auto" : "off";
  }

  // One rule a line.
  static std::string value(const std::vector<RuleOptions>& rules, const RuleList&) {
    std::string out;
    for (const RuleOptions& rule : rules) {
      out += fmt::format("{}\n    {}", out.empty() ? "" : ",", value(rule));
    }
    return fmt::format("[{}]", out);
  }
  static std::string value(const RuleOptions& rule) {
    std::string out = "when: " + quoted(rule.when.text);
    if (!rule.each.text.empty()) out += ", each: " + quoted(rule.each.text);
    if (!rule.place.empty()) out += fmt::format(", place: {{{}}}", fields(rule.place));
    if (rule.follow.empty() && rule.requests.empty()) return fmt::format("{{{}}}", out);
    std::string follow;
    for (const RuleText& text : rule.follow) follow += ", " + quoted(text.text);
    for (const RuleRequest& request : rule.requests) follow += ", " + value(request);
    return fmt::format("{{{}, follow: [{}]}}", out, follow.substr(2));
  }
  static std::string value(const SecretText& text, const Secret&) { return scalar(text.text); }
  static std::string value(const std::vector<HeaderField>& fields) {
    std::string out;
    for (const HeaderField& field : fields) {
      if (!out.empty()) out += ", ";
      out += quoted(field.name) + ": " + quoted(field.value.text);
    }
    return fmt::format("{{{}}}", out);
  }
  static std::string value(const std::vector<HostHeaders>& headers, const HeaderList&) {
    return list(headers, [](const HostHeaders& entry) {
      return fmt::format("{{{}fields: {}}}", host(entry.host), value(entry.fields));
    });
  }
  static std::string value(const std::vector<HostLogin>& logins, const LoginList&) {
    return list(logins, [](const HostLogin& login) {
      return fmt::format("{{{}user: {}, password: {}}}", host(login.host), quoted(login.user.text),
                         quoted(login.password.text));
    });
  }
  static std::string host(const std::string& name) {
    return name.empty() ? name : fmt::format("host: {}, ", quoted(name));
  }
  static std::string value(const RuleRequest& request) {
    const bool post = !request.body.empty();
    std::string out = (post ? "post: " : "get: ") + quoted(request.url.text);
    if (post) out += ", body: " + quoted(request.body);
    if (!request.headers.empty()) {
      out += ", headers: " + value(request.headers);
    }
    if (!request.values.empty()) out += ", " + fields(request.values);
    return fmt::format("{{{}}}", out);
  }
  static std::string fields(const std::vector<RuleField>& fields) {
    std::string out;
    for (const RuleField& field : fields) {
      if (!out.empty()) out += ", ";
      out += quoted(field.name) + ": " +
             list(field.expressions, [](const RuleText& text) { return quoted(text.text); });
    }
    return out;
  }

  template <class Items, class Format>
  static std::string list(const Items& items, Format format) {
    std::string out;
    for (const auto& item : items) {
      if (!out.empty()) out += ", ";
      out += format(item);
    }
    return fmt::format("[{}]", out);
  }

  std::string_view indent_;
  std::string yaml_;
};

}  // namespace
}  // namespace job_file

namespace {

constexpr const char* kNotStored = "(not stored)";

}  // namespace

std::string dump_job(const Job& job) {
  job_file::Writer writer;
  job_file::describe(writer, job);
  return writer.take();
}

std::string dump_job_without_secrets(Job job) {
  const auto hide = [](SecretText& secret) {
    if (!has_variable(secret.text)) secret.text = kNotStored;
  };
  for (RuleOptions& rule : job.extract.rules) {
    for (RuleRequest& request : rule.requests) {
      for (HeaderField& header : request.headers) hide(header.value);
    }
  }
  for (HostHeaders& entry : job.fetch.headers) {
    for (HeaderField& header : entry.fields) hide(header.value);
  }
  for (HostLogin& login : job.fetch.auth) hide(login.password);
  SecretText& proxy = job.fetch.proxy;
  const std::size_t at = proxy.text.rfind('@');
  if (at != std::string::npos && !has_variable(proxy.text)) {
    const std::size_t user = proxy.text.find("://") + 3;
    proxy.text.replace(user, at - user, "not-stored");
  }
  return dump_job(job);
}

}  // namespace placer
