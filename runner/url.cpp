#include "runner/url.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "runner/error.h"
#include "runner/text.h"
#include "runner/url/parameters.h"

namespace steward::url {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view hidden = "***";

Error bad_url(const std::string& what, std::string_view text) {
  return Error(
      Exit::usage, "bad_url", "the connection URL cannot be read: " + what, redacted_text(text),
      "write postgresql://user@host:port/database, with % codes for : / ? # @ in a password");
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, std::string_view whole) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) throw bad_url("a % without two hex digits", whole);
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

std::string encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || "-._~/,*"sv.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += '%';
      result += digits[byte >> 4];
      result += digits[byte & 15];
    }
  }
  return result;
}

// Settings of the drivers that libpq spells otherwise.
std::pair<std::string, std::string> as_libpq(std::string key, std::string value) {
  if (key == "ssl") return {"sslmode", value == "true" || value == "1" ? "require" : value};
  if (key == "sslmode" && value == "no-verify") return {key, "require"};
  return {std::move(key), std::move(value)};
}

void add_parameter(Target& target, const std::string& key, std::string value) {
  const std::string name = lower(key);
  if (names_search_path(name)) {
    target.search_path = value;
  } else if (belongs_to_driver(name)) {
    if (name == "pgbouncer" && value != "false") target.pooled = true;
  } else {
    auto [libpq_key, libpq_value] = as_libpq(name, std::move(value));
    if (!libpq_knows(libpq_key))
      throw Error(Exit::usage, "bad_url", "unknown connection parameter \"" + key + "\"", "",
                  "take it out of the URL, or see the list: man libpq, \"Parameter Key Words\"");
    target.set(libpq_key, std::move(libpq_value));
  }
}

// One host of the authority: name, name:port, [v6]:port.
std::pair<std::string_view, std::string_view> split_host(std::string_view host,
                                                         std::string_view whole) {
  std::size_t colon = host.find(':');
  std::string_view name = host.substr(0, colon);
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    if (close == std::string_view::npos) throw bad_url("a [ without its ]", whole);
    name = host.substr(1, close - 1);
    colon = close + 1 < host.size() ? close + 1 : std::string_view::npos;
    if (colon != std::string_view::npos && host[colon] != ':') throw bad_url("text after ]", whole);
  }
  const std::string_view port = colon == std::string_view::npos ? ""sv : host.substr(colon + 1);
  if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; }))
    throw bad_url("its port is not a number", whole);
  return {name, port};
}

// One or several hosts, as libpq takes them: names and ports in two lists of the same length.
void add_hosts(Target& target, std::string_view hosts, std::string_view whole) {
  if (hosts.empty()) return;
  std::string names, ports;
  for (bool first = true; first || !hosts.empty(); first = false) {
    const std::size_t comma = std::min(hosts.find(','), hosts.size());
    const auto [name, port] = split_host(hosts.substr(0, comma), whole);
    hosts.remove_prefix(std::min(comma + 1, hosts.size()));
    if (!first) names += ',', ports += ',';
    names += decoded(name, whole);
    ports += port;
  }
  if (!names.empty()) target.set("host", names);
  if (ports.find_first_not_of(',') != std::string::npos) target.set("port", ports);
}

void add_user(Target& target, std::string_view user, std::string_view whole) {
  const std::size_t colon = user.find(':');
  if (colon != 0 && !user.empty()) target.set("user", decoded(user.substr(0, colon), whole));
  if (colon != std::string_view::npos)
    target.set("password", decoded(user.substr(colon + 1), whole));
}

void add_query(Target& target, std::string_view query, std::string_view whole) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) throw bad_url("a parameter without a value", whole);
    add_parameter(target, decoded(pair.substr(0, equals), whole),
                  decoded(pair.substr(equals + 1), whole));
  }
}

Target parse_url(std::string_view rest, std::string_view whole) {
  Target target;
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, end);
  const std::size_t question = std::min(rest.find('?', end), rest.size());
  const std::string_view path = rest.substr(end, question - end);
  if (path.find('@') != std::string_view::npos)
    throw bad_url("an @ after the host, as when a password holds / or ? unencoded", whole);
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) add_user(target, authority.substr(0, at), whole);
  add_hosts(target, authority.substr(at == std::string_view::npos ? 0 : at + 1), whole);
  if (path.size() > 1) target.set("dbname", decoded(path.substr(1), whole));
  if (question < rest.size()) add_query(target, rest.substr(question + 1), whole);
  return target;
}

// One value of a keyword string: 'quoted \' text' or a word; a backslash takes the next character
// as is.
std::string take_value(std::string_view text, std::size_t& at) {
  std::string value;
  const bool quoted = at < text.size() && text[at] == '\'';
  if (quoted) ++at;
  for (; at < text.size(); ++at) {
    if (quoted ? text[at] == '\'' : is_space(text[at])) break;
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    value += text[at];
  }
  if (quoted && at++ >= text.size()) throw bad_url("a ' without its end", text);
  return value;
}

void skip_space(std::string_view text, std::size_t& at) {
  while (at < text.size() && is_space(text[at])) ++at;
}

