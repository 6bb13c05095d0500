// The truth about the predictions: each form is run on this server, and what it locked and rewrote
// is compared with what was predicted from its text and the catalog.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "runner/parser.h"
#include "runner/safety/catalog.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

constexpr const char* setup = R"(
CREATE EXTENSION btree_gist;
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE DOMAIN anything AS int;
CREATE TABLE box (id bigint PRIMARY KEY, code int UNIQUE);
INSERT INTO box SELECT g, g FROM generate_series(1, 200) AS g;
CREATE TABLE item (id bigint PRIMARY KEY, a int, b int NOT NULL DEFAULT 1, note text, short varchar(10), long varchar(40),
  fixed char(5), price numeric(10,2), made timestamp, seen timestamptz, t3 time(3), net cidr, doc json, m mood,
  box_id bigint, f anything, small smallint);
INSERT INTO item SELECT g, g, g, g::text, 'x', 'y', 'z', 1, now(), now(), now()::time, '10.0.0.0/8', '{}', 'glad', 1 + g % 200, 1, 1
  FROM generate_series(1, 500) AS g;
CREATE INDEX item_a_idx ON item (a);
CREATE UNIQUE INDEX item_b_key ON item (b);
CREATE INDEX item_note_idx ON item (note);
ALTER TABLE item ADD CONSTRAINT item_a_check CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE item ADD CONSTRAINT item_box_fkey FOREIGN KEY (box_id) REFERENCES box NOT VALID;
CREATE TABLE other (id bigint PRIMARY KEY, w text, a int, CONSTRAINT other_w_check CHECK (w IS NOT NULL));
INSERT INTO other SELECT g, 'w', g FROM generate_series(1, 100) AS g;
CREATE VIEW item_view AS SELECT id FROM other;
CREATE MATERIALIZED VIEW item_sum AS SELECT id, a FROM item;
CREATE UNIQUE INDEX item_sum_key ON item_sum (id);
CREATE TABLE event (id bigint, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE event_rest PARTITION OF event DEFAULT;
INSERT INTO event SELECT g, '2024-05-01' FROM generate_series(1, 50) AS g;
INSERT INTO event VALUES (1, '2030-01-01');
CREATE TABLE event_2026 (id bigint, day date NOT NULL);
INSERT INTO event_2026 VALUES (1, '2026-05-01');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER item_touch BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION drawn() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';
CREATE FUNCTION fixed() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE SEQUENCE counter;
CREATE SCHEMA store;
CREATE UNLOGGED TABLE quick (id int NOT NULL);
INSERT INTO quick VALUES (1);
CREATE POLICY own ON other USING (true);
CREATE TABLE sum (n int, twice int GENERATED ALWAYS AS (n * 2) STORED);
INSERT INTO sum SELECT generate_series(1, 10);
)";

