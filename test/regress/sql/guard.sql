\set SHOW_CONTEXT never
-- A database of its own: its settings are changed, and its ledger begins here.
CREATE DATABASE regression_guard;
SELECT current_user AS owner, current_database() AS home \gset
\c regression_guard
CREATE EXTENSION pg_steward;
-- Roles: one that owns the schema and is guarded, one that it may act as, and one that owns nothing.
CREATE ROLE regress_maker LOGIN;
CREATE ROLE regress_team;
GRANT regress_team TO regress_maker;
CREATE ROLE regress_guest LOGIN;
CREATE SCHEMA regress_guarded;
GRANT ALL ON SCHEMA regress_guarded TO regress_maker, regress_team;
CREATE VIEW regress_record AS
SELECT n, tag, statement, objects, "session_user", "current_user", break_glass FROM steward.unmanaged
WHERE seq > (SELECT max(seq) FROM steward.ledger WHERE action = 'stamp') OR seq IS NULL;
GRANT SELECT ON regress_record TO PUBLIC;
SELECT steward.record('{"action": "stamp", "message": "the guard''s test begins"}') > 0 AS begun;
SELECT steward.grant_runner('regress_maker');

-- The owner turns it on, for the database or for a role in it; every new session loads the library. No other role may.
SELECT steward.set_guard('warn');
SELECT steward.set_guard('loud');
SELECT regexp_replace(setting, '"?\$libdir/pg_steward"?', 'pg_steward') AS setting FROM pg_db_role_setting, unnest(setconfig) AS setting
WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) AND setrole = 0 AND setting ~ 'steward' ORDER BY setting COLLATE "C";
\c - regress_maker
SET search_path = regress_guarded, public;
SHOW steward.guard;
SELECT steward.set_guard('off');
SET steward.guard = off;
ALTER ROLE regress_maker SET steward.guard = off;
\! PGOPTIONS='-c steward.guard=off' psql -X -A -t -U regress_maker -d regression_guard -c 'SHOW steward.guard' 2>&1 | sed 's/.*FATAL/FATAL/'
\! PGOPTIONS='-c steward.guard=off' psql -X -A -t -d regression_guard -c 'SHOW steward.guard'

-- warn: it is recorded, in its transaction, with who and what; the chain holds.
CREATE TABLE item (id integer PRIMARY KEY, title text);
BEGIN;
ALTER TABLE item ADD COLUMN done boolean;
SET ROLE regress_team;
CREATE TABLE team_item (id serial PRIMARY KEY);
RESET ROLE;
CREATE INDEX ON item (title);
COMMENT ON TABLE item IS 'by hand';
COMMIT;
GRANT SELECT ON item TO regress_guest;
SELECT * FROM regress_record;
SELECT action, message, session_role, acting_role, heads = (SELECT heads FROM steward.ledger WHERE action = 'stamp' ORDER BY seq DESC LIMIT 1) AS same_heads
FROM steward.ledger WHERE action = 'unmanaged' ORDER BY seq;
SELECT * FROM steward.verify_ledger();

-- A rollback leaves no record: of a transaction, of a savepoint, of a block that failed. A statement that fails leaves none either.
\c - :owner
SET search_path = regress_guarded, public;
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
BEGIN;
CREATE TABLE gone ();
ROLLBACK;
BEGIN;
SAVEPOINT one;
CREATE TABLE gone ();
ROLLBACK TO one;
SAVEPOINT two;
CREATE TABLE stays ();
RELEASE two;
COMMIT;
DO $$
BEGIN
  CREATE TABLE gone ();
  RAISE 'no';
EXCEPTION WHEN OTHERS THEN
  CREATE TABLE stays_too ();
END
$$;
CREATE TABLE stays ();
SELECT n, tag, objects FROM regress_record;

