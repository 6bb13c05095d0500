\set SHOW_CONTEXT never
-- Two owners' rows behind a policy, and an application that may say whom it acts for.
CREATE ROLE regress_app LOGIN;
CREATE TABLE regress_note (id integer PRIMARY KEY, owner text NOT NULL, body text);
INSERT INTO regress_note SELECT n, CASE WHEN n % 5 < 2 THEN 'alice' ELSE 'bob' END, 'x' FROM generate_series(1, 5) AS n;
ALTER TABLE regress_note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON regress_note USING (owner = (SELECT steward.identity()));
CREATE FUNCTION regress_with_setting() RETURNS text LANGUAGE sql SET steward.identity = 'bob' AS 'SELECT steward.identity()';
CREATE SEQUENCE regress_number;
GRANT ALL ON regress_note, regress_number TO regress_app;
GRANT CREATE ON SCHEMA public TO regress_app;

-- Who may say whom it acts for: nobody who was not let in.
\c - regress_app
BEGIN; SELECT steward.act_as('alice'); ROLLBACK;
SELECT steward.grant_identity('regress_app');
BEGIN; SELECT steward.prove_as('alice'); ROLLBACK;
\c - postgres
SELECT steward.grant_identity('regress_app');
\c - regress_app

-- Nobody said: NULL, which reaches no row and writes none.
SELECT steward.identity() IS NULL AS text, steward.identity_uuid() IS NULL AS uuid, steward.identity_bigint() IS NULL AS bigint,
       steward.acting_as_admin() AS admin;
SELECT count(*) FROM regress_note;
INSERT INTO regress_note VALUES (9, 'alice', 'x');

-- Once said, it holds for the transaction; the same again is nothing new, another is refused.
BEGIN;
SELECT steward.act_as('alice');
SELECT steward.identity(), count(*) FROM regress_note;
SELECT steward.act_as('alice');
SAVEPOINT one;
SELECT steward.act_as('bob');
ROLLBACK TO one;
SELECT steward.identity(), count(*) FROM regress_note;
COMMIT;
SELECT count(*) FROM regress_note;

-- What is no identity.
BEGIN; SELECT steward.act_as(NULL); ROLLBACK;
BEGIN; SELECT steward.act_as(''); ROLLBACK;
BEGIN; SELECT steward.act_as(repeat('x', 256)); ROLLBACK;
BEGIN; SELECT steward.act_as(repeat('x', 255)); SELECT length(steward.identity()); ROLLBACK;

-- The typed twins: canonical forms, and an error for what is not of that type.
BEGIN;
SELECT steward.act_as('3F2504E0-4F89-41D3-9A0C-0305E82C3301');
SELECT steward.identity_uuid(), steward.identity();
SELECT steward.identity_bigint();
ROLLBACK;
BEGIN; SELECT steward.act_as('{3f2504e0-4f89-41d3-9a0c-0305e82c3301}'); SELECT steward.identity_uuid(); ROLLBACK;
BEGIN; SELECT steward.act_as('3f2504e0-4f89-41d3-9a0c-0305e82c330g'); SELECT steward.identity_uuid(); ROLLBACK;
BEGIN; SELECT steward.act_as('-9223372036854775808'); SELECT steward.identity_bigint(); ROLLBACK;
BEGIN; SELECT steward.act_as('0'); SELECT steward.identity_bigint(); ROLLBACK;
\set VERBOSITY terse
BEGIN; SELECT steward.act_as('9223372036854775808'); SELECT steward.identity_bigint(); ROLLBACK;
BEGIN; SELECT steward.act_as('007'); SELECT steward.identity_bigint(); ROLLBACK;
BEGIN; SELECT steward.act_as('+7'); SELECT steward.identity_bigint(); ROLLBACK;
BEGIN; SELECT steward.act_as('-0'); SELECT steward.identity_bigint(); ROLLBACK;
BEGIN; SELECT steward.act_as('7 '); SELECT steward.identity_bigint(); ROLLBACK;
BEGIN; SELECT steward.act_as('alice'); SELECT steward.identity_bigint(); ROLLBACK;

-- A savepoint cannot take it back, neither can one that was made before it.
BEGIN;
SAVEPOINT before_it;
SELECT steward.act_as('alice');
ROLLBACK TO before_it;
SELECT steward.identity();
SELECT steward.act_as('bob');
ROLLBACK;

