#include "extension/ledger.h"

namespace steward::ledger {
namespace {

Statement check_step{
    "SELECT heads, revision, direction, file, line, transactional, progress, "
    "upgrade_checksum, downgrade_checksum, run, first, last "
    "FROM steward.check_step($1, $2)",
    2,
    {JSONBOID, TEXTOID},
    nullptr};
Statement append_entry{
    "SELECT seq, hash FROM steward.append_entry($1, $2)", 2, {JSONBOID, JSONBOID}, nullptr};
Statement run_begins{"SELECT steward.run_begins()", 0, {}, nullptr};
Statement run_ends{"SELECT steward.run_ends()", 0, {}, nullptr};
Statement insert_unchained{
    "INSERT INTO steward.unchained "
    "(entry, outcome, session_role, client_addr, application_name, transaction) "
    "VALUES ($1, $2, SESSION_USER, pg_catalog.inet_client_addr(), "
    "pg_catalog.current_setting('application_name'), pg_catalog.pg_current_xact_id())",
    2,
    {JSONBOID, JSONBOID},
    nullptr};
Statement insert_piece{"INSERT INTO steward.script (checksum, piece, body) VALUES ($1, $2, $3)",
                       3,
                       {TEXTOID, INT4OID, TEXTOID},
                       nullptr};
Statement find_script{
    "SELECT piece FROM steward.script WHERE checksum OPERATOR(pg_catalog.=) $1 LIMIT 1",
    1,
    {TEXTOID},
    nullptr};
Statement read_piece{
    "SELECT body FROM steward.script "
    "WHERE checksum OPERATOR(pg_catalog.=) $1 AND piece OPERATOR(pg_catalog.=) $2",
    2,
    {TEXTOID, INT4OID},
    nullptr};

Oid owner_of(Oid relation) {
  return call([&] {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    Oid owner = HeapTupleIsValid(tuple)
                    ? reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner
                    : InvalidOid;
    if (HeapTupleIsValid(tuple)) ReleaseSysCache(tuple);
    return owner;
  });
}

Oid owner() {
  return owner_of(relation());
}

Oid in_schema(const char* name) {
  return call([&] {
    Oid schema = get_namespace_oid("steward", true);
    return OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
  });
}

Datum jsonb_datum(const std::string& text) {
  return call([&] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.c_str())); });
}

std::string name_of(Oid role) {
  return call([&] { return GetUserNameFromId(role, false); });
}

std::string text_or_empty(int column) {
  return first_text(column).value_or("");
}

std::string hex(const unsigned char* bytes, std::size_t count) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

void digest_piece(pg_cryptohash_ctx* hash, Datum piece) {
  call([&] {
    text* body = DatumGetTextPP(piece);
    if (pg_cryptohash_update(hash, reinterpret_cast<const uint8*>(VARDATA_ANY(body)),
                             VARSIZE_ANY_EXHDR(body)) < 0)
      elog(ERROR, "could not compute a checksum: %s", pg_cryptohash_error(hash));
  });
}

// A revision's statement_timeout is for its own statements, and would cancel what it cannot make
// faster; whoever waits can still cancel.
void take_as_long_as_it_takes() {
  call([] { disable_timeout(STATEMENT_TIMEOUT, false); });
}

}  // namespace

Oid relation_if_any() {
  return in_schema("ledger");
}

Oid relation() {
  Oid found = relation_if_any();
  if (!OidIsValid(found))
    throw Error(ledger_broken, "this database has no ledger", "",
                "Make it: SELECT steward.install_ledger();");
  Oid writer = call([] { return get_role_oid("steward_ledger", true); });
  if (!OidIsValid(writer) || owner_of(found) != writer)
    throw Error(ledger_broken, "the ledger does not belong to role \"steward_ledger\"",
                "A restore without owners leaves it with whoever restored.",
                "As a superuser: SELECT steward.install_ledger();");
  return found;
}

bool is_writable() {
  Oid writer = call([] { return get_role_oid("steward_ledger", true); });
  if (!OidIsValid(writer)) return false;
  Oid tables[] = {relation_if_any(), in_schema("unchained")};
  return std::all_of(std::begin(tables), std::end(tables),
                     [&](Oid table) { return OidIsValid(table) && owner_of(table) == writer; });
}