-- What a function or a block executes is seen, with its own text; what a statement is made of is one.
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
CREATE FUNCTION pg_temp.does(what text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE what; RETURN 'done'; END $$;
SELECT pg_temp.does('DROP TABLE stays, stays_too');
DO $$ BEGIN CREATE TABLE made AS SELECT 1 AS n; END $$;
SELECT 2 AS n INTO made_too;
PREPARE two AS SELECT 2 AS n;
CREATE TABLE made_three AS EXECUTE two;
DO $$ BEGIN EXECUTE 'EXPLAIN ANALYZE CREATE TABLE made_four AS SELECT 1 AS n'; END $$;
CREATE SCHEMA regress_other CREATE TABLE t (id serial) CREATE VIEW v AS SELECT id FROM t;
CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN DROP TABLE made; COMMIT; DROP TABLE made_too; END $$;
CALL commits();
SELECT n, tag, statement, objects FROM regress_record;

-- Passwords and other secrets are never recorded.
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
ALTER ROLE regress_guest PASSWORD 'hunter2' VALID UNTIL 'infinity';
ALTER ROLE regress_guest SET app.secret TO hunter2;
ALTER ROLE regress_guest SET app.secret = 'hunter2';
ALTER ROLE regress_guest RESET app.secret;
CREATE FOREIGN DATA WRAPPER regress_fdw;
CREATE SERVER regress_server FOREIGN DATA WRAPPER regress_fdw OPTIONS (secret $x$hunter2$x$);
DO $$ BEGIN EXECUTE 'CREATE USER MAPPING FOR regress_guest SERVER regress_server OPTIONS (password ''hunter2'')'; END $$;
SELECT tag, statement, objects FROM regress_record;
SELECT count(*) FROM steward.ledger AS l WHERE l.action = 'unmanaged' AND l::text LIKE '%hunter2%';
DROP FOREIGN DATA WRAPPER regress_fdw CASCADE;

-- Free: temporary objects, maintenance, rows, and what is not of this database's schema.
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
CREATE TEMP TABLE scratch (id serial PRIMARY KEY, n integer);
CREATE INDEX ON scratch (n);
ALTER TABLE scratch ADD COLUMN m integer;
COMMENT ON COLUMN scratch.m IS 'temporary';
CREATE TEMP VIEW scratch_view AS SELECT n FROM scratch;
CREATE TABLE pg_temp.scratch_copy AS SELECT * FROM scratch;
SELECT 1 AS n INTO TEMP scratch_more;
CREATE FUNCTION pg_temp.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
DROP TABLE scratch_copy, scratch_more;
TRUNCATE item;
VACUUM item;
ANALYZE item;
REINDEX TABLE item;
REINDEX (VERBOSE OFF) TABLE CONCURRENTLY item;
REINDEX SCHEMA regress_guarded;
CHECKPOINT;
COPY item (id) FROM PROGRAM 'echo 4711';
COPY (SELECT 1) TO PROGRAM 'cat >/dev/null';
ALTER SYSTEM RESET application_name;
SELECT setval('team_item_id_seq', 5), lo_create(4711) = 4711 AS made;
INSERT INTO item VALUES (1); UPDATE item SET title = 'one'; DELETE FROM item;
LISTEN regress_news; NOTIFY regress_other_news; UNLISTEN *; DISCARD PLANS; LOAD 'plpgsql';
SELECT n, tag FROM regress_record;
-- What else the server calls DDL: owners, privileges to come, roles, settings, large objects, statistics, event triggers, what CLUSTER notes.
SET client_min_messages = error;
CREATE ROLE regress_left; CREATE TABLE left_over (id integer PRIMARY KEY, n integer); ALTER TABLE left_over OWNER TO regress_left;
REASSIGN OWNED BY regress_left TO regress_team;
DROP OWNED BY regress_left;
ALTER DEFAULT PRIVILEGES IN SCHEMA regress_guarded GRANT SELECT ON TABLES TO regress_guest;
ALTER DEFAULT PRIVILEGES IN SCHEMA regress_guarded REVOKE SELECT ON TABLES FROM regress_guest;
GRANT regress_left TO regress_guest; REVOKE regress_left FROM regress_guest; ALTER ROLE regress_left CONNECTION LIMIT 3; DROP ROLE regress_left;
ALTER DATABASE regression_guard SET work_mem = '5MB'; ALTER DATABASE regression_guard RESET work_mem;
ALTER LARGE OBJECT 4711 OWNER TO regress_team; GRANT SELECT ON LARGE OBJECT 4711 TO regress_guest; SELECT lo_unlink(4711);
CREATE STATISTICS regress_statistics ON id, n FROM left_over; ALTER SEQUENCE team_item_id_seq RESTART;
CREATE FUNCTION regress_told() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER regress_event ON sql_drop EXECUTE FUNCTION regress_told();
ALTER EVENT TRIGGER regress_event DISABLE; DROP EVENT TRIGGER regress_event;
CLUSTER left_over USING left_over_pkey;
CREATE MATERIALIZED VIEW regress_total AS SELECT count(*) FROM left_over; REFRESH MATERIALIZED VIEW regress_total; VACUUM FULL left_over;
CREATE FUNCTION makes() RETURNS void LANGUAGE sql AS 'CREATE TABLE by_function ()'; SELECT makes();
RESET client_min_messages;
SELECT n, tag, objects FROM regress_record;
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
-- A temporary name beside a permanent one is not free, nor is what a temporary table's query does.
DROP TABLE scratch, made_three CASCADE;
CREATE TEMP TABLE pretext AS SELECT pg_temp.does('DROP TABLE made_four');
SELECT tag, statement, objects FROM regress_record;

-- Inside a step nothing is recorded but the step.
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
SELECT heads FROM steward.ledger ORDER BY seq DESC LIMIT 1 \gset
BEGIN;
SELECT steward.begin_step(jsonb_build_object('revision', 'g1', 'direction', 'upgrade', 'expected', :'heads'::text[])) IS NOT NULL AS begun;
CREATE TABLE by_revision ();
SELECT seq > 0 AS ended FROM steward.end_step();
CREATE TABLE after_revision ();
COMMIT;
SELECT action, revision, message FROM steward.ledger WHERE seq > (SELECT max(seq) FROM steward.ledger WHERE action = 'stamp') ORDER BY seq;

-- A statement that commits by itself is recorded with what it commits first, also when it fails after that.
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
INSERT INTO item VALUES (1, 'same'), (2, 'same');
CREATE UNIQUE INDEX CONCURRENTLY item_title_key ON item (title);
SELECT indisvalid FROM pg_index WHERE indexrelid = 'item_title_key'::regclass;
DROP INDEX CONCURRENTLY item_title_key;
SELECT tag, statement, objects FROM regress_record;

-- A transaction that sees an old snapshot, or was prepared, cannot chain its record; the next row takes it along.
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
BEGIN ISOLATION LEVEL REPEATABLE READ;
CREATE TABLE in_old_snapshot ();
SET TRANSACTION READ ONLY;
COMMIT;
BEGIN;
CREATE TABLE in_prepared ();
PREPARE TRANSACTION 'regress_guard';
COMMIT PREPARED 'regress_guard';
SELECT seq IS NULL AS unchained, tag, objects FROM steward.unmanaged WHERE seq IS NULL ORDER BY objects;
CREATE TABLE next_one ();
SELECT count(*) FROM steward.unchained;
SELECT tag, objects FROM regress_record;
SELECT * FROM steward.verify_ledger();

-- An extension's script is part of CREATE EXTENSION.
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
CREATE EXTENSION citext SCHEMA regress_guarded;
SELECT tag, statement, objects FROM regress_record;

-- enforce: refused before it does anything; the hint says what to type. A setting of the session is no reason.
SELECT steward.set_guard('enforce', 'regress_maker');
\c - regress_maker
SET search_path = regress_guarded, public;
CREATE TABLE refused ();
SET ROLE regress_team;
CREATE TABLE refused ();
RESET ROLE;
DO $$ BEGIN CREATE TABLE refused (); END $$;
CREATE TEMP TABLE let_through ();
SET steward.break_glass = 'for the whole session';
CREATE TABLE refused ();
BEGIN;
SET steward.break_glass = 'for this one';
CREATE TABLE refused ();
ROLLBACK;
SELECT set_config('steward.break_glass', '', false);
CREATE FUNCTION pg_temp.sets() RETURNS void LANGUAGE plpgsql SET steward.break_glass = 'from inside' AS $$ BEGIN CREATE TABLE refused (); END $$;
SELECT pg_temp.sets();
SECURITY LABEL ON TABLE item IS 'refused before a provider is looked for';
ALTER ROLE regress_maker SET work_mem = '5MB';
DROP OWNED BY regress_maker;
SELECT 1 AS n INTO refused;
VACUUM item;
BEGIN;
SET LOCAL steward.break_glass = '  ';
CREATE TABLE refused ();
ROLLBACK;
-- What the server refuses, it refuses itself.
BEGIN READ ONLY;
CREATE TABLE refused ();
ROLLBACK;

-- The glass is broken: on the record, with the reason, for one transaction.
BEGIN;
SET LOCAL steward.break_glass = 'the index is missing, and the shop is down';
CREATE INDEX ON item (done);
SAVEPOINT one;
SET LOCAL steward.break_glass = '';
CREATE INDEX ON item (id, done);
ROLLBACK TO one;
CREATE INDEX ON item (done, id);
COMMIT;
CREATE TABLE refused ();
SELECT tag, objects, "session_user", break_glass FROM regress_record WHERE break_glass IS NOT NULL;

-- A role without the right hears of that, and cannot waive the guard.
\c - :owner
SELECT steward.set_guard('enforce', 'regress_guest');
\c - regress_guest
ALTER TABLE regress_guarded.item ADD COLUMN x integer;
SELECT count(*) FROM regress_guarded.item;
INSERT INTO steward.guard_waiver (kind, name, reason) VALUES ('schema', 'regress_guarded', 'mine');
SELECT steward.waive_guard('schema', 'regress_guarded', 'mine');

-- Waivers: a schema, a command, the partitions of a table; each with its reason, and its end.
\c - :owner
SELECT steward.waive_guard('schema', 'scratch', '');
SELECT steward.waive_guard('role', 'x', 'y');
SELECT steward.waive_guard('schema', 'regress_other', 'analysts keep their own tables there');
SELECT steward.waive_guard('command', 'create view', 'views are made by the reports');
SELECT steward.waive_guard('command', 'CREATE SEQUENCE', 'over', now() + '1 microsecond');
CREATE TABLE regress_guarded.event (at date) PARTITION BY RANGE (at);
CREATE TABLE regress_guarded.other (at date) PARTITION BY RANGE (at);
ALTER TABLE regress_guarded.event OWNER TO regress_maker;
ALTER TABLE regress_guarded.other OWNER TO regress_maker;
GRANT ALL ON SCHEMA regress_other TO regress_maker;
SELECT steward.waive_guard('partitions', 'regress_guarded.event', 'the scheduler makes one a month');
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
\c - regress_maker
SET search_path = regress_guarded, public;
CREATE TABLE regress_other.mine (n integer);
ALTER TABLE regress_other.mine ADD COLUMN m integer;
ALTER TABLE regress_other.mine SET SCHEMA regress_guarded;
CREATE TABLE regress_other.child PARTITION OF other FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
DROP TABLE regress_other.mine;
DROP TABLE regress_other.mine, item;
CREATE VIEW item_view AS SELECT id FROM item;
CREATE SEQUENCE too_late;
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
ALTER TABLE event DETACH PARTITION event_1;
ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
ALTER TABLE event ADD COLUMN x integer;
DROP TABLE event_1, item;
DROP TABLE event_1;
CREATE TABLE other_1 PARTITION OF other FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
SELECT count(*) FROM regress_record;
\c - :owner
SELECT kind, name, reason, until IS NULL AS for_good, created_by = :'owner' AS mine FROM steward.guard_waiver ORDER BY kind COLLATE "C", name COLLATE "C";
SELECT steward.end_guard_waiver('command', 'create view');
SELECT steward.end_guard_waiver('command', 'create view');
SELECT reason, until <= now() AS ended, ended_by = :'owner' AS by_me FROM steward.guard_waiver WHERE kind = 'command';

-- Without a ledger nothing can be let through on the record; the warning says that there is none.
SET client_min_messages = error;
BEGIN;
ALTER TABLE steward.ledger RENAME TO elsewhere;
SET LOCAL client_min_messages = warning;
COMMIT;
CREATE TABLE regress_guarded.unrecorded ();
BEGIN;
SET LOCAL steward.break_glass = 'no record of this';
CREATE TABLE regress_guarded.refused ();
COMMIT;
SET steward.guard = off;
ALTER TABLE steward.elsewhere RENAME TO ledger;
SET steward.guard = warn;

-- DROP EXTENSION is recorded although it takes the functions that record; without the extension the guard rests.
SELECT steward.record('{"action": "stamp"}') > 0 AS begun;
BEGIN;
DROP EXTENSION pg_steward;
COMMIT;
CREATE TABLE regress_guarded.unguarded ();
CREATE EXTENSION pg_steward;
SELECT seq IS NULL AS unchained, tag, objects FROM steward.unmanaged WHERE seq IS NULL;
SELECT steward.record('{"action": "stamp", "message": "the guard''s test ends"}') > 0 AS ended;
SELECT action, message FROM steward.ledger ORDER BY seq DESC LIMIT 2;
SELECT * FROM steward.verify_ledger();

-- What waits beside the chain is looked at as the ledger is, before it is taken up.
CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER trap BEFORE INSERT ON steward.unchained FOR EACH ROW EXECUTE FUNCTION trap();
SELECT steward.install_ledger();

\c :home
DROP DATABASE regression_guard;
DROP ROLE regress_maker, regress_team, regress_guest;