constexpr const char* forms[] = {
    "ALTER TABLE item ADD COLUMN z int",
    "ALTER TABLE item ADD COLUMN z int DEFAULT 5",
    "ALTER TABLE item ADD COLUMN z int NOT NULL DEFAULT 5",
    "ALTER TABLE item ADD COLUMN z timestamptz DEFAULT now()",
    "ALTER TABLE item ADD COLUMN z timestamptz DEFAULT clock_timestamp()",
    "ALTER TABLE item ADD COLUMN z uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE item ADD COLUMN z int DEFAULT drawn()",
    "ALTER TABLE item ADD COLUMN z int DEFAULT fixed()",
    "ALTER TABLE item ADD COLUMN z bigserial",
    "ALTER TABLE item ADD COLUMN z bigint GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE item ADD COLUMN z int GENERATED ALWAYS AS (b * 2) STORED",
    "ALTER TABLE item ADD COLUMN z int CHECK (z > 0)",
    "ALTER TABLE item ADD COLUMN z positive",
    "ALTER TABLE item ADD COLUMN z positive DEFAULT 1",
    "ALTER TABLE item ADD COLUMN z anything DEFAULT 1",
    "ALTER TABLE item ADD COLUMN z int UNIQUE",
    "ALTER TABLE item ADD COLUMN z bigint REFERENCES box (id)",
    "ALTER TABLE item ADD COLUMN z bigint DEFAULT 1 REFERENCES box (id)",
    "ALTER TABLE item DROP COLUMN note",
    "ALTER TABLE item ALTER COLUMN a SET DEFAULT 3",
    "ALTER TABLE item ALTER COLUMN b DROP DEFAULT",
    "ALTER TABLE item ALTER COLUMN note SET NOT NULL",
    "ALTER TABLE item ALTER COLUMN b DROP NOT NULL",
    "ALTER TABLE other ALTER COLUMN w SET NOT NULL",
    "ALTER TABLE item ALTER COLUMN b TYPE bigint",
    "ALTER TABLE item ALTER COLUMN box_id TYPE int",
    "ALTER TABLE item ALTER COLUMN small TYPE int",
    "ALTER TABLE item ALTER COLUMN short TYPE varchar(20)",
    "ALTER TABLE item ALTER COLUMN short TYPE varchar",
    "ALTER TABLE item ALTER COLUMN long TYPE varchar(10)",
    "ALTER TABLE item ALTER COLUMN short TYPE text",
    "ALTER TABLE item ALTER COLUMN note TYPE varchar",
    "ALTER TABLE item ALTER COLUMN note TYPE varchar(50)",
    "ALTER TABLE item ALTER COLUMN fixed TYPE text",
    "ALTER TABLE item ALTER COLUMN price TYPE numeric(12,2)",
    "ALTER TABLE item ALTER COLUMN price TYPE numeric",
    "ALTER TABLE item ALTER COLUMN price TYPE numeric(10,3)",
    "ALTER TABLE item ALTER COLUMN price TYPE numeric(8,2)",
    "ALTER TABLE item ALTER COLUMN made TYPE timestamptz",
    "ALTER TABLE item ALTER COLUMN made TYPE timestamptz USING made AT TIME ZONE 'UTC'",
    "ALTER TABLE item ALTER COLUMN seen TYPE timestamp",
    "ALTER TABLE item ALTER COLUMN seen TYPE timestamptz(3)",
    "ALTER TABLE item ALTER COLUMN t3 TYPE time(6)",
    "ALTER TABLE item ALTER COLUMN net TYPE inet",
    "ALTER TABLE item ALTER COLUMN doc TYPE jsonb",
    "ALTER TABLE item ALTER COLUMN m TYPE text",
    "ALTER TABLE item ALTER COLUMN f TYPE int",
    "ALTER TABLE item ALTER COLUMN b TYPE anything",
    "ALTER TABLE item ALTER COLUMN b TYPE positive",
    "ALTER TABLE item ALTER COLUMN note TYPE text",
    "ALTER TABLE item ALTER COLUMN note TYPE text COLLATE \"C\"",
    "ALTER TABLE item ADD CONSTRAINT c CHECK (b > 0)",
    "ALTER TABLE item ADD CONSTRAINT c CHECK (b > 0) NOT VALID",
    "ALTER TABLE item VALIDATE CONSTRAINT item_a_check",
    "ALTER TABLE item ADD FOREIGN KEY (box_id) REFERENCES box",
    "ALTER TABLE item ADD FOREIGN KEY (box_id) REFERENCES box NOT VALID",
    "ALTER TABLE item VALIDATE CONSTRAINT item_box_fkey",
    "CREATE TABLE fresh (id int PRIMARY KEY, box_id bigint REFERENCES box (id))",
    "ALTER TABLE item DROP CONSTRAINT item_box_fkey",
    "ALTER TABLE item ADD UNIQUE (id, a)",
    "ALTER TABLE item ADD UNIQUE USING INDEX item_b_key",
    "ALTER TABLE quick ADD PRIMARY KEY (id)",
    "ALTER TABLE item ADD EXCLUDE USING gist (b WITH =)",
    "ALTER TABLE item DROP CONSTRAINT item_pkey",
    "ALTER TABLE item RENAME COLUMN a TO aa",
    "ALTER TABLE item RENAME TO thing",
    "ALTER INDEX item_a_idx RENAME TO item_aa_idx",
    "ALTER TABLE item RENAME CONSTRAINT item_a_check TO item_check",
    "ALTER TABLE item SET SCHEMA store",
    "ALTER TABLE item SET TABLESPACE pg_default",
    "ALTER TABLE quick SET LOGGED",
    "ALTER TABLE other SET UNLOGGED",
    "ALTER TABLE item SET (fillfactor = 80)",
    "ALTER TABLE item ALTER COLUMN a SET STATISTICS 500",
    "ALTER TABLE item ALTER COLUMN note SET STORAGE external",
    "ALTER TABLE item SET ACCESS METHOD heap",
    "ALTER TABLE item CLUSTER ON item_a_idx",
    "ALTER TABLE item REPLICA IDENTITY FULL",
    "ALTER TABLE item ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY p ON item USING (true)",
    "ALTER POLICY own ON other USING (id > 0)",
    "DROP POLICY own ON other",
    "GRANT SELECT ON item TO PUBLIC",
    "COMMENT ON TABLE item IS 'x'",
    "COMMENT ON COLUMN item.a IS 'x'",
    "CREATE INDEX i ON item (a)",
    "CREATE UNIQUE INDEX i ON item (id, a)",
    "CREATE INDEX i ON event (id)",
    "CREATE INDEX i ON ONLY event (id)",
    "DROP INDEX item_a_idx",
    "REINDEX INDEX item_a_idx",
    "REINDEX TABLE item",
    "CREATE TRIGGER t BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION touch()",
    "CREATE OR REPLACE TRIGGER item_touch BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION "
    "touch()",
    "ALTER TABLE item DISABLE TRIGGER item_touch",
    "ALTER TABLE item DISABLE TRIGGER ALL",
    "DROP TRIGGER item_touch ON item",
    "CREATE RULE r AS ON DELETE TO item DO NOTHING",
    "CREATE VIEW v AS SELECT id FROM item",
    "CREATE OR REPLACE VIEW item_view AS SELECT id FROM other",
    "DROP VIEW item_view",
    "REFRESH MATERIALIZED VIEW item_sum",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY item_sum",
    "CREATE MATERIALIZED VIEW mv AS SELECT * FROM item",
    "CREATE STATISTICS s ON a, b FROM item",
    "DROP TABLE quick",
    "DROP TABLE event_2024",
    "DROP TABLE item CASCADE",
    "CLUSTER item USING item_a_idx",
    "LOCK TABLE item",
    "LOCK TABLE item IN SHARE MODE",
    "ANALYZE item",
    "INSERT INTO other VALUES (999, 'w', 1)",
    "UPDATE other SET a = 1",
    "DELETE FROM other",
    "SELECT * FROM other FOR UPDATE",
    "ALTER TABLE event ATTACH PARTITION event_2026 FOR VALUES FROM ('2026-01-01') TO "
    "('2027-01-01')",
    "ALTER TABLE event DETACH PARTITION event_2024",
    "ALTER TABLE event ADD COLUMN z int",
    "CREATE TABLE event_2027 PARTITION OF event FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
    "ALTER TYPE mood ADD VALUE 'calm'",
    "ALTER TYPE mood RENAME VALUE 'glad' TO 'happy'",
    "ALTER DOMAIN anything ADD CHECK (value > 0)",
    "ALTER DOMAIN anything ADD CONSTRAINT c CHECK (value > 0) NOT VALID",
    "ALTER DOMAIN anything SET NOT NULL",
    "ALTER SEQUENCE counter RESTART",
    "CREATE TABLE copy (LIKE item INCLUDING ALL)",
    "CREATE TABLE copy AS SELECT * FROM item",
    "CREATE PUBLICATION pub FOR TABLE item",
    "ALTER TABLE item ALTER COLUMN a SET (n_distinct = 5)",
    "ALTER TABLE item ALTER COLUMN note SET COMPRESSION pglz",
    "ALTER TABLE item RESET (fillfactor)",
    "ALTER TABLE item SET WITHOUT CLUSTER",
    "ALTER TABLE item FORCE ROW LEVEL SECURITY",
    "ALTER TABLE item OWNER TO CURRENT_USER",
    "ALTER TABLE item ALTER CONSTRAINT item_box_fkey DEFERRABLE",
    "ALTER TABLE item ENABLE ALWAYS TRIGGER item_touch",
    "ALTER TABLE item ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE item ALTER COLUMN box_id TYPE int USING box_id::int",
    "ALTER TABLE item ALTER COLUMN fixed TYPE varchar(5)",
    "ALTER TABLE item ALTER COLUMN long TYPE varchar(40) COLLATE \"C\"",
    "ALTER TABLE item ALTER COLUMN small TYPE smallint",
    "ALTER TABLE event ADD UNIQUE (id, day)",
    "ALTER TABLE event ALTER COLUMN id SET NOT NULL",
    "ALTER TABLE event ALTER COLUMN id TYPE int",
    "ALTER TABLE event DROP COLUMN id",
    "ALTER TABLE event ADD CHECK (id > 0)",
    "ALTER TABLE event ADD CHECK (id > 0) NOT VALID",
    "ALTER TABLE event_2024 ADD CHECK (id > 0)",
    "ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES box",
    "CREATE UNIQUE INDEX i ON ONLY event (id, day)",
    "CREATE TRIGGER t BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION touch()",
    "DROP TABLE event_rest",
    "LOCK TABLE event IN SHARE MODE",
    "ANALYZE event",
    "REINDEX TABLE event_2024",
    "ALTER TABLE box DROP CONSTRAINT box_pkey CASCADE",
    "ALTER TABLE box DROP COLUMN id CASCADE",
    "ALTER TABLE box ALTER COLUMN id TYPE int",
    "DROP TABLE box CASCADE",
    "DROP MATERIALIZED VIEW item_sum",
    "CLUSTER item_sum USING item_sum_key",
    "ALTER VIEW item_view SET (security_barrier)",
    "ALTER VIEW item_view RENAME TO other_view",
    "ALTER VIEW item_view ALTER COLUMN id SET DEFAULT 1",
    "ALTER INDEX item_a_idx SET (fillfactor = 80)",
    "ALTER INDEX item_a_idx SET TABLESPACE pg_default",
    "ALTER SEQUENCE counter AS int",
    "ALTER SEQUENCE counter OWNED BY item.a",
    "DROP SEQUENCE counter",
    "DROP TYPE mood CASCADE",
    "DROP DOMAIN anything CASCADE",
    "ALTER TYPE mood ADD VALUE 'calm' BEFORE 'sad'",
    "ALTER DOMAIN anything SET DEFAULT 3",
    "CREATE TABLE heir () INHERITS (other)",
    "CREATE TABLE event_2028 PARTITION OF event FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
    "MERGE INTO other USING box ON other.id = box.id WHEN MATCHED THEN DELETE",
    "COPY other FROM PROGRAM 'true'",
};

