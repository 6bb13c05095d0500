\set SHOW_CONTEXT never
-- An application that is strict, a person who is not, and a function that runs as its owner.
CREATE ROLE regress_app LOGIN IN ROLE steward_strict;
CREATE ROLE regress_person LOGIN;
CREATE ROLE regress_helper;
GRANT regress_helper TO regress_app;
CREATE TABLE regress_thing (n integer);
INSERT INTO regress_thing VALUES (1);
GRANT ALL ON regress_thing TO regress_app, regress_person, regress_helper;
CREATE FUNCTION regress_explains() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  line text;
BEGIN
  EXECUTE 'EXPLAIN (COSTS OFF) SELECT 1' INTO line;
  RETURN line;
END
$$;

-- The library is loaded with the session, so that no statement comes before it.
ALTER ROLE regress_app SET session_preload_libraries = 'pg_steward';
ALTER ROLE regress_person SET session_preload_libraries = 'pg_steward';

-- Everything that a strict role has no need of.
\c - regress_app
BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT 1; ROLLBACK;
EXPLAIN SELECT 1;
EXPLAIN ANALYZE SELECT * FROM regress_thing;
PREPARE p AS SELECT 1;
LISTEN something;
DROP OWNED BY regress_app;
\set VERBOSITY terse
DROP OWNED BY CURRENT_USER;
BEGIN; LOCK TABLE regress_thing; ROLLBACK;
BEGIN; LOCK TABLE regress_thing IN SHARE UPDATE EXCLUSIVE MODE; ROLLBACK;
BEGIN; LOCK TABLE regress_thing IN SHARE MODE; ROLLBACK;

-- Not by way of a function or a block of its own, nor as a role that it may become.
DO $$ DECLARE line text; BEGIN EXECUTE 'EXPLAIN SELECT 1' INTO line; END $$;
DO $$ BEGIN LOCK TABLE regress_thing; END $$;
SET ROLE regress_helper;
EXPLAIN SELECT 1;
RESET ROLE;

-- It cannot stop being strict.
\set VERBOSITY sqlstate
REVOKE steward_strict FROM regress_app;
ALTER ROLE regress_app RESET session_preload_libraries;
\set VERBOSITY terse
SET ROLE steward_strict;
EXPLAIN SELECT 1;
RESET ROLE;
EXPLAIN SELECT 1;

-- What it does need is as it was: cursors of the transaction, weaker locks, what others wrote for it.
BEGIN;
DECLARE c CURSOR FOR SELECT n FROM regress_thing;
FETCH ALL FROM c;
LOCK TABLE regress_thing IN ROW EXCLUSIVE MODE;
LOCK TABLE regress_thing IN ACCESS SHARE MODE;
ROLLBACK;
NOTIFY something;
UNLISTEN *;
SELECT regress_explains();

-- Others are not held to it, superusers least of all.
\c - regress_person
BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT 1; COMMIT;
EXPLAIN (COSTS OFF) SELECT 1;
PREPARE p AS SELECT 1;
LISTEN something;
BEGIN; LOCK TABLE regress_thing; ROLLBACK;
\c - postgres
LOAD 'pg_steward';
GRANT steward_strict TO postgres;
EXPLAIN (COSTS OFF) SELECT 1;
REVOKE steward_strict FROM postgres;
BEGIN;
SET LOCAL ROLE regress_app;
EXPLAIN (COSTS OFF) SELECT 1;
ROLLBACK;

DROP TABLE regress_thing;
DROP FUNCTION regress_explains;
DROP ROLE regress_app, regress_person, regress_helper;
