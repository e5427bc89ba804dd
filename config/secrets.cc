#include "config/secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "config/schema.h"
#include "config/values.h"

namespace placer {
namespace {

constexpr std::string_view kOpen = "${";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_name(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

// Calls literal(text) and variable(name, offset) for the pieces of `text` in order; false where a
// "${" begins no variable.
template <class Literal, class Variable>
bool for_each_piece(std::string_view text, const Literal& literal, const Variable& variable) {
  std::size_t done = 0;
  while (true) {
    const std::size_t open = text.find(kOpen, done);
    literal(text.substr(done, std::min(open, text.size()) - done));
    if (open == text.npos) return true;
    if (open > done && text[open - 1] == '$') {  // "$${": the first '$' was taken for a literal
      literal("{");
      done = open + kOpen.size();
      continue;
    }
    const std::size_t close = text.find('}', open);
    const std::size_t begin = open + kOpen.size();
    if (close == text.npos || !is_name(text.substr(begin, close - begin))) return false;
    variable(std::string(text.substr(begin, close - begin)), open);
    done = close + 1;
  }
}

void percent_encode(std::string_view value, std::string& out) {
  for (const char c : value) {
    const bool unreserved =
        is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '~';
    if (unreserved) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

// Values that stand before `encoded_before` are percent-encoded.
tl::expected<std::string, std::string> replaced(std::string_view text,
                                                const Environment& environment,
                                                std::size_t encoded_before) {
  std::string out;
  std::string problem;
  const bool good = for_each_piece(
      text, [&out](std::string_view piece) { out += piece; },
      [&](const std::string& name, std::size_t offset) {
        const auto value = environment(name);
        if (!value) {
          if (problem.empty()) problem = fmt::format("the environment has no variable {}", name);
        } else if (offset < encoded_before) {
          percent_encode(*value, out);
        } else {
          out += *value;
        }
      });
  if (!good) return tl::unexpected(check_variables(text));
  if (!problem.empty()) return tl::unexpected(std::move(problem));
  return out;
}

bool holds_ignoring_case(std::string_view text, std::string_view word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [&](char a, char b) { return lower(a) == b; }) != text.end();
}

// By the names that header fields with secrets have.
bool is_secret_name(std::string_view name) {
  constexpr std::array<std::string_view, 8> kWords = {"auth",   "cookie", "key",     "token",
                                                      "secret", "pass",   "session", "credential"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return holds_ignoring_case(name, word); });
}

struct Place {
  std::string name;  // "fetch.auth.password"
  const SecretText* secret;
  job_file::TextCheck check;  // of what is sent
  bool secret_by_look;        // when it is written out
};

// Every value that may hold variables, but for the proxy's.
std::vector<Place> places_of(const Job& job) {
  std::vector<Place> places;
  const auto add_fields = [&places](const std::string& where, const std::vector<HeaderField>& all) {
    for (const HeaderField& field : all) {
      places.push_back({fmt::format("{}.{}", where, field.name), &field.value,
                        job_file::check_header_value, is_secret_name(field.name)});
    }
  };
  for (const HostHeaders& entry : job.fetch.headers) add_fields("fetch.headers", entry.fields);
  for (const HostLogin& login : job.fetch.auth) {
    places.push_back({"fetch.auth.user", &login.user, job_file::check_user, false});
    places.push_back({"fetch.auth.password", &login.password, job_file::check_password,
                      !login.password.text.empty()});
  }
  for (std::size_t i = 0; i < job.extract.rules.size(); ++i) {
    for (const RuleRequest& request : job.extract.rules[i].requests) {
      add_fields(fmt::format("extract.rules[{}].follow.headers", i + 1), request.headers);
    }
  }
  return places;
}

// Of a URL: what stands between scheme and host, a ':' in it.
bool has_password(std::string_view url) {
  const std::size_t at = url.rfind('@');
  const std::size_t scheme = url.find("://");
  return at != url.npos && scheme != url.npos && scheme < at &&
         url.substr(scheme + 3, at - scheme - 3).find(':') != url.npos;
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

std::string check_variables(std::string_view text) {
  const bool good = for_each_piece(
      text, [](std::string_view) {}, [](const std::string&, std::size_t) {});
  return good ? ""
              : "has a '${' that begins no variable, as ${NAME} does; write '$${' for the two "
                "characters";
}

bool has_variable(std::string_view text) {
  bool found = false;
  for_each_piece(
      text, [](std::string_view) {}, [&found](const std::string&, std::size_t) { found = true; });
  return found;
}

tl::expected<std::string, std::string> with_variables(std::string_view text,
                                                      const Environment& environment) {
  return replaced(text, environment, 0);
}

tl::expected<std::string, std::string> proxy_with_variables(std::string_view text,
                                                            const Environment& environment) {
  const std::size_t at = text.rfind('@');
  return replaced(text, environment, at == text.npos ? 0 : at);
}

std::vector<Diagnostic> check_secrets(const Job& job, const Environment& environment) {
  std::vector<Diagnostic> found;
  for (const Place& place : places_of(job)) {
    const auto value = with_variables(place.secret->text, environment);
    const std::string wrong = value ? place.check(*value) : value.error();
    if (wrong.empty()) continue;
    found.push_back(
        {place.secret->mark,
         fmt::format("{}: {}{}", place.name, value ? "what the environment says " : "", wrong)});
  }
  const SecretText& proxy = job.fetch.proxy;
  const auto value = proxy_with_variables(proxy.text, environment);
  const std::string wrong = value ? job_file::check_proxy(*value) : value.error();
  if (!wrong.empty()) {
    found.push_back({proxy.mark, fmt::format("fetch.proxy: {}{}",
                                             value ? "what the environment says " : "", wrong)});
  }
  return found;
}

std::vector<Diagnostic> literal_secrets(const Job& job) {
  std::vector<Diagnostic> found;
  const auto warn = [&found](const std::string& name, const SourceMark& mark) {
    found.push_back({mark, name + ": a secret in the file itself; '${NAME}' takes it from the "
                                  "environment"});
  };
  for (const Place& place : places_of(job)) {
    if (place.secret_by_look && !has_variable(place.secret->text)) {
      warn(place.name, place.secret->mark);
    }
  }
  const SecretText& proxy = job.fetch.proxy;
  if (has_password(proxy.text) && !has_variable(proxy.text)) warn("fetch.proxy", proxy.mark);
  return found;
}

}  // namespace placer