bool has_key() {
  Oid table = relation();
  return call([&] {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
    bool indexed =
        HeapTupleIsValid(tuple) && reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relhasindex;
    if (HeapTupleIsValid(tuple)) ReleaseSysCache(tuple);
    return indexed;
  });
}

bool is_history(Oid relation) {
  return OidIsValid(relation) && (relation == relation_if_any() || relation == in_schema("script"));
}

bool is_guard(Oid trigger) {
  Oid tables[] = {relation_if_any(), in_schema("script")};
  return std::any_of(std::begin(tables), std::end(tables), [&](Oid table) {
    return OidIsValid(table) &&
           trigger == call([&] { return get_trigger_oid(table, "refuse_change", true); });
  });
}

Checked check(Datum step) {
  Datum acting = text_datum(name_of(GetUserId()));
  ActAs as(owner());
  Spi spi;
  Datum values[] = {step, acting};
  check_step.execute(values);
  Checked checked;
  checked.heads = text_or_empty(1);
  checked.revision = text_or_empty(2);
  checked.direction = text_or_empty(3);
  checked.file = text_or_empty(4);
  checked.line = std::stoi(first_text(5).value_or("1"));
  checked.transactional = text_or_empty(6) == "t";
  checked.progress = text_or_empty(7) == "t";
  checked.upgrade_checksum = text_or_empty(8);
  checked.downgrade_checksum = text_or_empty(9);
  checked.run = text_or_empty(10);
  checked.first = text_or_empty(11) == "t";
  checked.last = text_or_empty(12) == "t";
  return checked;
}

bool schema_is_as_recorded() {
  take_as_long_as_it_takes();
  ActAs as(owner());
  Spi spi;
  run_begins.execute(nullptr);
  return text_or_empty(1) == "t";
}

std::string fingerprint() {
  take_as_long_as_it_takes();
  ActAs as(owner());
  Spi spi;
  run_ends.execute(nullptr);
  return text_or_empty(1);
}

Row append(Datum step, const std::string& outcome) {
  ActAs as(owner());
  Spi spi;
  Datum values[] = {step, jsonb_datum(outcome)};
  append_entry.execute(values);
  return {std::stoll(first_text(1).value_or("0")), text_or_empty(2)};
}

void append_unmanaged(const std::string& entry, const std::string& outcome, bool chained) {
  ActAs as(owner());
  Spi spi;
  Datum values[] = {jsonb_datum(entry), jsonb_datum(outcome)};
  (chained ? append_entry : insert_unchained).execute(values);
}

void keep_piece(const std::string& checksum, int piece, Datum body) {
  ActAs as(owner());
  Spi spi;
  Datum values[] = {text_datum(checksum), Int32GetDatum(piece), body};
  insert_piece.execute(values);
}

bool keeps(const std::string& checksum) {
  ActAs as(owner());
  Spi spi;
  Datum values[] = {text_datum(checksum)};
  return find_script.execute(values) > 0;
}

std::string checksum_of_pieces(const std::string& checksum, int pieces) {
  ActAs as(owner());
  pg_cryptohash_ctx* hash = call([] {
    pg_cryptohash_ctx* fresh = pg_cryptohash_create(PG_SHA256);
    if (pg_cryptohash_init(fresh) < 0)
      elog(ERROR, "could not compute a checksum: %s", pg_cryptohash_error(fresh));
    return fresh;
  });
  for (int piece = 1; piece <= pieces; ++piece) {
    Spi spi;  // its memory goes with it: one piece at a time
    Datum values[] = {text_datum(checksum), Int32GetDatum(piece)};
    read_piece.execute(values);
    digest_piece(hash, call([] {
                   bool null = false;
                   return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &null);
                 }));
  }
  unsigned char digest[PG_SHA256_DIGEST_LENGTH];
  call([&] {
    if (pg_cryptohash_final(hash, digest, sizeof digest) < 0)
      elog(ERROR, "could not compute a checksum: %s", pg_cryptohash_error(hash));
    pg_cryptohash_free(hash);
  });
  return hex(digest, sizeof digest);
}

}  // namespace steward::ledger
