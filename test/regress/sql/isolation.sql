\set SHOW_CONTEXT never
\set VERBOSITY terse
-- What the view says of the objects of this test; the server's own superusers and releases differ from place to place.
CREATE ROLE regress_app LOGIN;
CREATE ROLE regress_owner;
CREATE SCHEMA house AUTHORIZATION regress_owner;
GRANT USAGE ON SCHEMA house TO regress_app;
CREATE VIEW pg_temp.report AS
SELECT severity, relation, state, problem, object FROM steward.isolation
WHERE relation::text LIKE 'house.%' OR object LIKE 'regress%' OR object LIKE 'house%' OR problem IN ('default_privileges', 'publication', 'other_sessions');

-- A table that everybody may use says so; once isolated there is nothing to say.
SET ROLE regress_owner;
CREATE TABLE house.room (id uuid PRIMARY KEY, name text);
CREATE TABLE house.attic (id uuid PRIMARY KEY, user_id uuid);
CREATE TABLE house.cellar (id uuid PRIMARY KEY);
GRANT SELECT ON house.room, house.attic TO regress_app;
RESET ROLE;
SELECT * FROM pg_temp.report;
SET ROLE regress_owner;
SELECT count(*) > 1 AS done FROM steward.isolate('house.room', roles => '{regress_app}');
RESET ROLE;
SELECT * FROM pg_temp.report;
GRANT steward_strict TO regress_app;
SET ROLE regress_owner;
SELECT count(*) > 1 AS done FROM steward.isolate('house.attic', roles => '{regress_app}');
RESET ROLE;
SELECT * FROM pg_temp.report;

-- First of all: logins that row security does not bind, however they got there.
BEGIN;
CREATE ROLE regress_super SUPERUSER LOGIN;
CREATE ROLE "regress Bypass" BYPASSRLS LOGIN;
CREATE ROLE regress_bypassing BYPASSRLS;
CREATE ROLE regress_through LOGIN IN ROLE regress_bypassing;
CREATE ROLE regress_owning LOGIN NOINHERIT IN ROLE regress_owner;
CREATE ROLE regress_stream LOGIN REPLICATION;
CREATE ROLE regress_files LOGIN IN ROLE pg_read_server_files;
SELECT severity, relation, problem, object, message FROM steward.isolation WHERE object LIKE 'regress%';
SELECT object, hint FROM steward.isolation WHERE object IN ('regress Bypass', 'regress_through') ORDER BY object;
SELECT steward.grant_prover('regress_app');
SELECT severity, problem FROM steward.isolation WHERE object = 'regress_app';
SELECT problem LIKE 'login%' AS logins_come_first FROM steward.isolation LIMIT 1;
ROLLBACK;

-- A policy that was dropped, changed or joined by another; row security turned off, not forced.
BEGIN;
DROP POLICY steward_floor ON house.room;
ALTER TABLE house.room NO FORCE ROW LEVEL SECURITY;
CREATE POLICY all_of_it ON house.room USING (true);
CREATE POLICY app_only ON house.room AS RESTRICTIVE TO regress_app USING (true);
ALTER TABLE house.attic DISABLE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.report;
ROLLBACK;

-- A check that was weakened alone shows too; our policies made anew do not.
BEGIN;
ALTER POLICY steward_floor ON house.room WITH CHECK (true);
ALTER POLICY steward_allow ON house.room WITH CHECK (true);
SELECT * FROM pg_temp.report WHERE relation = 'house.room'::regclass;
SELECT count(*) > 1 AS done FROM steward.isolate('house.room', roles => '{regress_app}');
SELECT * FROM pg_temp.report WHERE relation = 'house.room'::regclass;
ROLLBACK;

-- Policies of another hand, and what they overlook. A near miss is not blamed.
BEGIN;
CREATE TABLE house.hand (id uuid PRIMARY KEY, user_id uuid);
ALTER TABLE house.hand ENABLE ROW LEVEL SECURITY;
ALTER TABLE house.hand FORCE ROW LEVEL SECURITY;
CREATE POLICY good ON house.hand USING (user_id = (SELECT steward.identity_uuid()));
SELECT * FROM pg_temp.report WHERE relation = 'house.hand'::regclass;
CREATE FUNCTION house.me() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT NULL::uuid $$;
CREATE POLICY weak_check ON house.hand USING (user_id = (SELECT steward.identity_uuid())) WITH CHECK (true);
CREATE POLICY null_passes ON house.hand USING (user_id IS NULL OR user_id = (SELECT steward.identity_uuid()));
CREATE POLICY not_distinct ON house.hand USING (user_id IS NOT DISTINCT FROM (SELECT steward.identity_uuid()));
CREATE POLICY forged ON house.hand USING (user_id = current_setting('app.user_id')::uuid);
CREATE POLICY folded ON house.hand USING (user_id = house.me());
SELECT * FROM pg_temp.report WHERE relation = 'house.hand'::regclass;
ROLLBACK;

