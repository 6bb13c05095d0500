\set SHOW_CONTEXT never
-- Nothing a session sets up in front of the real names misleads a step or a check.
CREATE ROLE regress_misleader;
GRANT CREATE, TEMPORARY ON DATABASE :DBNAME TO regress_misleader;
CREATE SCHEMA regress_trap AUTHORIZATION regress_misleader;
SET ROLE regress_misleader;
CREATE FUNCTION regress_trap.sprung(anyelement) RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the trap was sprung by %', current_user; END $$;
CREATE FUNCTION regress_trap.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trap'; END $$;
CREATE FUNCTION regress_trap.arrow(jsonb, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trap'; END $$;
CREATE FUNCTION regress_trap.contains(anyarray, anyarray) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trap'; END $$;
CREATE OPERATOR regress_trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = regress_trap.eq);
CREATE OPERATOR regress_trap.->> (LEFTARG = jsonb, RIGHTARG = text, FUNCTION = regress_trap.arrow);
CREATE OPERATOR regress_trap.@> (LEFTARG = anyarray, RIGHTARG = anyarray, FUNCTION = regress_trap.contains);
CREATE FUNCTION regress_trap.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT 'forged'::bytea $$;
CREATE FUNCTION regress_trap.to_jsonb(anyelement) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$;
CREATE FUNCTION regress_trap.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2000-01-01'::timestamptz $$;
CREATE FUNCTION regress_trap.pg_try_advisory_xact_lock(bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE FUNCTION regress_trap.has_function_privilege(name, text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE TABLE regress_trap.ledger (seq bigint, revision text, heads text[], hash bytea);
CREATE TABLE regress_trap.revision (revision text);
GRANT ALL ON ALL TABLES IN SCHEMA regress_trap TO PUBLIC;
GRANT USAGE ON SCHEMA regress_trap TO PUBLIC;
RESET ROLE;

CREATE TEMPORARY TABLE ledger (LIKE steward.ledger);
CREATE TEMPORARY TABLE revision (revision text);
SET search_path = regress_trap, pg_temp, pg_catalog, public;

BEGIN;
SELECT steward.begin_step('{"revision": "t1", "direction": "upgrade"}') IS NOT NULL AS begun;
CREATE TABLE public.regress_real ();
SELECT seq IS NOT NULL AS ended FROM steward.end_step();
COMMIT;
SELECT steward.record('{"action": "failed", "revision": "t2"}') IS NOT NULL AS recorded;
SELECT count(*) FROM steward.verify_ledger();
SELECT count(*) FROM steward.verify_ledger(steward.anchor());
RESET search_path;
SELECT (SELECT count(*) FROM pg_temp.ledger) AS in_temp, (SELECT count(*) FROM regress_trap.ledger) AS in_trap,
       (SELECT count(*) FROM steward.ledger WHERE revision IN ('t1', 't2')) AS in_ledger;

-- A stranger's search path lets him in no further.
SET SESSION AUTHORIZATION regress_misleader;
SET search_path = regress_trap, pg_temp, pg_catalog;
BEGIN;
SELECT steward.begin_step('{"revision": "t3", "direction": "upgrade"}');
ROLLBACK;
RESET SESSION AUTHORIZATION;
RESET search_path;

-- A revision that changes role and search_path is recorded all the same, as what it was when it began.
CREATE ROLE regress_powerless;
BEGIN;
SELECT steward.begin_step('{"revision": "t4", "direction": "upgrade"}') IS NOT NULL AS begun;
SET ROLE regress_powerless;
SET search_path = '';
SELECT seq IS NOT NULL AS ended FROM steward.end_step();
COMMIT;
RESET ROLE;
RESET search_path;
SELECT session_role = session_user AS session_known, acting_role = session_user AS actor_known
FROM steward.ledger WHERE revision = 't4';

-- What a caller says of things that the server knows counts for nothing.
SELECT steward.record('{"action": "failed", "revision": "t5", "seq": 1, "hash": "\\x00", "session_role": "somebody", "client_addr": "1.2.3.4",
  "system_identifier": 1, "started_at": "2000-01-01", "heads": ["forged"], "transaction": "3"}') IS NOT NULL AS recorded;
SELECT session_role = session_user AS session_known, client_addr, heads @> '{forged}' AS forged_heads,
       started_at > '2001-01-01' AS real_time, transaction::text = '3' AS forged_transaction
FROM steward.ledger WHERE revision = 't5';
SELECT count(*) FROM steward.verify_ledger();

-- A ledger that is not one is not taken up.
SET client_min_messages = warning;
BEGIN;
DROP EXTENSION pg_steward CASCADE;
ALTER TABLE steward.ledger ALTER COLUMN message SET DEFAULT 'x';
SAVEPOINT before;
CREATE EXTENSION pg_steward;
ROLLBACK TO before;
ALTER TABLE steward.ledger ALTER COLUMN message DROP DEFAULT;
ALTER TABLE steward.ledger DISABLE TRIGGER refuse_change;
SAVEPOINT before;
CREATE EXTENSION pg_steward;
ROLLBACK TO before;
ALTER TABLE steward.ledger ENABLE ALWAYS TRIGGER refuse_change;
CREATE RULE quiet AS ON INSERT TO steward.ledger DO INSTEAD NOTHING;
SAVEPOINT before;
CREATE EXTENSION pg_steward;
ROLLBACK TO before;
DROP RULE quiet ON steward.ledger;
ALTER TABLE steward.ledger ADD COLUMN extra text;
SAVEPOINT before;
CREATE EXTENSION pg_steward;
ROLLBACK TO before;
ROLLBACK;
RESET client_min_messages;
DROP TABLE public.regress_real;
SET client_min_messages = warning;
DROP SCHEMA regress_trap CASCADE;
RESET client_min_messages;
DROP OWNED BY regress_misleader;
DROP ROLE regress_misleader, regress_powerless;