// What only newer servers do, and what can be predicted only by a grammar that knows it.
struct Newer {
  int version;
  const char* form;
};
constexpr Newer newer_forms[] = {
    {17, "ALTER TABLE event ADD EXCLUDE USING gist (id WITH =, day WITH =)"},
    {17, "ALTER TABLE sum ALTER COLUMN twice SET EXPRESSION AS (n * 3)"},
    {18, "ALTER TABLE item ADD CONSTRAINT c NOT NULL a NOT VALID"},
    {18, "ALTER TABLE item ADD COLUMN z int GENERATED ALWAYS AS (b * 2) VIRTUAL"},
    {18, "ALTER TABLE box ADD CONSTRAINT c CHECK (code > 0) NOT ENFORCED"},
    {18, "ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES box NOT VALID"},
};

// relation -> "lock[ rewrites]"
using Effects = std::map<std::string, std::string>;

// What was there before the statement, and in which file.
std::map<std::string, std::string> files(pg::Connection& connection) {
  const pg::Rows rows = connection.query(
      "SELECT c.oid, c.relfilenode FROM pg_class AS c WHERE c.oid >= 16384 AND c.relkind IN ('r', "
      "'m')");
  std::map<std::string, std::string> result;
  for (std::size_t i = 0; i < rows.size(); ++i) result.emplace(rows.text(i, 0), rows.text(i, 1));
  return result;
}