-- Children that came later; keys that tell; columns without index or NOT NULL; foreign keys without the owner.
BEGIN;
CREATE TABLE house.event (id uuid, at date, user_id uuid) PARTITION BY RANGE (at);
CREATE TABLE house.event_1 PARTITION OF house.event DEFAULT;
SELECT count(*) > 1 AS done FROM steward.isolate('house.event', roles => '{regress_app}');
CREATE TABLE house.event_2 PARTITION OF house.event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE house.room ADD COLUMN code text UNIQUE, ADD COLUMN number integer, ADD COLUMN of_attic uuid REFERENCES house.attic;
CREATE UNIQUE INDEX room_owner_number ON house.room (user_id, number);
ALTER TABLE house.attic ALTER COLUMN user_id DROP NOT NULL;
DROP INDEX house.attic_user_id_idx;
CREATE TABLE house.person (id uuid PRIMARY KEY);
SELECT count(*) > 1 AS done FROM steward.isolate('house.person', 'id');
ALTER TABLE house.room ADD COLUMN guest uuid REFERENCES house.person;
CREATE TABLE house.box (id integer PRIMARY KEY, attic_id uuid REFERENCES house.attic);
GRANT INSERT ON house.box TO regress_app;
SELECT * FROM pg_temp.report;
SELECT count(*) > 1 AS done FROM steward.isolate('house.event', roles => '{regress_app}');
SELECT count(*) > 1 AS done FROM steward.isolate('house.room');
SELECT count(*) > 1 AS done FROM steward.isolate('house.attic');
SELECT count(*) > 1 AS done FROM steward.isolate('house.box', through => 'house.attic', roles => '{regress_app}');
SELECT * FROM pg_temp.report;
ROLLBACK;

-- Ways around: views and functions of whom row security does not bind, materialized views, rules, publications.
BEGIN;
CREATE VIEW house.open_view AS SELECT * FROM house.room;
CREATE ROLE "regress Odd" BYPASSRLS;
GRANT CREATE, USAGE ON SCHEMA house TO "regress Odd";
CREATE VIEW house.odd_view AS SELECT * FROM house.attic;
ALTER VIEW house.odd_view OWNER TO "regress Odd";
GRANT SELECT ON house.odd_view TO regress_app;
CREATE VIEW house.view_of_view AS SELECT * FROM house.open_view;
CREATE VIEW house.good_view WITH (security_invoker = true) AS SELECT * FROM house.room;
CREATE VIEW house.bound_view AS SELECT * FROM house.room;
ALTER VIEW house.bound_view OWNER TO regress_owner;
CREATE MATERIALIZED VIEW house.kept AS SELECT * FROM house.room;
GRANT SELECT ON house.open_view, house.kept, house.good_view, house.bound_view TO regress_app;
CREATE FUNCTION house.count_rooms() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM house.room';
CREATE FUNCTION house.count_parsed() RETURNS bigint LANGUAGE sql SECURITY DEFINER RETURN (SELECT count(*) FROM house.attic);
CREATE FUNCTION house.count_nothing() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 0::bigint';
CREATE FUNCTION house.closed() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM house.room';
REVOKE EXECUTE ON FUNCTION house.closed() FROM PUBLIC;
CREATE RULE log_it AS ON INSERT TO house.attic DO ALSO NOTHING;
SET LOCAL client_min_messages = error;
CREATE PUBLICATION regress_pub FOR TABLE house.room;
RESET client_min_messages;
SELECT * FROM pg_temp.report;
ROLLBACK;

-- Privileges that row security does not govern, and grants that new tables would get.
BEGIN;
CREATE TABLE house.numbered (id serial PRIMARY KEY, user_id uuid);
SELECT count(*) > 1 AS done FROM steward.isolate('house.numbered', roles => '{regress_app}');
GRANT TRUNCATE ON house.room TO regress_app;
GRANT REFERENCES, TRIGGER ON house.attic TO PUBLIC;
GRANT SELECT ON SEQUENCE house.numbered_id_seq TO regress_app;
GRANT CREATE ON SCHEMA house TO regress_app;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner IN SCHEMA house GRANT SELECT ON TABLES TO regress_app;
SELECT * FROM pg_temp.report;
ROLLBACK;

-- A membership table that members could write, or their role cannot read.
BEGIN;
CREATE TABLE house.flat (flat_id uuid, user_id uuid, PRIMARY KEY (flat_id, user_id));
CREATE TABLE house.letter (id uuid PRIMARY KEY, flat_id uuid NOT NULL);
SELECT count(*) > 1 AS done FROM steward.isolate('house.letter', 'flat_id', members => 'house.flat', roles => '{regress_app}');
SELECT * FROM pg_temp.report WHERE relation::text ~ 'flat|letter';
GRANT SELECT, INSERT ON house.flat TO regress_app;
SELECT * FROM pg_temp.report WHERE relation::text ~ 'flat|letter';
SELECT count(*) > 1 AS done FROM steward.isolate('house.flat', writers => 'nobody', roles => '{regress_app}');
SELECT * FROM pg_temp.report WHERE relation::text ~ 'flat|letter';
ROLLBACK;

-- An isolation of several sections that stopped half-way is an error until it is finished.
BEGIN;
CREATE TABLE house.half (id uuid PRIMARY KEY);
CREATE TEMPORARY TABLE plan ON COMMIT DROP AS SELECT * FROM steward.isolate('house.half', online => true, dry_run => true);
\set ECHO none
\o /dev/null
SELECT statement FROM plan WHERE section = 1 ORDER BY n \gexec
\o
\set ECHO all
SELECT severity, problem FROM steward.isolation WHERE relation = 'house.half'::regclass AND problem = 'unfinished';
ROLLBACK;

-- Everybody may look; it shows catalogs only.
SET ROLE regress_app;
SELECT count(*) > 0 AS readable FROM steward.isolation;
RESET ROLE;

SET client_min_messages = warning;
DROP VIEW pg_temp.report;
DROP SCHEMA house CASCADE;
DROP ROLE regress_app, regress_owner;
