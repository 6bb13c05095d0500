\i test/regress/support/rules.sql

-- rls-disabled: switched on alone it would shut everybody out, so only where there are policies it is a fix
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE bare (user_id int); CREATE TABLE planned (user_id int); CREATE POLICY own ON planned USING (user_id = 1);
CREATE TABLE good (user_id int); ALTER TABLE good ENABLE ROW LEVEL SECURITY; CREATE TABLE shared (n int); CREATE TABLE listed (user_id int);
SELECT * FROM pg_temp.check_rule('rls-disabled', '{"shared_tables": ["listed"]}');
ROLLBACK;

-- rls-not-forced
BEGIN; CREATE SCHEMA h; CREATE ROLE regress_owner; SET LOCAL search_path = h;
CREATE TABLE passed (n int); ALTER TABLE passed ENABLE ROW LEVEL SECURITY; ALTER TABLE passed OWNER TO regress_owner;
CREATE TABLE good (n int); ALTER TABLE good ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.check_rule('rls-not-forced');
ROLLBACK;

-- rls-enabled-no-policy
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE shut (n int); ALTER TABLE shut ENABLE ROW LEVEL SECURITY; CREATE TABLE good (n int); ALTER TABLE good ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON good USING (n > 0);
SELECT * FROM pg_temp.check_rule('rls-enabled-no-policy');
ROLLBACK;

-- policy-without-rls
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE idle (n int); CREATE POLICY b ON idle USING (n > 0); CREATE POLICY a ON idle USING (n < 9);
CREATE TABLE good (n int); CREATE POLICY p ON good USING (n > 0); ALTER TABLE good ENABLE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.check_rule('policy-without-rls');
ROLLBACK;

-- policy-always-true: reading may be meant so, and a restrictive policy keeps the gate
BEGIN; CREATE SCHEMA h; CREATE ROLE regress_app; SET LOCAL search_path = h;
CREATE TABLE t (n int); CREATE POLICY everything ON t USING (true); CREATE POLICY reading ON t FOR SELECT USING (true);
CREATE POLICY adding ON t FOR INSERT TO regress_app WITH CHECK (true); CREATE POLICY changing ON t FOR UPDATE USING (n > 0) WITH CHECK (true); CREATE POLICY careful ON t FOR UPDATE USING (true) WITH CHECK (n > 0);
CREATE TABLE gated (n int); CREATE POLICY everything ON gated USING (true); CREATE POLICY gate ON gated AS RESTRICTIVE USING (n > 0);
SELECT * FROM pg_temp.check_rule('policy-always-true');
ROLLBACK;

-- policy-per-row-function: inside a sub-select it is called once, whatever it is called there, and whatever is cast
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE FUNCTION me() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION may_see(n int) RETURNS boolean STABLE LANGUAGE sql AS 'SELECT n > 0';
CREATE TABLE t (n int, m text);
CREATE POLICY per_row ON t USING (n = me()); CREATE POLICY per_row_cast ON t USING (m = current_setting('app.user', true)::text) WITH CHECK (n = (SELECT me()));
CREATE POLICY once ON t USING (n = (SELECT me())); CREATE POLICY once_cast ON t USING (n = (SELECT current_setting('app.user')::int AS current_setting));
CREATE POLICY once_with_alias ON t USING (n = (SELECT x.id FROM (SELECT me() AS id) AS x)); CREATE POLICY braces ON t USING (n = (SELECT me() AS "{FUNCEXPR }"));
CREATE POLICY of_the_row ON t USING (may_see(n)); CREATE POLICY immutable ON t USING (lower(m) = 'x'); CREATE POLICY mixed ON t USING (n = (SELECT me()) OR n = me() + 1);
SELECT * FROM pg_temp.check_rule('policy-per-row-function');
ROLLBACK;

-- policy-multiple-permissive
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h; CREATE ROLE regress_app;
CREATE TABLE several (n int); CREATE POLICY a ON several USING (n > 0); CREATE POLICY b ON several FOR SELECT USING (n < 9);
CREATE TABLE apart (n int); CREATE POLICY a ON apart FOR SELECT USING (n > 0); CREATE POLICY b ON apart FOR UPDATE USING (n < 9); CREATE POLICY c ON apart FOR SELECT TO regress_app USING (n > 0);
CREATE TABLE gated (n int); CREATE POLICY a ON gated USING (n > 0); CREATE POLICY b ON gated AS RESTRICTIVE USING (n < 9);
SELECT * FROM pg_temp.check_rule('policy-multiple-permissive');
ROLLBACK;