// Names as they were, so that a rename or a drop does not hide what was locked.
std::map<std::string, std::string> names(pg::Connection& connection) {
  const pg::Rows rows = connection.query(
      "SELECT c.oid, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
      "WHERE c.oid >= 16384 AND n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm', 'v', 'S')");
  std::map<std::string, std::string> result;
  for (std::size_t i = 0; i < rows.size(); ++i) result.emplace(rows.text(i, 0), rows.text(i, 1));
  return result;
}

int strength(const std::string& lock) {
  for (int mode = 1; mode <= 8; ++mode)
    if (safety::name_of(static_cast<safety::Lock>(mode)) == lock) return mode;
  return 0;
}

// Locks that nobody waits for but those who change the schema are left out on both sides.
constexpr int weakest = static_cast<int>(safety::Lock::share_update_exclusive);

Effects measured(pg::Connection& connection, const std::string& form) {
  const auto known = names(connection), before = files(connection);
  connection.run("BEGIN; SET LOCAL client_min_messages = error; " + form);
  std::map<std::string, int> locks;
  const pg::Rows rows = connection.query(
      "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    int& lock = locks[std::string(rows.text(i, 0))];
    lock = std::max(lock, strength(std::string(rows.text(i, 1))));
  }
  const auto after = files(connection);
  connection.run("ROLLBACK");
  Effects effects;
  for (const auto& [oid, lock] : locks) {
    if (!known.contains(oid) || lock < weakest) continue;
    const bool moved =
        before.contains(oid) && after.contains(oid) && after.at(oid) != before.at(oid);
    effects[known.at(oid)] =
        std::string(safety::name_of(static_cast<safety::Lock>(lock))) + (moved ? " rewrites" : "");
  }
  return effects;
}

