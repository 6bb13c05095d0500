#include "extension/identity.h"

#include <charconv>
#include <optional>

#include "extension/cursors.h"

namespace steward::identity {
namespace {

enum class Kind : std::uint8_t { nobody, user, admin };

// Fixed storage: forgetting it at the end of a transaction cannot fail.
struct Identity {
  Kind kind;
  std::uint8_t length;
  char text[longest];

  std::string_view view() const noexcept { return {text, length}; }
  bool operator==(const Identity& other) const noexcept {
    return kind == other.kind && view() == other.view();
  }
};

Identity sealed;           // nobody, until act_as
bool alone = false;        // sealed outside of a transaction block
bool was_read = false;     // somebody asked for it since
bool left_traces = false;  // this transaction acted for somebody: see before_commit

// What prove_as() set, innermost last; each for the subtransaction it was called in.
struct Proof {
  SubTransactionId subtransaction;
  Identity identity;
};
std::vector<Proof>* proofs = nullptr;

const Identity& in_force() noexcept {
  return proofs && !proofs->empty() ? proofs->back().identity : sealed;
}

const Identity& read() noexcept {
  was_read = true;
  return in_force();
}

Identity identity_of(std::string_view who) {
  if (who.empty()) throw Error("22023", "an identity cannot be empty");
  if (who.size() > longest)
    throw Error("22023", "an identity cannot be longer than " + std::to_string(longest) + " bytes");
  Identity made{Kind::user, static_cast<std::uint8_t>(who.size()), {}};
  who.copy(made.text, longest);
  return made;
}

// What the connection's previous user left: result sets, the last values of sequences. Temporary
// tables are left alone: dropping them takes locks and time, and REVOKE TEMPORARY is what keeps an
// application from having any.
void clear_the_room() {
  cursors::close_held(DEBUG1, "It was left by an earlier transaction, which acted for another.");
  call([] { ResetSequenceCaches(); });
}

void seal_as(const Identity& identity) {
  if (in_force() == identity) return;
  if (in_force().kind != Kind::nobody || (proofs && !proofs->empty()))
    throw Error("42501", "this transaction already acts for somebody else",
                "An identity is sealed until the transaction ends; no savepoint and no setting "
                "changes it.",
                "Act for one identity in each transaction: COMMIT or ROLLBACK, then BEGIN.");
  clear_the_room();
  sealed = identity;
  alone = !IsTransactionBlock();
  was_read = false;
  left_traces = true;
}

// Canonical forms only: one identity has one spelling as a number, and the server's own reading of
// a uuid takes braces and other spellings that nobody issues.
std::optional<std::int64_t> as_bigint(std::string_view text) noexcept {
  std::size_t digits = text.starts_with('-') ? 1 : 0;
  if (text.size() > digits + 1 && text[digits] == '0') return std::nullopt;
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text == "-0") return std::nullopt;
  return value;
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<pg_uuid_t> as_uuid(std::string_view text) noexcept {
  if (text.size() != 36) return std::nullopt;
  pg_uuid_t uuid{};
  int nibbles = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    int digit = hex_digit(text[i]);
    if (digit < 0) return std::nullopt;
    uuid.data[nibbles / 2] =
        static_cast<unsigned char>(uuid.data[nibbles / 2] << 4 | static_cast<unsigned>(digit));
    ++nibbles;
  }
  return uuid;
}

// NULL would reach no row just as well, but nobody would learn why.
[[noreturn]] void refuse_type(const char* type) {
  throw Error("22P02", std::string("the identity of this transaction is not a ") + type, "",
              "Act for an identity of the type that the tables' owner columns have.");
}

// For the rest of the subtransaction, in place of what is sealed.
void prove_as(const std::optional<std::string>& who) {
  if (GetCurrentTransactionNestLevel() < 2)
    throw Error("25P01", "prove_as outside of a subtransaction", "",
                "Call it after SAVEPOINT, or in a block with EXCEPTION.");
  if (!proofs) proofs = new std::vector<Proof>;
  proofs->push_back({GetCurrentSubTransactionId(), who ? identity_of(*who) : Identity{}});
}

}  // namespace

void seal(std::string_view who) {
  seal_as(identity_of(who));
}

void seal_admin() {
  seal_as({Kind::admin, 0, {}});
}

void before_commit() {
  if (!left_traces) return;
  cursors::close_held(WARNING,
                      "A cursor WITH HOLD does not outlive the identity it was read under.");
  if (!alone || was_read) return;
  call([] {
    ereport(
        WARNING, errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
        errmsg("the identity ends with this statement, and nothing was done under it"),
        errhint(
            "Set it in a transaction block, after BEGIN, or in one message with what follows."));
  });
}

void forget() noexcept {
  if (left_traces) ResetSequenceCaches();
  explicit_bzero(&sealed, sizeof sealed);
  alone = was_read = left_traces = false;
  if (proofs) proofs->clear();
}

void subtransaction_ended(SubTransactionId which) noexcept {
  while (proofs && !proofs->empty() && proofs->back().subtransaction == which) proofs->pop_back();
}

}  // namespace steward::identity

namespace id = steward::identity;

static std::string text_argument(FunctionCallInfo fcinfo, const char* what) {
  if (PG_ARGISNULL(0)) throw steward::Error("22004", std::string(what) + " cannot be NULL");
  return steward::call([&] { return text_to_cstring(PG_GETARG_TEXT_PP(0)); });
}

STEWARD_FUNCTION(steward_act_as) {
  id::seal(text_argument(fcinfo, "an identity"));
  PG_RETURN_VOID();
}

STEWARD_FUNCTION(steward_seal_admin) {
  id::seal_admin();
  PG_RETURN_VOID();
}

STEWARD_FUNCTION(steward_prove_as) {
  id::prove_as(PG_ARGISNULL(0) ? std::nullopt : std::optional(text_argument(fcinfo, "")));
  PG_RETURN_VOID();
}

STEWARD_FUNCTION(steward_identity) {
  const id::Identity& now = id::read();
  if (now.kind != id::Kind::user) PG_RETURN_NULL();
  return steward::text_datum(now.view());
}

STEWARD_FUNCTION(steward_identity_uuid) {
  const id::Identity& now = id::read();
  if (now.kind != id::Kind::user) PG_RETURN_NULL();
  std::optional<pg_uuid_t> uuid = id::as_uuid(now.view());
  if (!uuid) id::refuse_type("uuid");
  return steward::call([&] {
    auto* copy = static_cast<pg_uuid_t*>(palloc(sizeof(pg_uuid_t)));
    *copy = *uuid;
    return UUIDPGetDatum(copy);
  });
}

STEWARD_FUNCTION(steward_identity_bigint) {
  const id::Identity& now = id::read();
  if (now.kind != id::Kind::user) PG_RETURN_NULL();
  std::optional<std::int64_t> number = id::as_bigint(now.view());
  if (!number) id::refuse_type("bigint");
  PG_RETURN_INT64(*number);
}

STEWARD_FUNCTION(steward_acting_as_admin) {
  PG_RETURN_BOOL(id::read().kind == id::Kind::admin);
}
