// Reading fetch.proxy, fetch.headers and fetch.auth, and the header fields of rules. What stands in
// them may be a secret: no message shows it.
#include <fmt/format.h>

#include "config/reader.h"
#include "config/secrets.h"
#include "config/values.h"

namespace placer::job_file {
namespace {

const YamlEntry* entry_of(const YamlNode& map, std::string_view key) {
  const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                  [key](const YamlEntry& entry) { return entry.key == key; });
  return found == map.entries.end() ? nullptr : &*found;
}

}  // namespace

std::optional<SecretText> JobReader::read_secret(const YamlEntry& entry, std::string_view what,
                                                 TextCheck check) {
  const YamlNode& value = entry.value;
  if (value.kind != YamlNode::Kind::kText) {
    wrong_kind(value, entry, what);
    return std::nullopt;
  }
  std::string wrong = check_variables(value.text);
  if (wrong.empty()) wrong = check(value.text);
  if (wrong.empty()) return SecretText(value.text, value.mark);
  fail(value.mark, fmt::format("{} {}", what, wrong));
  return std::nullopt;
}

void JobReader::read(const YamlEntry& entry, SecretText& member, const Secret& rule) {
  const YamlNode& value = entry.value;
  if (value.text.find('@') != std::string::npos) {
    if (auto secret = read_secret(entry, "this URL", rule.check)) member = *std::move(secret);
  } else if (auto text = read_text(value, entry, rule.check)) {
    member = SecretText(*std::move(text), value.mark);
  }
}

void JobReader::read_headers(const YamlEntry& entry, std::vector<HeaderField>& fields) {
  if (entry.value.kind != YamlNode::Kind::kMap) {
    return wrong_kind(entry.value, entry, "header fields such as 'X-Api-Key: ${API_KEY}'");
  }
  for (const YamlEntry& header : entry.value.entries) {
    if (const std::string wrong = check_header_name(header.key); !wrong.empty()) {
      fail(header.mark, fmt::format("{} {}", in_quotes(header.key), wrong));
      continue;
    }
    const std::string what = fmt::format("the value of {}", in_quotes(header.key));
    if (auto value = read_secret(header, what, check_header_value)) {
      fields.push_back({header.key, *std::move(value)});
    }
  }
}

// {host, fields}.
void JobReader::read_host_headers(const YamlNode& node, const YamlEntry& entry,
                                  HostHeaders& headers) {
  if (node.kind != YamlNode::Kind::kMap) {
    return wrong_kind(node, entry, "a mapping of 'host' and 'fields'");
  }
  levels_.push_back({&node, {}});
  if (const YamlEntry* host = find("host")) {
    if (auto name = read_text(host->value, *host, check_secret_host)) headers.host = *name;
  }
  if (const YamlEntry* fields = find("fields")) {
    read_headers(*fields, headers.fields);
  } else {
    fail(node.mark, "has no 'fields', such as {X-Api-Key: '${API_KEY}'}");
  }
  refuse_unknown_keys();
  levels_.pop_back();
}

void JobReader::read(const YamlEntry& entry, std::vector<HostHeaders>& member, const HeaderList&) {
  const YamlNode& node = entry.value;
  member.clear();
  if (node.kind == YamlNode::Kind::kList) {
    for (const YamlNode& item : node.items) read_host_headers(item, entry, member.emplace_back());
  } else if (node.kind == YamlNode::Kind::kMap && entry_of(node, "fields") != nullptr) {
    read_host_headers(node, entry, member.emplace_back());
  } else {
    read_headers(entry, member.emplace_back().fields);
  }
}

void JobReader::read_login(const YamlNode& node, const YamlEntry& entry, HostLogin& login) {
  if (node.kind != YamlNode::Kind::kMap) {
    return wrong_kind(node, entry, "a mapping such as {user: me, password: '${PASSWORD}'}");
  }
  levels_.push_back({&node, {}});
  if (const YamlEntry* host = find("host")) {
    if (auto name = read_text(host->value, *host, check_secret_host)) login.host = *name;
  }
  const auto read_one = [&](std::string_view key, TextCheck check, SecretText& secret) {
    const YamlEntry* found = find(key);
    if (found == nullptr) {
      return fail(node.mark, fmt::format("has no '{}'", key));
    }
    if (auto text = read_secret(*found, fmt::format("the {}", key), check)) {
      secret = *std::move(text);
    }
  };
  read_one("user", check_user, login.user);
  read_one("password", check_password, login.password);
  refuse_unknown_keys();
  levels_.pop_back();
}

void JobReader::read(const YamlEntry& entry, std::vector<HostLogin>& member, const LoginList&) {
  const YamlNode& node = entry.value;
  member.clear();
  if (node.kind == YamlNode::Kind::kList) {
    for (const YamlNode& item : node.items) read_login(item, entry, member.emplace_back());
  } else {
    read_login(node, entry, member.emplace_back());
  }
}

}  // namespace placer::job_file
