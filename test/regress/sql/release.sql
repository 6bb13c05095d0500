\set SHOW_CONTEXT never
\set VERBOSITY terse
CREATE ROLE regress_app;
CREATE ROLE regress_admin;
CREATE ROLE regress_table_owner;
GRANT CREATE ON DATABASE :DBNAME TO regress_table_owner;

-- Tables of many shapes.
SET ROLE regress_table_owner;
CREATE SCHEMA attic;
CREATE TABLE attic.users (id uuid PRIMARY KEY);
INSERT INTO attic.users VALUES ('00000000-0000-0000-0000-00000000000a');
CREATE TABLE attic.bare (id serial PRIMARY KEY);
CREATE TABLE attic.ready (user_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-00000000000a' REFERENCES attic.users, id integer, PRIMARY KEY (user_id, id));
CREATE TABLE attic.nullable (id integer, owner bigint DEFAULT 7);
CREATE INDEX by_owner ON attic.nullable (owner, id);
CREATE TABLE attic.guarded (id integer, user_id uuid);
ALTER TABLE attic.guarded ENABLE ROW LEVEL SECURITY;
ALTER TABLE attic.guarded FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON attic.guarded USING (user_id IS NOT NULL);
CREATE TABLE attic.granted (id integer, user_id uuid, secret text);
GRANT ALL ON attic.granted TO PUBLIC;
GRANT SELECT, INSERT, TRIGGER ON attic.granted TO regress_app WITH GRANT OPTION;
GRANT SELECT (secret), REFERENCES (id) ON attic.granted TO regress_admin;
CREATE TABLE attic.named_alike (id integer, user_id uuid);
CREATE INDEX named_alike_user_id_idx ON attic.named_alike (id);
CREATE TABLE attic.tree (id integer PRIMARY KEY, parent integer REFERENCES attic.tree ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE attic.leaf (id integer PRIMARY KEY, tree_id integer NOT NULL REFERENCES attic.tree ON DELETE CASCADE);
ALTER TABLE attic.leaf ADD CONSTRAINT late FOREIGN KEY (id) REFERENCES attic.tree NOT VALID;
CREATE TABLE attic.tag (id integer PRIMARY KEY);
CREATE TABLE attic.leaf_tag (leaf_id integer REFERENCES attic.leaf, tag_id integer REFERENCES attic.tag);
CREATE TABLE attic.event (id integer, at date, user_id uuid DEFAULT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE attic.event_a PARTITION OF attic.event DEFAULT;
CREATE TABLE attic.animal (id integer);
CREATE TABLE attic.dog (barks boolean, user_id uuid) INHERITS (attic.animal);
CREATE TABLE attic.member (team_id integer, user_id uuid);
CREATE TABLE attic.paper (id integer PRIMARY KEY, team_id integer);
CREATE TABLE attic.sheet (id integer PRIMARY KEY, paper_id integer REFERENCES attic.paper);
CREATE TABLE attic.country (code text);
CREATE TABLE attic.profile (user_id uuid);
CREATE TABLE attic."odd%s'name; --" (id integer PRIMARY KEY, "us""er" text DEFAULT 'a''%s');
RESET ROLE;

-- Everything there is to say of them: what release() must give back.
CREATE FUNCTION pg_temp.facts() RETURNS TABLE (fact text) LANGUAGE sql AS $$
  SELECT format('table %s %s %s', oid::regclass, relrowsecurity, relforcerowsecurity) FROM pg_class WHERE relnamespace = 'attic'::regnamespace
  UNION ALL
  SELECT format('privilege %s %s %s %s %s', c.oid::regclass, a.grantor::regrole, a.grantee, a.privilege_type, a.is_grantable)
  FROM pg_class AS c, aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner))) AS a
  WHERE relnamespace = 'attic'::regnamespace AND relkind IN ('r', 'p', 'S')
  UNION ALL
  SELECT format('column %s.%s %s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attacl)
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE relnamespace = 'attic'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT format('constraint %s.%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
  FROM pg_constraint WHERE connamespace = 'attic'::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x') AND conparentid = 0
  UNION ALL
  SELECT format('index %s', pg_get_indexdef(indexrelid)) FROM pg_index JOIN pg_class ON oid = indrelid WHERE relnamespace = 'attic'::regnamespace
  UNION ALL
  SELECT format('policy %s %s %s', polrelid::regclass, polname, pg_get_expr(polqual, polrelid)) FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
  WHERE relnamespace = 'attic'::regnamespace
  UNION ALL
  SELECT format('trigger %s %s', tgrelid::regclass, tgname) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = 'attic'::regnamespace AND NOT tgisinternal
  UNION ALL
  SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'attic'::regnamespace
  UNION ALL
  SELECT format('schema %s', a) FROM pg_namespace, aclexplode(nspacl) AS a WHERE nspname = 'attic' AND a.grantee <> nspowner
  UNION ALL
  SELECT format('record %s', relation) FROM steward.isolated WHERE relation::text LIKE 'attic.%'
$$;
CREATE TEMPORARY TABLE before AS SELECT * FROM pg_temp.facts();

-- All isolated, in an order that lets children follow parents.
CREATE TEMPORARY TABLE done (n serial, relation regclass);
GRANT ALL ON done, done_n_seq TO regress_table_owner;
SET ROLE regress_table_owner;
\set ECHO none
\o /dev/null
INSERT INTO done (relation) SELECT 'attic.bare'::regclass FROM steward.isolate('attic.bare', "references" => 'attic.users', roles => '{regress_app}') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.ready' FROM steward.isolate('attic.ready', "references" => 'attic.users') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.nullable' FROM steward.isolate('attic.nullable', 'owner', roles => '{regress_app}') WHERE n = 1;
ALTER TABLE attic.guarded NO FORCE ROW LEVEL SECURITY;
INSERT INTO done (relation) SELECT 'attic.guarded' FROM steward.isolate('attic.guarded') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.granted' FROM steward.isolate('attic.granted', roles => '{regress_app}') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.named_alike' FROM steward.isolate('attic.named_alike') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.tree' FROM steward.isolate('attic.tree', roles => '{regress_app}') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.leaf' FROM steward.isolate('attic.leaf', through => 'attic.tree') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.tag' FROM steward.isolate('attic.tag') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.leaf_tag' FROM steward.isolate('attic.leaf_tag', through => 'attic.leaf') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.event' FROM steward.isolate('attic.event') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.animal' FROM steward.isolate('attic.animal') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.member' FROM steward.isolate('attic.member', writers => 'nobody', roles => '{regress_app}') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.paper' FROM steward.isolate('attic.paper', 'team_id', members => 'attic.member', roles => '{regress_app}') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.sheet' FROM steward.isolate('attic.sheet', through => 'attic.paper') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.country' FROM steward.isolate('attic.country', readers => 'everyone', writers => 'nobody', roles => '{regress_app}') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic.profile' FROM steward.isolate('attic.profile', readers => 'everyone') WHERE n = 1;
INSERT INTO done (relation) SELECT 'attic."odd%s''name; --"' FROM steward.isolate('attic."odd%s''name; --"', 'us"er', roles => '{regress_app}') WHERE n = 1;
\o
\set ECHO all
RESET ROLE;
SELECT count(*) FROM done;
SELECT count(*) > 100 AS changed FROM (SELECT * FROM pg_temp.facts() EXCEPT SELECT * FROM before) AS d;
SET ROLE regress_table_owner;

-- A parent is not released before its children, a partition not by itself, and nothing by a stranger.
SELECT * FROM steward.release('attic.tree');
SELECT * FROM steward.release('attic.event_a');
SET SESSION AUTHORIZATION regress_app;
SELECT * FROM steward.release('attic.bare');
RESET SESSION AUTHORIZATION;
SET ROLE regress_table_owner;

-- What would be done can be seen without doing it.
SELECT * FROM steward.release('attic.leaf_tag', dry_run => true);
SELECT count(*) FROM steward.isolated WHERE relation = 'attic.leaf_tag'::regclass;

-- All released: not a fact is missing, not one is left.
\set ECHO none
\o /dev/null
SELECT format('SELECT * FROM steward.release(%L)', relation) FROM done ORDER BY n DESC \gexec
\o
\set ECHO all
ALTER TABLE attic.guarded FORCE ROW LEVEL SECURITY;
RESET ROLE;
SELECT 'missing' AS what, fact FROM before WHERE fact NOT IN (SELECT fact FROM pg_temp.facts())
UNION ALL SELECT 'left', fact FROM pg_temp.facts() WHERE fact NOT IN (SELECT fact FROM before);
SELECT * FROM steward.release('attic.bare');

-- What others did since stays: their policy, their privilege, their index, and a renamed table.
SET ROLE regress_table_owner;
SELECT count(*) > 1 AS done FROM steward.isolate('attic.bare', roles => '{regress_app}');
CREATE POLICY theirs ON attic.bare USING (true);
CREATE INDEX theirs ON attic.bare (id DESC);
GRANT SELECT ON attic.bare TO regress_admin;
ALTER TABLE attic.bare RENAME TO renamed;
SELECT * FROM steward.release('attic.renamed');
\d attic.renamed
RESET ROLE;
SELECT grantee::regrole, privilege_type FROM pg_class, aclexplode(relacl) WHERE oid = 'attic.renamed'::regclass AND grantee <> relowner;

-- Roles that are gone, an index that is gone, rows that came: nothing of it stands in the way.
RESET ROLE;
CREATE ROLE regress_passing;
SET ROLE regress_table_owner;
SELECT count(*) > 1 AS done FROM steward.isolate('attic.tag', roles => '{regress_passing}');
DROP INDEX attic.tag_user_id_idx;
REVOKE ALL ON attic.tag FROM regress_passing;
REVOKE USAGE ON SCHEMA attic FROM regress_passing;
RESET ROLE;
DROP ROLE regress_passing;
INSERT INTO attic.tag VALUES (1, gen_random_uuid());
SELECT problem FROM steward.isolation WHERE relation = 'attic.tag'::regclass AND severity <> 'note';
SET ROLE regress_table_owner;
SELECT statement FROM steward.isolate('attic.tag') WHERE statement NOT LIKE 'SELECT%';
SELECT statement FROM steward.release('attic.tag');
SELECT * FROM attic.tag;
RESET ROLE;

-- A plan of several sections is released from wherever it stopped.
CREATE TABLE attic.slow (id integer PRIMARY KEY, user_id uuid);
CREATE TEMPORARY TABLE plan AS SELECT * FROM steward.isolate('attic.slow', online => true, dry_run => true);
\set ECHO none
\o /dev/null
SELECT statement FROM plan WHERE section < 3 ORDER BY n \gexec
\o
\set ECHO all
SELECT statement FROM steward.release('attic.slow');
\d attic.slow
DROP TABLE plan;

SET client_min_messages = warning;
DROP TABLE done, before;
DROP SCHEMA attic CASCADE;
REVOKE ALL ON DATABASE :DBNAME FROM regress_table_owner;
DROP ROLE regress_app, regress_admin, regress_table_owner;
