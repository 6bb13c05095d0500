#include "extension/login.h"

#include "extension/identity.h"
#include "extension/keyring.h"
#include "extension/token.h"
#include "extension/token/base64url.h"
#include "extension/token/public_key.h"
#include "extension/token/refused.h"

namespace steward::login {
namespace {

constexpr std::size_t most_remembered = 1024;
constexpr std::size_t random_bytes = 32;

using Remembered = std::unordered_map<std::string, token::Verified>;  // by SHA-256
Remembered* remembered = nullptr;
std::uint64_t remembered_with = 0;  // the keyring's generation

token::Seconds now() {
  return timestamptz_to_time_t(GetCurrentTimestamp());
}

void forget_if_keys_changed() {
  if (!remembered) remembered = new Remembered;
  if (remembered_with != keyring::generation()) remembered->clear();
  remembered_with = keyring::generation();
}

void make_room(token::Seconds time) {
  if (remembered->size() < most_remembered) return;
  std::erase_if(*remembered, [&](const auto& one) { return !one.second.good_at(time); });
  if (remembered->size() >= most_remembered) remembered->clear();
}

std::string subject_of(std::string_view text) {
  const std::vector<token::Key>& keys = keyring::keys();
  forget_if_keys_changed();
  const token::Seconds time = now();
  std::string digest = token::sha256(text);
  if (auto known = remembered->find(digest); known != remembered->end()) {
    if (known->second.good_at(time)) return known->second.subject;
    remembered->erase(known);  // verifying it anew says why
  }
  token::Verified verified = token::verify(text, keys, time);
  make_room(time);
  std::string subject = verified.subject;
  remembered->emplace(std::move(digest), std::move(verified));
  return subject;
}

// What a token says is UTF-8. A database of another encoding could only guess.
void check_encoding(const std::string& subject) {
  bool ascii = std::all_of(subject.begin(), subject.end(), [](char c) { return c > 0; });
  if (!ascii && GetDatabaseEncoding() != PG_UTF8)
    throw token::Refused("sub is not ASCII, and the database is not UTF-8");
}

[[noreturn]] void refuse(const char* reason) {
  call([&] {
    ereport(LOG_SERVER_ONLY, errmsg("a token was refused: %s", reason), errhidestmt(true),
            errhidecontext(true));
  });
  throw Error("28000", "the token is not accepted", "", "The server's log says why.");
}

void log_in(std::string_view text) {
  std::string subject;
  try {
    subject = subject_of(text);
    check_encoding(subject);
  } catch (const token::Refused& refused) {
    refuse(refused.what());
  }
  identity::seal(subject);
}

std::string random_text() {
  char bytes[random_bytes];
  if (!call([&] { return pg_strong_random(bytes, sizeof bytes); }))
    throw Error("XX000", "the system gives no random bytes");
  std::string text = token::base64url({bytes, sizeof bytes});
  explicit_bzero(bytes, sizeof bytes);
  return text;
}

token::Seconds seconds_of(const Interval* interval) {
  if (interval->month != 0)
    throw Error("22023", "a token's lifetime cannot be given in months", "",
                "Say it in days or less.");
  return interval->time / USECS_PER_SEC + std::int64_t{interval->day} * SECS_PER_DAY;
}

const token::Key& minting_key(const std::optional<std::string>& kid, token::Seconds time) {
  const token::Key* found = nullptr;
  for (const token::Key& key : keyring::keys())
    if (key.signature.algorithm() == token::Algorithm::v1 && (!kid || key.kid == *kid) &&
        time >= key.valid_from && time < key.valid_until &&
        (!found || key.valid_from > found->valid_from))
      found = &key;
  if (!found)
    throw Error("42704",
                kid ? "there is no valid v1 key \"" + *kid + "\"" : "there is no valid v1 key", "",
                "Add one: SELECT steward.add_token_key('...', 'v1');");
  return *found;
}

std::string mint(const std::string& identity, token::Seconds lifetime,
                 const std::optional<std::string>& kid) {
  token::Seconds time = now();
  const token::Key& key = minting_key(kid, time);
  if (lifetime <= 0 || lifetime > key.longest_life)
    throw Error("22023", "key \"" + key.kid + "\" allows no token of this lifetime");
  try {
    return token::mint(key, identity, time, time + lifetime, random_text().substr(0, 22));
  } catch (const token::Refused& refused) {
    throw Error("22023", std::string("no token can be made for this identity: ") + refused.what());
  }
}

// What is kept of a key: the secret's bytes, or the public key as DER.
std::string material_of(const std::string& name, const std::string& text) {
  auto algorithm = token::algorithm_of(name);
  if (!algorithm)
    throw Error("22023", "unknown algorithm \"" + name + "\"", "",
                "One of v1, HS256, RS256, ES256, EdDSA.");
  try {
    if (!token::is_symmetric(*algorithm)) return token::public_key_der(*algorithm, text);
    token::Signature check(*algorithm, text);
    return text;
  } catch (const token::Refused& refused) {
    throw Error("22023", "this is no " + name + " key: " + refused.what());
  }
}

}  // namespace

void with_token(std::string_view text) {
  try {
    log_in(text);
  } catch (Error& error) {
    error.hide_statement();
    throw;
  } catch (ServerError& error) {
    error.hide_statement();
    throw;
  }
}

}  // namespace steward::login

namespace login = steward::login;

namespace {

// Wiped when done with: an argument is the caller's, this copy is ours.
class Wiped {
 public:
  Wiped(FunctionCallInfo fcinfo, int argument)
      : text_(steward::call([&] { return text_to_cstring(PG_GETARG_TEXT_PP(argument)); })) {}
  ~Wiped() { explicit_bzero(text_, std::strlen(text_)); }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  std::string_view view() const noexcept { return text_; }

 private:
  char* text_;
};

std::string argument(FunctionCallInfo fcinfo, int number) {
  return std::string(Wiped(fcinfo, number).view());
}

}  // namespace

STEWARD_FUNCTION(steward_act_as_token) {
  if (PG_ARGISNULL(0)) throw steward::Error("22004", "a token cannot be NULL");
  Wiped token(fcinfo, 0);
  login::with_token(token.view());
  PG_RETURN_VOID();
}

STEWARD_FUNCTION(steward_mint_token) {
  for (int i : {0, 1})
    if (PG_ARGISNULL(i)) throw steward::Error("22004", "identity and lifetime cannot be NULL");
  return steward::text_datum(
      login::mint(argument(fcinfo, 0), login::seconds_of(PG_GETARG_INTERVAL_P(1)),
                  PG_ARGISNULL(2) ? std::nullopt : std::optional(argument(fcinfo, 2))));
}

STEWARD_FUNCTION(steward_random_secret) {
  return steward::text_datum(login::random_text());
}

STEWARD_FUNCTION(steward_key_material) {
  std::string material = login::material_of(argument(fcinfo, 0), argument(fcinfo, 1));
  Datum bytes = steward::text_datum(material);  // text and bytea are laid out alike
  explicit_bzero(material.data(), material.size());
  return bytes;
}

STEWARD_FUNCTION(steward_keys_changed) {
  steward::call([&] {
    if (!CALLED_AS_TRIGGER(fcinfo))
      ereport(ERROR, errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
              errmsg("steward.keys_changed is a trigger function"));
    auto* trigger = reinterpret_cast<TriggerData*>(fcinfo->context);
    CacheInvalidateRelcache(trigger->tg_relation);
  });
  PG_RETURN_POINTER(nullptr);
}
