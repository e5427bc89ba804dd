#include "scraper/fetch/request_headers.h"

#include <algorithm>
#include <stdexcept>

#include "config/rule_template.h"
#include "config/schema.h"
#include "scraper/frontier/percent.h"
#include "scraper/frontier/url.h"

namespace placer {
namespace {

// Stands for a {name} while a template is brought into the form of URLs.
constexpr std::string_view kStandIn = "placer-stands-in-for-a-name";

// Of a serialized URL.
std::string origin_of(std::string_view href) {
  return std::string(href.substr(0, href.find_first_of("/?#", href.find("//") + 2)));
}

std::vector<std::string> literals_of(std::string_view url_template) {
  std::string filled;
  for (const TemplatePiece& piece : split_template(url_template)) {
    filled += piece.is_name ? kStandIn : piece.text;
  }
  std::vector<std::string> literals;
  const auto url = Url::parse(filled);
  if (!url) return literals;
  std::string rest = url->without_fragment_and_userinfo().href();
  for (std::size_t at = rest.find(kStandIn); at != rest.npos; at = rest.find(kStandIn)) {
    literals.push_back(rest.substr(0, at));
    rest.erase(0, at + kStandIn.size());
  }
  literals.push_back(std::move(rest));
  return literals;
}

std::string value_of(std::string_view what, const SecretText& secret,
                     const Environment& environment) {
  auto value = with_variables(secret.text, environment);
  if (!value) throw std::runtime_error(std::string(what) + ": " + value.error());
  return *std::move(value);
}

std::vector<HeaderField> with_values(const std::vector<HeaderField>& fields,
                                     const Environment& environment) {
  std::vector<HeaderField> ready;
  for (const HeaderField& field : fields) {
    HeaderField& filled = ready.emplace_back(field);
    filled.value.text = value_of(field.name, field.value, environment);
    if (const std::string wrong = job_file::check_header_value(filled.value.text); !wrong.empty()) {
      throw std::runtime_error(field.name + ": its value " + wrong);
    }
  }
  return ready;
}

// The origins that a job starts at.
std::vector<Url> start_origins(const Job& job) {
  std::vector<Url> origins;
  std::unordered_set<std::string> known;
  for (const StartUrl& start : job.start) {
    auto url = Url::parse(start.url);
    if (url && known.insert(url->origin()).second) origins.push_back(*std::move(url));
  }
  return origins;
}

// What `host` of HostHeaders and HostLogin means.
std::unordered_set<std::string> origins_of(const std::string& host, const std::vector<Url>& start) {
  std::unordered_set<std::string> origins;
  const bool is_origin = host.find("://") != host.npos;
  const auto named = Url::parse(is_origin ? host : "https://" + host);
  if (!host.empty() && named) origins.insert(named->origin());
  if (is_origin || (!host.empty() && !named)) return origins;
  for (const Url& url : start) {
    if (!host.empty() && url.host() != named->host()) continue;
    origins.insert(url.origin());
    if (host.empty() && url.port().empty()) origins.insert("https://" + std::string(url.host()));
  }
  return origins;
}

}  // namespace

RequestHeaders::RequestHeaders(const Job& job, const Environment& environment) {
  for (const RuleOptions& rule : job.extract.rules) {
    for (const RuleRequest& request : rule.requests) {
      if (request.headers.empty()) continue;
      auto literals = literals_of(request.url.text);
      if (literals.empty()) continue;
      rules_.push_back({std::move(literals), with_values(request.headers, environment)});
    }
  }
  if (job.fetch.headers.empty() && job.fetch.auth.empty()) return;
  const std::vector<Url> start = start_origins(job);
  for (const HostHeaders& entry : job.fetch.headers) {
    hosts_.push_back({origins_of(entry.host, start), with_values(entry.fields, environment)});
  }
  for (const HostLogin& entry : job.fetch.auth) {
    logins_.push_back({origins_of(entry.host, start),
                       {value_of("fetch.auth.user", entry.user, environment),
                        value_of("fetch.auth.password", entry.password, environment)}});
  }
}

bool RequestHeaders::matches(const std::vector<std::string>& literals, std::string_view url) {
  const std::string& first = literals.front();
  const std::string& last = literals.back();
  if (literals.size() == 1) return url == first;
  if (url.size() < first.size() + last.size() || !url.starts_with(first) || !url.ends_with(last)) {
    return false;
  }
  std::string_view rest = url.substr(first.size(), url.size() - first.size() - last.size());
  for (std::size_t i = 1; i + 1 < literals.size(); ++i) {
    const std::size_t at = rest.find(literals[i]);
    if (at == rest.npos) return false;
    rest.remove_prefix(at + literals[i].size());
  }
  return true;
}

std::vector<std::string> RequestHeaders::for_url(std::string_view url, RequestKind kind) const {
  std::vector<const HeaderField*> chosen;
  const auto take = [&chosen](const std::vector<HeaderField>& fields) {
    for (const HeaderField& field : fields) {
      const bool is_taken = std::ranges::any_of(chosen, [&](const HeaderField* other) {
        return equal_ignoring_ascii_case(other->name, field.name);
      });
      if (!is_taken) chosen.push_back(&field);
    }
  };
  for (const RuleEntry& entry : rules_) {
    if (kind == RequestKind::kPage && matches(entry.literals, url)) take(entry.fields);
  }
  for (const HostEntry& entry : hosts_) {
    if (entry.origins.contains(origin_of(url))) take(entry.fields);
  }
  std::vector<std::string> lines;
  for (const HeaderField* field : chosen) lines.push_back(field->name + ": " + field->value.text);
  return lines;
}

const Login* RequestHeaders::login_for(std::string_view url) const {
  for (const LoginEntry& entry : logins_) {
    if (entry.origins.contains(origin_of(url))) return &entry.login;
  }
  return nullptr;
}

}  // namespace placer
