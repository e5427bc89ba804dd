// What a text in a job file must look like, as far as can be said before the program proper reads
// it: a typing error should show before the first request.
#include <algorithm>

#include "config/rule_template.h"
#include "config/schema.h"
#include "config/secrets.h"
#include "config/values.h"

namespace placer::job_file {
namespace {

constexpr std::size_t kLongestJobName = 64;
constexpr std::size_t kLongestUserAgent = 256;
constexpr std::size_t kLongestExpression = 4096;
constexpr std::size_t kNone = std::string_view::npos;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool has_scheme(std::string_view url, std::string_view scheme) {
  return url.size() >= scheme.size() + 3 && url.substr(scheme.size(), 3) == "://" &&
         std::equal(scheme.begin(), scheme.end(), url.begin(), [](char s, char u) {
           return s == (u >= 'A' && u <= 'Z' ? u + ('a' - 'A') : u);
         });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

bool has_blank(std::string_view text) {
  return has_control(text) || text.find(' ') != std::string_view::npos;
}

}  // namespace

std::string check_job_name(std::string_view text) {
  const bool fits =
      !text.empty() && text.size() <= kLongestJobName && is_alphanumeric(text.front()) &&
      std::all_of(text.begin(), text.end(),
                  [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
  if (fits) return {};
  return "is no job name: up to 64 letters, digits, '.', '_' and '-', the first a letter or digit";
}

std::string check_start_url(std::string_view text) {
  if (has_blank(text)) return "is no URL: it contains a space or control character";
  if (!has_scheme(text, "http") && !has_scheme(text, "https")) {
    std::string message = "must begin with http:// or https://";
    const std::string_view host = text.substr(std::min(text.find_first_not_of('/'), text.size()));
    if (host.find('.') != std::string_view::npos && host.find(":/") == std::string_view::npos) {
      message += " (did you mean " + in_quotes("https://" + std::string(host)) + "?)";
    }
    return message;
  }
  const std::string_view host = text.substr(text.find("://") + 3);
  if (host.substr(0, host.find_first_of("/?#")).find('@') != kNone) {
    return "names a user, who would not be sent; fetch.auth is the place for that";
  }
  return host.empty() || host.find_first_of("/?#:") == 0 ? "has no host" : std::string();
}

std::string check_host(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
    std::string_view host = text.substr(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    return "is a URL; a host name is wanted (did you mean " + in_quotes(host) + "?)";
  }
  if (text.starts_with("*.")) text.remove_prefix(2);
  if (text.empty() || has_blank(text) || text.find_first_of("/?#@*\\") != text.npos) {
    return "is no host name, such as example.org or *.example.org";
  }
  return {};
}

std::string check_glob(std::string_view text) {
  if (has_control(text)) return "contains a control character";
  if (text.starts_with('/') || text.starts_with('*')) return {};
  return "matches nothing: it is compared with path and query, so begin with '/' or '**'";
}

std::string check_user_agent(std::string_view text) {
  if (text.empty()) return "is empty; sites must be able to tell who asks";
  if (text.size() > kLongestUserAgent) return "is longer than 256 bytes";
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  if (!printable) return "must be printable ASCII on one line";
  return text.front() == ' ' || text.back() == ' ' ? "begins or ends with a space" : std::string();
}

std::string check_proxy(std::string_view text) {
  if (text.empty()) return {};
  if (std::string wrong = check_variables(text); !wrong.empty()) return wrong;
  if (text.starts_with("${") && text.find('}') == text.size() - 1) return {};  // all of it
  constexpr std::string_view kSchemes[] = {"http",    "https",  "socks4",
                                           "socks4a", "socks5", "socks5h"};
  const bool known = std::any_of(std::begin(kSchemes), std::end(kSchemes),
                                 [text](std::string_view s) { return has_scheme(text, s); });
  if (known && !has_blank(text)) return {};
  return "is no proxy URL, such as http://127.0.0.1:3128 or socks5h://127.0.0.1:1080";
}

std::string check_path(std::string_view text) {
  return has_control(text) ? "is no file name: it contains a control character" : std::string();
}

std::string check_expression(std::string_view text) {
  if (text.find_first_not_of(' ') == std::string_view::npos) return "is no expression";
  if (text.size() > kLongestExpression) return "is longer than 4096 bytes";
  const bool odd = std::any_of(text.begin(), text.end(),
                               [](char c) { return is_control(c) && c != '\n' && c != '\t'; });
  return odd ? "contains a control character" : std::string();
}

std::string check_request_url(std::string_view text) {
  if (std::string wrong = check_start_url(text); !wrong.empty()) return wrong;
  const std::size_t host = text.find("://") + 3;
  const std::string_view origin = text.substr(0, text.find_first_of("/?#", host));
  for (const TemplatePiece& piece : split_template(text)) {
    if (piece.is_name && piece.text.data() < origin.data() + origin.size()) {
      return "has a {name} before its path: which host is asked is for the job to say";
    }
  }
  return {};
}

std::string check_request_body(std::string_view text) {
  if (text.empty()) return "is empty; a request without a body is 'get'";
  return text.size() > kLongestExpression ? "is longer than 4096 bytes" : "";
}

// A token (RFC 9110, section 5.6.2) that the program does not set itself.
std::string check_header_name(std::string_view text) {
  constexpr std::string_view kOwn[] = {
      "connection",        "content-length", "expect",    "host", "if-modified-since",
      "if-none-match",     "keep-alive",     "range",     "te",   "trailer",
      "transfer-encoding", "upgrade",        "user-agent"};
  const bool is_token = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != kNone;
  });
  if (!is_token) return "is no name of a header field";
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (std::find(std::begin(kOwn), std::end(kOwn), lower) == std::end(kOwn)) return {};
  return lower == "user-agent" ? "is set with politeness.user_agent" : "is set by the program";
}

std::string check_header_value(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.size() > kLongestExpression) return "is longer than 4096 bytes";
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return printable ? "" : "must be printable ASCII on one line";
}

// A host as check_host has it, but one alone; or an origin.
std::string check_secret_host(std::string_view text) {
  constexpr const char* kWrong =
      "is neither a host such as example.org nor an origin such as http://127.0.0.1:8000";
  const std::size_t scheme = text.find("://");
  if (scheme != kNone && !has_scheme(text, "http") && !has_scheme(text, "https")) return kWrong;
  const std::string_view host = scheme == kNone ? text : text.substr(scheme + 3);
  if (host.empty() || has_blank(host) || host.find_first_of("/?#@*\\") != kNone) return kWrong;
  return {};
}

std::string check_user(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.size() > kLongestExpression) return "is longer than 4096 bytes";
  // A variable's ':' shows once it has its value.
  if (has_control(text) || text.find(':') != kNone) {
    return "must not contain ':' or control characters";
  }
  return {};
}

std::string check_password(std::string_view text) {
  if (text.size() > kLongestExpression) return "is longer than 4096 bytes";
  return has_control(text) ? "contains a control character" : std::string();
}

}  // namespace placer::job_file
