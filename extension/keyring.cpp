#include "extension/keyring.h"

#include "extension/token/refused.h"

namespace steward::keyring {
namespace {

constexpr char read_keys[] =
    "SELECT kid, alg, issuer, audience, pg_catalog.floor(extract(epoch FROM leeway)), "
    "pg_catalog.floor(extract(epoch FROM max_lifetime)), pg_catalog.floor(extract(epoch FROM "
    "not_before)), "
    "pg_catalog.floor(extract(epoch FROM not_after)), material FROM steward.token_key";
constexpr int material_column = 9;

std::vector<token::Key>* ring = nullptr;
Oid watched = InvalidOid;   // the table they were read from
std::uint64_t changes = 1;  // invalidations seen
std::uint64_t read_at = 0;  // the number of changes before they were read
std::uint64_t readings = 0;

void table_changed(Datum, Oid relation) {
  if (relation == watched || !OidIsValid(relation)) ++changes;
}

void watch() {
  static bool watching = false;
  if (watching) return;
  call([] { CacheRegisterRelcacheCallback(table_changed, Datum(0)); });
  watching = true;
}

Oid table() {
  Oid found = call([] {
    Oid schema = get_namespace_oid("steward", true);
    return OidIsValid(schema) ? get_relname_relid("token_key", schema) : InvalidOid;
  });
  if (!OidIsValid(found)) throw Error("55000", "table steward.token_key is missing");
  return found;
}

Oid lock_and_tell_owner(Oid relation) {
  return call([&] {
    Relation open = table_open(relation, AccessShareLock);
    Oid owner = open->rd_rel->relowner;
    table_close(open, AccessShareLock);
    return owner;
  });
}

// The newest snapshot, not the transaction's: a key that was retired is retired for REPEATABLE READ
// too.
std::uint64_t execute() {
  static SPIPlanPtr plan = nullptr;
  int status = call([&] {
    if (!plan) {
      SPIPlanPtr fresh = SPI_prepare(read_keys, 0, nullptr);
      if (!fresh || SPI_keepplan(fresh) != 0) return SPI_result;
      plan = fresh;
    }
    Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    int done =
        SPI_execute_snapshot(plan, nullptr, nullptr, snapshot, InvalidSnapshot, true, false, 0);
    UnregisterSnapshot(snapshot);
    return done;
  });
  if (status != SPI_OK_SELECT) throw Error("XX000", "could not read steward.token_key");
  return SPI_processed;
}

std::optional<std::string> text_of(std::uint64_t row, int column) {
  char* value =
      call([&] { return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column); });
  if (!value) return std::nullopt;
  return value;
}

token::Seconds seconds_of(std::uint64_t row, int column, token::Seconds otherwise) {
  std::optional<std::string> text = text_of(row, column);
  return text ? std::stoll(*text) : otherwise;
}

// In the server's memory, to be wiped when it has been read.
struct Material {
  char* bytes;
  std::size_t size;
  ~Material() { explicit_bzero(bytes, size); }
  std::string_view view() const noexcept { return {bytes, size}; }
};

Material material_of(std::uint64_t row) {
  bytea* value = call([&] {
    bool null = false;
    return DatumGetByteaPP(
        SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, material_column, &null));
  });
  return {VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))};
}

token::Key key_of(std::uint64_t row) {
  Material material = material_of(row);
  auto algorithm = token::algorithm_of(text_of(row, 2).value_or(""));
  if (!algorithm) throw token::Refused("its algorithm is unknown");
  return {text_of(row, 1).value_or(""),
          token::Signature(*algorithm, material.view()),
          text_of(row, 3),
          text_of(row, 4),
          seconds_of(row, 5, 0),
          seconds_of(row, 6, token::never),
          seconds_of(row, 7, 0),
          seconds_of(row, 8, token::never)};
}

void complain(const std::string& kid, const char* reason) {
  const char* name = kid.c_str();
  call([&] {
    ereport(LOG_SERVER_ONLY,
            errmsg("key \"%s\" of steward.token_key cannot be used: %s", name, reason),
            errhidestmt(true), errhidecontext(true));
  });
}

void add_key(std::vector<token::Key>& to, std::uint64_t row) {
  try {
    to.push_back(key_of(row));
  } catch (const token::Refused& refused) {
    complain(text_of(row, 1).value_or(""), refused.what());
  }
}

std::vector<token::Key> read(Oid owner) {
  ActAs as(owner);
  Spi spi;
  std::vector<token::Key> all;
  const std::uint64_t rows = execute();
  for (std::uint64_t row = 0; row < rows; ++row) add_key(all, row);
  return all;
}

}  // namespace

const std::vector<token::Key>& keys() {
  watch();
  Oid relation = table();
  Oid owner = lock_and_tell_owner(relation);  // takes in the invalidations that are waiting
  if (ring && relation == watched && read_at == changes) return *ring;
  watched = relation;
  const std::uint64_t before = changes;  // one that comes meanwhile counts as later
  std::vector<token::Key> fresh = read(owner);
  if (!ring) ring = new std::vector<token::Key>;
  ring->swap(fresh);
  read_at = before;
  ++readings;
  return *ring;
}

std::uint64_t generation() noexcept {
  return readings;
}

}  // namespace steward::keyring