Effects predicted(pg::Connection& connection, const std::string& form) {
  const safety::Subject subject = safety::subject_of_script(form, "form.sql", {});
  const safety::Knowledge known = safety::ask(connection, {subject});
  const auto there = names(connection);
  // A partitioned table has no rows of its own that could be written anew.
  const auto writes = [&known](const safety::Touch& touch) {
    const safety::Table* table = known.find(touch.relation);
    return touch.rewrites && (table == nullptr || table->kind != 'p');
  };
  std::set<std::string> relations;
  for (const auto& [oid, name] : there) relations.insert(name);
  Effects effects;
  for (const safety::Touch& touch :
       safety::refined(subject.upgrade.statements.at(0), known).touches)
    if (relations.contains(touch.relation) && static_cast<int>(touch.lock) >= weakest)
      effects[touch.relation] =
          std::string(safety::name_of(touch.lock)) + (writes(touch) ? " rewrites" : "");
  return effects;
}

std::string listed(const Effects& effects) {
  std::string text;
  for (const auto& [relation, effect] : effects) text += relation + ": " + effect + "; ";
  return text;
}

TEST(Predictions, are_what_this_server_does) {
  const std::string url = Server::shared().new_database();
  pg::Connection connection = Server::shared().connect(url);
  connection.run("SET timezone = 'UTC'; SET client_min_messages = error; " + std::string(setup));
  connection.run("ANALYZE");
  int wrong = 0;
  std::vector<const char*> all(std::begin(forms), std::end(forms));
  const int version = std::stoi(std::string(
      connection.query("SELECT current_setting('server_version_num')::int / 10000").text(0, 0)));
  for (const Newer& newer : newer_forms)
    if (version >= newer.version && parser::version() >= newer.version) all.push_back(newer.form);
  for (const char* form : all) {
    const Effects expected = predicted(connection, form), found = measured(connection, form);
    if (expected != found) ++wrong;
    EXPECT_EQ(listed(expected), listed(found)) << form;
  }
  EXPECT_EQ(wrong, 0) << "of " << all.size();
}

}  // namespace
}  // namespace steward::test
