\set SHOW_CONTEXT never
-- One step, from begin to end, recorded in the transaction of its DDL.
SELECT heads AS before FROM steward.ledger ORDER BY seq DESC LIMIT 1 \gset
SELECT to_jsonb(:'before'::text[]) AS expected \gset
SELECT encode(sha256('CREATE TABLE regress_item ...'), 'hex') AS checksum \gset
BEGIN;
SELECT steward.begin_step(format('{"run": "regress", "revision": "s1", "direction": "upgrade", "parents": %1$s, "expected": %1$s,
  "message": "A step", "file": "m/s1.sql", "line": 4, "upgrade": "CREATE TABLE regress_item ...", "upgrade_checksum": "%2$s"}',
  :'expected', :'checksum')::jsonb) = pg_current_xact_id() AS own_transaction;
CREATE TABLE regress_item (id integer PRIMARY KEY, title text);
INSERT INTO regress_item SELECT n, 'x' FROM generate_series(1, 3) AS n;
CREATE INDEX regress_item_title_idx ON regress_item (title);
SELECT seq > 0 AS numbered, length(hash) FROM steward.end_step();
COMMIT;
SELECT action, direction, revision, heads, upgrade, file, session_role = session_user AS mine, duration_ms > 0 AS took,
       wal_bytes > 0 AS wrote, (SELECT system_identifier FROM pg_control_system()) = system_identifier AS here
FROM steward.ledger WHERE revision = 's1';
SELECT s ->> 'n' AS n, s ->> 'tag' AS tag, s ->> 'rows' AS rows, s -> 'locks' AS locks
FROM steward.ledger, jsonb_array_elements(statements) AS s WHERE revision = 's1';
SELECT * FROM steward.verify_ledger();

-- The lock each statement took on what was there before; a dropped relation keeps its name.
BEGIN;
SELECT steward.begin_step('{"revision": "s2", "direction": "upgrade", "parents": ["s1"], "expected": ["s1"]}') IS NOT NULL AS begun;
ALTER TABLE regress_item ADD COLUMN done boolean;
SELECT count(*) FROM regress_item;
CREATE TABLE regress_other (item_id integer REFERENCES regress_item);
DROP TABLE regress_other;
DO $$ BEGIN UPDATE regress_item SET done = true; PERFORM 1; END $$;
EXPLAIN (COSTS off) SELECT 1;
CREATE TABLE regress_copy AS SELECT * FROM regress_item;
SELECT seq > 0 AS ended FROM steward.end_step();
COMMIT;
SELECT s ->> 'n' AS n, s ->> 'tag' AS tag, s ->> 'rows' AS rows, s -> 'locks' AS locks
FROM steward.ledger, jsonb_array_elements(statements) AS s WHERE revision = 's2';

-- A savepoint inside a step is the revision's own business.
BEGIN;
SELECT steward.begin_step('{"revision": "s3", "direction": "upgrade", "parents": ["s2"], "expected": ["s2"]}') IS NOT NULL AS begun;
SAVEPOINT inner_one;
CREATE TABLE regress_gone ();
ROLLBACK TO inner_one;
RELEASE inner_one;
SELECT seq > 0 AS ended FROM steward.end_step();
COMMIT;
SELECT to_regclass('regress_gone') IS NULL AS gone, revision FROM steward.head;

-- Downgrades go the other way, and not past what stands on them.
BEGIN;
SELECT steward.begin_step('{"revision": "s2", "direction": "downgrade", "parents": ["s1"], "expected": ["s3"]}');
ROLLBACK;
BEGIN;
SELECT steward.begin_step('{"revision": "s3", "direction": "downgrade", "parents": ["s2"], "expected": ["s3"]}') IS NOT NULL AS begun;
SELECT seq > 0 AS ended FROM steward.end_step();
COMMIT;
SELECT revision FROM steward.head;

-- Refused before anything is done: other heads, done already, not applied, a parent that is not applied.
\set VERBOSITY sqlstate
BEGIN; SELECT steward.begin_step('{"revision": "s9", "direction": "upgrade", "expected": ["s1"]}'); ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s2", "direction": "upgrade", "expected": ["s2"]}'); ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s9", "direction": "downgrade", "expected": ["s2"]}'); ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s9", "direction": "upgrade", "parents": ["s8"]}'); ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s9", "direction": "upgrade", "depends_on": ["s8"]}'); ROLLBACK;
BEGIN; SELECT steward.begin_step('{"direction": "upgrade"}'); ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s9"}'); ROLLBACK;

-- Out of order: without a transaction, twice, inside a savepoint, or ended without a begin.
SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}');
SELECT steward.end_step();
SELECT steward.continue_step(3);
BEGIN; SAVEPOINT one; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}'); ROLLBACK;
\set VERBOSITY default
BEGIN;
SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun;
SELECT steward.begin_step('{"revision": "s5", "direction": "upgrade", "parents": ["s2"]}');
ROLLBACK;

-- What would end the transaction is refused before it does harm, whatever it is called.
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun;
CREATE TABLE regress_half (); COMMIT;
SELECT to_regclass('regress_half') IS NULL AS nothing_done;
ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun; ROLLBACK; ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun; END; ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun; COMMIT AND CHAIN; ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun; PREPARE TRANSACTION 'x'; ROLLBACK;

-- The runner itself lets go first.
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun;
SELECT steward.abandon_step(); ROLLBACK;
SELECT revision FROM steward.head;

-- A revision cannot touch the record of what was done, though its role could.
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun;
ALTER TABLE steward.ledger ADD COLUMN extra text; ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun;
ALTER TABLE steward.ledger DISABLE TRIGGER refuse_change; ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun;
DROP TRIGGER refuse_change ON steward.script; ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"]}') IS NOT NULL AS begun;
DROP TABLE steward.script; ROLLBACK;

-- Errors say which revision, which statement, which line.
\set SHOW_CONTEXT errors
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"], "file": "m/s4.sql", "line": 7}') IS NOT NULL AS begun \; SELECT 1 AS one \;
-- a comment; with a semicolon
SELECT 2 AS two \; /* and /* another */
one */ INSERT INTO regress_item VALUES (1);
ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"], "file": "m/s4.sql", "line": 7}') IS NOT NULL AS begun \;
SELECT 1 AS one \;
SELECT *
FROM nowhere;
ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"], "file": "m/s4.sql", "line": 7}') IS NOT NULL AS begun \; DO $$
BEGIN
  PERFORM 1 / 0;
END $$;
ROLLBACK;
-- in a later message, from where it was said to go on.
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"], "file": "m/s4.sql", "line": 7}') IS NOT NULL AS begun;
SELECT steward.continue_step(100) \;

SELECT 1 AS one \; SELECT nowhere;
ROLLBACK;
BEGIN; SELECT steward.begin_step('{"revision": "s4", "direction": "upgrade", "parents": ["s2"], "file": "m/s4.sql", "line": 7}') IS NOT NULL AS begun;
SELECT steward.continue_step(100);
SELEC 1;
ROLLBACK;
-- and outside of a step nothing of the kind.
SELECT nowhere;

DROP TABLE regress_item, regress_copy;