-- policy-column-unindexed
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE bare (user_id int, open boolean); CREATE POLICY own ON bare USING (user_id = 1 OR open);
CREATE TABLE indexed (user_id int, n int); CREATE POLICY own ON indexed USING (user_id = 1); CREATE INDEX ON indexed (user_id, n);
CREATE TABLE flags (open boolean); CREATE POLICY open ON flags USING (open);
SELECT * FROM pg_temp.check_rule('policy-column-unindexed');
ROLLBACK;

-- policy-incomplete-commands
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE half (n int); CREATE POLICY r ON half FOR SELECT USING (n > 0); CREATE POLICY w ON half FOR UPDATE USING (n > 0);
CREATE TABLE whole (n int); CREATE POLICY r ON whole FOR SELECT USING (n > 0); CREATE POLICY w ON whole USING (n > 0); CREATE TABLE written (n int); CREATE POLICY a ON written FOR INSERT WITH CHECK (n > 0);
SELECT * FROM pg_temp.check_rule('policy-incomplete-commands');
ROLLBACK;

-- policy-uses-user-editable-claim
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (org text); CREATE POLICY bad ON t USING (org = current_setting('jwt')::jsonb -> 'user_metadata' ->> 'org'); CREATE POLICY good ON t USING (org = current_setting('jwt')::jsonb -> 'app_metadata' ->> 'org');
SELECT * FROM pg_temp.check_rule('policy-uses-user-editable-claim');
ROLLBACK;