-- No setting is behind it: SET, set_config, RESET, DISCARD, a function's SET clause.
BEGIN;
SELECT steward.act_as('alice');
SET LOCAL steward.identity = 'bob';
SET steward.user_id = 'bob';
SELECT set_config('steward.identity', 'bob', true), set_config('request.jwt.claims', '{"sub": "bob"}', false);
RESET ALL;
RESET SESSION AUTHORIZATION;
DISCARD PLANS;
DISCARD SEQUENCES;
DISCARD TEMP;
SELECT steward.identity(), regress_with_setting(), count(*) FROM regress_note;
SAVEPOINT one;
DISCARD ALL;
ROLLBACK TO one;
SELECT steward.identity(), count(*) FROM regress_note;
ROLLBACK;

-- A function that runs as somebody else, a block that catches errors and dynamic SQL do not change it either.
\c - postgres
CREATE FUNCTION regress_definer(who text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  BEGIN
    PERFORM steward.act_as(who);
  EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused, still ' || steward.identity();
  END;
  RETURN steward.identity();
END
$$;
\c - regress_app
BEGIN;
SELECT steward.act_as('alice');
SELECT regress_definer('bob');
SELECT regress_definer('alice');
DO $$ BEGIN EXECUTE 'SELECT steward.act_as(''bob'')'; EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'refused, %', steward.identity(); END $$;
ROLLBACK;

-- COMMIT AND CHAIN, ROLLBACK AND CHAIN and an error's end begin without it.
BEGIN;
SELECT steward.act_as('alice');
COMMIT AND CHAIN;
SELECT steward.identity() IS NULL AS nobody, count(*) FROM regress_note;
SELECT steward.act_as('bob');
ROLLBACK AND CHAIN;
SELECT steward.identity() IS NULL AS nobody, count(*) FROM regress_note;
SELECT steward.act_as('bob');
SELECT 1 / 0;
COMMIT;
SELECT steward.identity() IS NULL AS nobody, count(*) FROM regress_note;

-- COMMIT inside a procedure: what follows acts for nobody, and may act for another; no row is read as both.
CREATE PROCEDURE regress_walk() LANGUAGE plpgsql AS $$
DECLARE
  who text;
BEGIN
  FOREACH who IN ARRAY ARRAY['alice', 'bob'] LOOP
    PERFORM steward.act_as(who);
    RAISE NOTICE '% reads %', steward.identity(), (SELECT array_agg(id ORDER BY id) FROM regress_note);
    COMMIT;
    RAISE NOTICE 'after COMMIT: % reads %', coalesce(steward.identity(), 'nobody'), (SELECT array_agg(id) FROM regress_note);
  END LOOP;
END
$$;
CALL regress_walk();

-- PREPARE TRANSACTION: gone with it.
BEGIN;
SELECT steward.act_as('alice');
INSERT INTO regress_note VALUES (10, 'alice', 'prepared');
PREPARE TRANSACTION 'regress_identity';
SELECT steward.identity() IS NULL AS nobody, count(*) FROM regress_note;
COMMIT PREPARED 'regress_identity';
BEGIN; SELECT steward.act_as('alice'); DELETE FROM regress_note WHERE id = 10 RETURNING body; COMMIT;

-- Cursors read what their transaction may read; one WITH HOLD does not outlive the identity.
BEGIN;
SELECT steward.act_as('alice');
DECLARE plain CURSOR FOR SELECT id FROM regress_note ORDER BY id;
DECLARE held CURSOR WITH HOLD FOR SELECT id FROM regress_note ORDER BY id;
FETCH 1 FROM held;
\set VERBOSITY default
COMMIT;
\set VERBOSITY terse
FETCH ALL FROM held;
SELECT count(*) FROM pg_cursors;

-- What somebody left without an identity is gone when the next one says who it is: cursors, sequence values.
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT 'left' AS by_another;
COMMIT;
SELECT nextval('regress_number'), lastval();
BEGIN;
SELECT steward.act_as('bob');
FETCH ALL FROM held;
ROLLBACK;
SELECT count(*) FROM pg_cursors;
SELECT lastval();
BEGIN; SELECT steward.act_as('bob'); SELECT nextval('regress_number') > 0 AS drawn, lastval() > 0 AS known; COMMIT;
SELECT lastval();
SELECT currval('regress_number');

-- A cursor of this very transaction, and the loop of a procedure that commits as it goes, are nobody else's.
BEGIN;
DECLARE mine CURSOR FOR SELECT 'mine';
SELECT steward.act_as('bob');
FETCH ALL FROM mine;
COMMIT;
CREATE PROCEDURE regress_loop() LANGUAGE plpgsql AS $$
DECLARE
  who text;
BEGIN
  FOR who IN SELECT * FROM unnest(ARRAY['alice', 'bob']) LOOP
    PERFORM steward.act_as(who);
    RAISE NOTICE '% reads % rows', steward.identity(), (SELECT count(*) FROM regress_note);
    COMMIT;
  END LOOP;
END
$$;
CALL regress_loop();

-- Prepared plans, generic and custom, read as whom they are executed for.
PREPARE regress_read AS SELECT steward.identity(), array_agg(id ORDER BY id) FROM regress_note;
SET plan_cache_mode = force_generic_plan;
BEGIN; SELECT steward.act_as('alice'); EXECUTE regress_read; COMMIT;
BEGIN; SELECT steward.act_as('bob'); EXECUTE regress_read; COMMIT;
EXECUTE regress_read;
SELECT generic_plans > 0 AS generic FROM pg_prepared_statements WHERE name = 'regress_read';
SET plan_cache_mode = force_custom_plan;
BEGIN; SELECT steward.act_as('alice'); EXECUTE regress_read; COMMIT;
BEGIN; SELECT steward.act_as('bob'); EXECUTE regress_read; COMMIT;
EXECUTE regress_read;
RESET plan_cache_mode;
DEALLOCATE regress_read;

-- Parallel plans are kept, the leader says whose rows the workers read.
CREATE FUNCTION regress_plan_has(query text, word text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    IF line LIKE '%' || word || '%' THEN RETURN true; END IF;
  END LOOP;
  RETURN false;
END
$$;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
BEGIN;
SELECT steward.act_as('bob');
SELECT regress_plan_has('SELECT count(*) FROM regress_note', 'Parallel Seq Scan') AS parallel;
SELECT count(*) FROM regress_note;
COMMIT;
SELECT set_config(name, 'on', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
BEGIN;
SELECT steward.act_as('alice');
SELECT count(*) FROM regress_note;
SELECT steward.identity();
COMMIT;
SELECT count(*) FROM regress_note;
-- Somebody's function that says it is safe in a worker finds nobody there: no row (alice's, when
-- no worker is to be had and the leader does it), but never another's.
CREATE FUNCTION regress_safe() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS 'BEGIN RETURN steward.identity(); END';
SET parallel_leader_participation = off;
BEGIN;
SELECT steward.act_as('alice');
SELECT count(*) IN (0, 2) AS never_anothers FROM regress_note WHERE owner = regress_safe();
COMMIT;
RESET ALL;

-- Deferred triggers run before it ends.
CREATE TABLE regress_seen (who text);
CREATE FUNCTION regress_note_who() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO regress_seen VALUES (steward.identity()); RETURN NULL; END $$;
CREATE TABLE regress_event (n integer);
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON regress_event DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION regress_note_who();
BEGIN; SELECT steward.act_as('alice'); INSERT INTO regress_event VALUES (1); COMMIT;
SELECT who FROM regress_seen;

-- Outside of a transaction block it lasts for the message; alone in it, it does nothing, and says so.
\set VERBOSITY default
SELECT steward.act_as('alice');
\set VERBOSITY terse
SELECT count(*) FROM regress_note;
SELECT steward.act_as('alice')\; SELECT count(*) FROM regress_note;
SELECT count(*) FROM regress_note;
DO $$ BEGIN PERFORM steward.act_as('bob'); RAISE NOTICE '% rows', (SELECT count(*) FROM regress_note); END $$;

-- A role of another's, or its own again, changes nothing.
\c - postgres
BEGIN;
SET LOCAL ROLE regress_app;
SELECT steward.act_as('alice');
RESET ROLE;
SET LOCAL SESSION AUTHORIZATION regress_app;
SELECT steward.identity(), count(*) FROM regress_note;
ROLLBACK;

-- Proofs: another identity for one subtransaction, whichever way it ends, and the one before after it.
BEGIN;
SELECT steward.prove_as('bob');
ROLLBACK;
BEGIN;
SELECT steward.act_as('alice');
SAVEPOINT one;
SELECT steward.prove_as('bob');
SELECT steward.identity();
SAVEPOINT two;
SELECT steward.prove_as(NULL);
SELECT steward.identity() IS NULL AS nobody;
SELECT steward.act_as('carol');
ROLLBACK TO two;
SELECT steward.identity();
RELEASE SAVEPOINT one;
SELECT steward.identity();
SELECT steward.act_as('bob');
ROLLBACK;

\c - postgres
DROP OWNED BY regress_app;
DROP TABLE regress_note;
DROP SEQUENCE regress_number;
DROP FUNCTION regress_definer, regress_with_setting;
DROP ROLE regress_app;