Target parse_keywords(std::string_view text) {
  Target target;
  std::size_t at = 0;
  for (skip_space(text, at); at < text.size(); skip_space(text, at)) {
    const std::size_t begin = at;
    while (at < text.size() && !is_space(text[at]) && text[at] != '=') ++at;
    const std::string key(text.substr(begin, at - begin));
    skip_space(text, at);
    if (at >= text.size() || text[at] != '=') throw bad_url("a keyword without =", text);
    ++at;
    skip_space(text, at);
    add_parameter(target, key, take_value(text, at));
  }
  return target;
}

bool is_postgresql(std::string_view scheme) {
  const std::string name = lower(scheme.substr(0, scheme.find('+')));
  return name == "postgres" || name == "postgresql";
}

Error unknown_scheme(std::string_view what) {
  return Error(Exit::usage, "unknown_scheme",
               "the connection URL does not name a PostgreSQL database",
               "it begins with " + std::string(what),
               "write postgresql://user@host:port/database, or \"host=... dbname=...\"");
}

// What a URL has a place of its own for, before its ?.
bool stands_before_query(std::string_view key) {
  return key == "user" || key == "password" || key == "host" || key == "port" || key == "dbname";
}

// The word before an equals sign, in a URL's query or in a keyword string.
std::string_view key_before(std::string_view text, std::size_t equals) {
  std::size_t end = equals;
  while (end > 0 && is_space(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && !is_space(text[begin - 1]) && text[begin - 1] != '&' &&
         text[begin - 1] != '?')
    --begin;
  return text.substr(begin, end - begin);
}

// Where the value ends that begins at or after `at`, in either form.
std::size_t value_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  const bool quoted = at < text.size() && text[at] == '\'';
  const std::size_t end = quoted ? text.find('\'', at + 1) : text.find_first_of(" \t\n&", at);
  return end == std::string_view::npos ? text.size() : end + (quoted ? 1 : 0);
}

// Hides the values of secret keywords, in URLs and keyword strings alike, well-formed or not.
std::string hide_values(std::string_view text) {
  const std::string flat = lower(text);
  std::string result;
  std::size_t at = 0;
  for (std::size_t equals = flat.find('='); equals != std::string::npos;
       equals = flat.find('=', at)) {
    result += text.substr(at, equals + 1 - at);
    at = equals + 1;
    if (!is_secret(key_before(flat, equals))) continue;
    result += hidden;
    at = value_end(text, at);
  }
  return result.append(text.substr(at));
}

}  // namespace

const std::string* Target::find(std::string_view key) const {
  for (const Setting& setting : settings)
    if (setting.key == key) return &setting.value;
  return nullptr;
}

void Target::set(std::string_view key, std::string value) {
  for (Setting& setting : settings)
    if (setting.key == key) {
      setting.value = std::move(value);
      return;
    }
  settings.push_back({std::string(key), std::move(value)});
}

Target parse(std::string_view text) {
  text = trim(text);
  const std::size_t mark = text.find("://");
  const std::size_t equals = text.find('=');
  if (mark != std::string_view::npos && mark < equals) {
    if (!is_postgresql(text.substr(0, mark))) throw unknown_scheme(text.substr(0, mark + 3));
    return parse_url(text.substr(mark + 3), text);
  }
  if (equals == std::string_view::npos) throw unknown_scheme("no scheme");
  return parse_keywords(text);
}

std::string redacted(const Target& target) {
  std::string text = "postgresql://";
  if (const std::string* user = target.find("user")) text += encoded(*user);
  if (target.find("password") != nullptr) text += ':' + std::string(hidden);
  if (target.find("user") != nullptr || target.find("password") != nullptr) text += '@';
  if (const std::string* host = target.find("host")) text += host->starts_with('/') ? "" : *host;
  if (const std::string* port = target.find("port")) text += ':' + *port;
  if (const std::string* database = target.find("dbname")) text += '/' + encoded(*database);
  char separator = '?';
  for (const Setting& setting : target.settings) {
    const bool socket = setting.key == "host" && setting.value.starts_with('/');
    if (!socket && stands_before_query(setting.key)) continue;
    text += separator + setting.key + '=';
    text += is_secret(setting.key) ? std::string(hidden) : encoded(setting.value);
    separator = '&';
  }
  return text;
}

std::string redacted_text(std::string_view text) {
  const std::size_t mark = text.find("://");
  const std::size_t at = text.rfind('@');
  if (mark == std::string_view::npos || at == std::string_view::npos || at < mark)
    return hide_values(text);
  const std::string_view user = text.substr(mark + 3, at - mark - 3);
  const std::string_view name = user.substr(0, std::min(user.find_first_of(":/?#@"), user.size()));
  std::string safe(text.substr(0, mark + 3));
  safe += name;
  if (name.size() < user.size()) safe += ':' + std::string(hidden);
  return safe + hide_values(text.substr(at));
}

std::vector<std::string> secrets(const Target& target) {
  std::vector<std::string> found;
  for (const Setting& setting : target.settings)
    if (is_secret(setting.key)) found.push_back(setting.value);
  return found;
}

std::string masked(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() < 3) continue;
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + 3))
      text.replace(at, secret.size(), hidden);
  }
  return text;
}

}  // namespace steward::url