-- view-bypasses-rls: through other views, too
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (n int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE TABLE open (n int);
CREATE VIEW past AS SELECT n FROM t; CREATE VIEW over AS SELECT n FROM past; CREATE VIEW invoker WITH (security_invoker = true) AS SELECT n FROM t; CREATE VIEW harmless AS SELECT n FROM open;
SELECT * FROM pg_temp.check_rule('view-bypasses-rls');
ROLLBACK;

-- matview-exposed
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h; CREATE ROLE regress_app;
CREATE TABLE t (n int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE MATERIALIZED VIEW exposed AS SELECT n FROM t; GRANT SELECT ON exposed TO regress_app; CREATE MATERIALIZED VIEW kept AS SELECT n FROM t;
SELECT * FROM pg_temp.check_rule('matview-exposed');
ROLLBACK;

-- foreign-table-exposed
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER away FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE exposed (user_id int) SERVER away; GRANT SELECT ON exposed TO PUBLIC; CREATE FOREIGN TABLE kept (user_id int) SERVER away; CREATE FOREIGN TABLE shared (n int) SERVER away; GRANT SELECT ON shared TO PUBLIC;
SELECT * FROM pg_temp.check_rule('foreign-table-exposed');
ROLLBACK;

-- security-definer-search-path
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE FUNCTION open(n int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; CREATE PROCEDURE done() LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
CREATE FUNCTION safe() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT 1'; CREATE FUNCTION plain() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT * FROM pg_temp.check_rule('security-definer-search-path');
ROLLBACK;

-- function-search-path
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE FUNCTION plain() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION safe() RETURNS int LANGUAGE sql SET search_path = pg_catalog AS 'SELECT 1';
SELECT * FROM pg_temp.check_rule('function-search-path');
ROLLBACK;

-- security-definer-public-execute: without a grant, everybody may
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE FUNCTION open() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; CREATE FUNCTION shut() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION shut() FROM PUBLIC;
CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NEW; END';
SELECT * FROM pg_temp.check_rule('security-definer-public-execute');
ROLLBACK;

-- extension-in-public: and nothing that belongs to an extension is ever told
BEGIN; CREATE SCHEMA h;
CREATE EXTENSION hstore SCHEMA public; CREATE EXTENSION pg_trgm SCHEMA h;
SELECT * FROM pg_temp.check_rule('extension-in-public', schemas => NULL);
SELECT count(*) FROM steward.hygiene('{public,h}') WHERE rule <> 'extension-in-public';
ROLLBACK;

-- extension-outdated
BEGIN;
CREATE EXTENSION hstore SCHEMA public VERSION '1.4'; CREATE EXTENSION pg_trgm SCHEMA public;
SELECT regexp_replace(line, 'has \d.*', 'has another') FROM pg_temp.check_rule('extension-outdated', schemas => NULL) AS line;
ROLLBACK;

-- public-schema-create
BEGIN; CREATE SCHEMA open; CREATE SCHEMA shut; GRANT CREATE ON SCHEMA open TO PUBLIC; GRANT USAGE ON SCHEMA shut TO PUBLIC;
SELECT * FROM pg_temp.check_rule('public-schema-create', schemas => '{open,shut}');
ROLLBACK;

-- grant-to-public
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h; CREATE ROLE regress_app;
CREATE TABLE open (n int); GRANT SELECT, INSERT ON open TO PUBLIC; CREATE TABLE granted (n int); GRANT SELECT ON granted TO regress_app;
SELECT * FROM pg_temp.check_rule('grant-to-public');
ROLLBACK;

-- grant-widening
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h; CREATE ROLE regress_app; CREATE ROLE regress_owner;
CREATE TABLE spreading (n int); GRANT SELECT ON spreading TO regress_app WITH GRANT OPTION; CREATE TABLE granted (n int); GRANT SELECT ON granted TO regress_app;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner IN SCHEMA h GRANT SELECT ON TABLES TO PUBLIC;
SELECT * FROM pg_temp.check_rule('grant-widening');
SELECT * FROM pg_temp.check_rule('grant-widening', schemas => NULL, object => '%regress_owner%');
ROLLBACK;

-- app-role-owns-tables: as a member of the owner, too
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h; CREATE ROLE regress_app; CREATE ROLE regress_owner; CREATE ROLE regress_group; GRANT regress_group TO regress_app;
CREATE TABLE own (n int); ALTER TABLE own OWNER TO regress_app; CREATE TABLE grouped (n int); ALTER TABLE grouped OWNER TO regress_group; CREATE TABLE apart (n int); ALTER TABLE apart OWNER TO regress_owner;
SELECT * FROM pg_temp.check_rule('app-role-owns-tables', '{"application_roles": ["regress_app"]}');
SELECT count(*) FROM steward.hygiene('{h}', '{app-role-owns-tables}');
ROLLBACK;

-- role-superuser-or-bypassrls
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h; CREATE ROLE regress_app BYPASSRLS; CREATE ROLE regress_login LOGIN BYPASSRLS; CREATE ROLE regress_plain LOGIN; CREATE ROLE regress_idle BYPASSRLS;
SELECT * FROM pg_temp.check_rule('role-superuser-or-bypassrls', '{"application_roles": ["regress_app", "regress_plain"]}', NULL, 'regress%');
CREATE TABLE t (n int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.check_rule('role-superuser-or-bypassrls', '{}', NULL, 'regress%');
ROLLBACK;

-- mixed-owners
BEGIN; CREATE SCHEMA h; CREATE SCHEMA g; CREATE ROLE regress_a; CREATE ROLE regress_b;
CREATE TABLE h.a (n int); CREATE TABLE h.b (n int); CREATE TABLE h.c (n int); ALTER TABLE h.a OWNER TO regress_a; ALTER TABLE h.b OWNER TO regress_b; ALTER TABLE h.c OWNER TO regress_b; CREATE TABLE g.a (n int); CREATE TABLE g.b (n int);
SELECT * FROM pg_temp.check_rule('mixed-owners', schemas => '{h,g}');
ROLLBACK;

-- schema-owner-differs
BEGIN; CREATE ROLE regress_a; CREATE ROLE regress_b; CREATE SCHEMA h AUTHORIZATION regress_a; CREATE SCHEMA g AUTHORIZATION regress_a;
CREATE TABLE h.a (n int); CREATE TABLE g.a (n int); ALTER TABLE h.a OWNER TO regress_b; ALTER TABLE g.a OWNER TO regress_a;
SELECT * FROM pg_temp.check_rule('schema-owner-differs', schemas => '{h,g}');
ROLLBACK;

-- default-privileges-missing
BEGIN; CREATE SCHEMA h; CREATE SCHEMA g; CREATE ROLE regress_app; CREATE ROLE regress_owner;
CREATE TABLE h.a (n int); ALTER TABLE h.a OWNER TO regress_owner; GRANT SELECT ON h.a TO regress_app; CREATE TABLE g.a (n int); ALTER TABLE g.a OWNER TO regress_owner; GRANT SELECT ON g.a TO regress_app;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner IN SCHEMA g GRANT SELECT ON TABLES TO regress_app;
SELECT * FROM pg_temp.check_rule('default-privileges-missing', '{"application_roles": ["regress_app"]}', '{h,g}');
ROLLBACK;
