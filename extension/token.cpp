#include "extension/token.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "extension/token/base64url.h"
#include "extension/token/json.h"
#include "extension/token/refused.h"

namespace steward::token {
namespace {

constexpr std::size_t most_digits = 12;  // of a time: the year 33658

// What the form's reader found; the rest is the same for both forms.
struct Claims {
  std::string subject;
  Seconds expires = 0;
  std::optional<Seconds> issued;
  std::optional<Seconds> not_before;
  std::optional<std::string> issuer;
  std::vector<std::string> audience;
};

Seconds whole_number(std::string_view digits) {
  Seconds value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool canonical = !digits.empty() && digits.size() <= most_digits && digits[0] != '-' &&
                   (digits[0] != '0' || digits.size() == 1);
  if (!canonical || error != std::errc() || end != digits.data() + digits.size())
    throw Refused("a time that is not a number of seconds");
  return value;
}

// NumericDate: a fraction is dropped, an exponent is nothing that an issuer writes.
Seconds numeric_date(const Value& value) {
  if (value.kind != Value::Kind::number || value.text.find_first_of("eE") != value.text.npos)
    throw Refused("a time that is not a number of seconds");
  return whole_number(std::string_view(value.text).substr(0, value.text.find('.')));
}

const Key& key_of(const std::vector<Key>& keys, std::string_view kid, Algorithm algorithm,
                  Seconds now) {
  auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.kid == kid; });
  if (key == keys.end()) throw Refused("unknown kid");
  if (key->signature.algorithm() != algorithm) throw Refused("alg is not the key's");
  if (now < key->valid_from || now >= key->valid_until)
    throw Refused("its key is not valid at this time");
  return *key;
}

void check_signature(const Key& key, std::string_view message, std::string_view signature) {
  if (!key.signature.verifies(message, from_base64url(signature)))
    throw Refused("the signature is wrong");
}

void check_parties(const Claims& claims, const Key& key) {
  if (key.issuer && claims.issuer != key.issuer) throw Refused("iss is not the key's issuer");
  const auto& given = claims.audience;
  if (key.audience ? std::find(given.begin(), given.end(), *key.audience) == given.end()
                   : !given.empty())
    throw Refused("aud is not the key's audience");
}

void check_subject(std::string_view subject) {
  if (subject.empty()) throw Refused("sub is empty");
  if (subject.size() > longest_subject) throw Refused("sub is longer than 255 bytes");
  if (std::any_of(subject.begin(), subject.end(), [](char c) { return c >= 0 && c < 0x20; }) ||
      !is_utf8(subject))
    throw Refused("sub is not plain text");
}

Seconds plus(Seconds time, Seconds more) noexcept {
  return time > never - more ? never : time + more;
}

Verified accept(Claims claims, const Key& key, Seconds now) {
  check_subject(claims.subject);
  Seconds from = std::max(claims.not_before.value_or(0), claims.issued.value_or(0)) - key.leeway;
  Seconds until = plus(claims.expires, key.leeway);
  if (now < from) throw Refused("it is not valid yet");
  if (now >= until) throw Refused("it has expired");
  if (claims.expires - claims.issued.value_or(now) > key.longest_life)
    throw Refused("it lives longer than its key allows");
  return {std::move(claims.subject), std::max(from, key.valid_from),
          std::min(until, key.valid_until)};
}

template <std::size_t N>
std::array<std::string_view, N> fields_of(std::string_view token) {
  std::array<std::string_view, N> fields;
  for (std::size_t i = 0; i + 1 < N; ++i) {
    std::size_t dot = token.find('.');
    if (dot == token.npos) throw Refused("malformed");
    fields[i] = token.substr(0, dot);
    token.remove_prefix(dot + 1);
  }
  if (token.find('.') != token.npos) throw Refused("malformed");
  fields[N - 1] = token;
  return fields;
}

std::string_view before_last_dot(std::string_view token) {
  return token.substr(0, token.rfind('.'));
}

Verified verify_compact(std::string_view token, const std::vector<Key>& keys, Seconds now) {
  auto [version, kid, subject, issued, expires, jti, mac] = fields_of<7>(token);
  const Key& key = key_of(keys, kid, Algorithm::v1, now);
  check_signature(key, before_last_dot(token), mac);
  if (!is_base64url(jti)) throw Refused("malformed");
  Claims claims;
  claims.subject = from_base64url(subject);
  claims.issued = whole_number(issued);
  claims.expires = whole_number(expires);
  return accept(std::move(claims), key, now);
}

const std::string& text_of(const Object& object, const char* name, const char* complaint) {
  const Value* value = object.find(name);
  if (!value || value->kind != Value::Kind::string) throw Refused(complaint);
  return value->text;
}

std::optional<Seconds> time_of(const Object& object, const char* name) {
  const Value* value = object.find(name);
  if (!value) return std::nullopt;
  return numeric_date(*value);
}

std::vector<std::string> audience_of(const Object& payload) {
  const Value* value = payload.find("aud");
  if (!value) return {};
  if (value->kind == Value::Kind::string) return {value->text};
  if (value->kind != Value::Kind::strings || value->strings.empty())
    throw Refused("aud is neither a string nor an array of strings");
  return value->strings;
}

Claims claims_of(const Object& payload) {
  Claims claims;
  claims.subject = text_of(payload, "sub", "sub is missing");
  std::optional<Seconds> expires = time_of(payload, "exp");
  if (!expires) throw Refused("exp is missing");
  claims.expires = *expires;
  claims.issued = time_of(payload, "iat");
  claims.not_before = time_of(payload, "nbf");
  if (payload.find("iss")) claims.issuer = text_of(payload, "iss", "iss is not a string");
  claims.audience = audience_of(payload);
  return claims;
}

Algorithm algorithm_in(const Object& header) {
  auto algorithm = algorithm_of(text_of(header, "alg", "alg is missing"));
  // v1 is no JWT's, and its keys sign no JWT.
  if (!algorithm || *algorithm == Algorithm::v1) throw Refused("alg is none that is known");
  return *algorithm;
}

Verified verify_jwt(std::string_view token, const std::vector<Key>& keys, Seconds now) {
  auto [header_text, payload, signature] = fields_of<3>(token);
  Object header(from_base64url(header_text));
  if (header.find("crit")) throw Refused("crit names what is not understood");
  const Key& key =
      key_of(keys, text_of(header, "kid", "kid is missing"), algorithm_in(header), now);
  check_signature(key, before_last_dot(token), signature);
  Claims claims = claims_of(Object(from_base64url(payload)));
  check_parties(claims, key);
  return accept(std::move(claims), key, now);
}

}  // namespace

Verified verify(std::string_view token, const std::vector<Key>& keys, Seconds now) {
  if (token.size() > longest_token) throw Refused("longer than 8192 bytes");
  return token.starts_with("v1.") ? verify_compact(token, keys, now) : verify_jwt(token, keys, now);
}

std::string mint(const Key& key, std::string_view subject, Seconds issued, Seconds expires,
                 std::string_view jti) {
  if (!is_base64url(key.kid) || !is_base64url(jti))
    throw Refused("a kid and a jti are letters, digits, - and _");
  check_subject(subject);
  std::string message = "v1." + key.kid + '.' + base64url(subject) + '.' + std::to_string(issued) +
                        '.' + std::to_string(expires) + '.' + std::string(jti);
  return message + '.' + base64url(key.signature.sign(message));
}

}  // namespace steward::token
