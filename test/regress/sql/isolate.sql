\set SHOW_CONTEXT never
\set VERBOSITY terse
CREATE ROLE regress_app;
CREATE ROLE regress_admin;
CREATE ROLE regress_table_owner;
GRANT CREATE ON DATABASE :DBNAME TO regress_table_owner;
SET SESSION AUTHORIZATION regress_table_owner;
CREATE SCHEMA shop;
CREATE TABLE shop.users (id uuid PRIMARY KEY, name text);
INSERT INTO shop.users VALUES ('00000000-0000-0000-0000-00000000000a', 'ann'), ('00000000-0000-0000-0000-00000000000b', 'bob');
CREATE VIEW shop.summary AS
SELECT c.oid::regclass AS relation, c.relrowsecurity, c.relforcerowsecurity,
       (SELECT string_agg(polname, ', ' ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid) AS policies
FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'shop'::regnamespace ORDER BY c.relname;

-- A table without an owner column, with rows: everything is made, said, and recorded. The owner need not be a superuser.
CREATE TABLE shop.task (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL, created_by text);
INSERT INTO shop.task (title, created_by) VALUES ('buy milk', 'ann'), ('sell milk', 'bob');
SELECT n, what, statement FROM steward.isolate('shop.task', "references" => 'shop.users', roles => '{regress_app}',
  backfill => '(SELECT u.id FROM shop.users AS u WHERE u.name = created_by)');
\d shop.task

-- Run again it changes nothing, and says so.
SELECT * FROM steward.isolate('shop.task', "references" => 'shop.users', roles => '{regress_app}');
SELECT * FROM steward.isolate('shop.task');

-- What was changed since is made right.
DROP POLICY steward_floor ON shop.task;
ALTER TABLE shop.task NO FORCE ROW LEVEL SECURITY;
ALTER POLICY steward_allow ON shop.task USING (true);
GRANT TRUNCATE, SELECT ON shop.task TO PUBLIC;
SELECT statement FROM steward.isolate('shop.task') WHERE statement NOT LIKE 'SELECT%';

-- Each owner sees his own, writes his own, and nothing else; without an identity there is nothing.
RESET SESSION AUTHORIZATION;
SELECT steward.grant_identity('regress_app');
SET ROLE regress_app;
SELECT count(*) FROM shop.task;
BEGIN;
SELECT steward.act_as('00000000-0000-0000-0000-00000000000a');
SELECT title, user_id FROM shop.task;
INSERT INTO shop.task (title) VALUES ('mine') RETURNING title, user_id;
UPDATE shop.task SET title = upper(title) RETURNING title;
SAVEPOINT here;
INSERT INTO shop.task (title, user_id) VALUES ('not mine', '00000000-0000-0000-0000-00000000000b');
ROLLBACK TO here;
UPDATE shop.task SET user_id = '00000000-0000-0000-0000-00000000000b';
ROLLBACK TO here;
TRUNCATE shop.task;
ROLLBACK;
RESET ROLE;

-- A policy added later opens nothing.
CREATE POLICY opener ON shop.task USING (true);
SET ROLE regress_app;
SELECT count(*) FROM shop.task;
RESET ROLE;
DROP POLICY opener ON shop.task;

-- Owner columns of every type that can be compared with an identity; others are refused.
SET ROLE regress_table_owner;
CREATE DOMAIN shop.account AS bigint CHECK (VALUE > 0);
CREATE TABLE shop.by_text (owner text);
CREATE TABLE shop.by_varchar (owner varchar(40));
CREATE TABLE shop.by_integer (owner integer);
CREATE TABLE shop.by_smallint (owner smallint);
CREATE TABLE shop.by_bigint (owner bigint);
CREATE TABLE shop.by_domain (owner shop.account);
CREATE TABLE shop.by_numeric (owner numeric);
CREATE TABLE shop.by_letters (owner char(8));
SELECT relname, statement FROM pg_class, LATERAL steward.isolate(oid, 'owner')
WHERE relname LIKE 'by\_%' AND relnamespace = 'shop'::regnamespace AND relname NOT IN ('by_numeric', 'by_letters') AND statement ~ 'steward_allow|DEFAULT'
ORDER BY relname, n;
SELECT * FROM steward.isolate('shop.by_numeric', 'owner');
SELECT * FROM steward.isolate('shop.by_letters', 'owner');
SELECT statement FROM steward.isolate('shop.by_numeric', 'account_id', owner_type => 'bigint') WHERE n = 2;

-- What cannot be done is refused before anything is done, and says what to do.
\set VERBOSITY default
CREATE TABLE shop.full (id integer);
INSERT INTO shop.full VALUES (1);
CREATE VIEW shop.seen AS SELECT * FROM shop.full;
SELECT * FROM steward.isolate('shop.full');
SELECT * FROM steward.isolate('shop.full', backfill => 'created_by');
SELECT * FROM steward.isolate('shop.full', backfill => $$'00000000-0000-0000-0000-00000000000a') IS NULL; DROP TABLE shop.full; --$$);
SELECT * FROM steward.isolate('shop.seen');
SELECT * FROM steward.isolate('pg_class');
SELECT * FROM steward.isolate('steward.isolated');
SELECT * FROM steward.isolate('shop.full', on_delete => 'set null');
SELECT * FROM steward.isolate('shop.full', readers => 'friends');
SELECT * FROM steward.isolate('shop.full', roles => '{regress_nobody}');
SELECT * FROM steward.isolate('shop.full', through => 'shop.users');
SELECT * FROM steward.isolate('shop.full', through => 'shop.task');
SELECT * FROM steward.isolate('shop.full', members => 'shop.users');
SELECT * FROM steward.isolate('shop.full', online => true);
SELECT * FROM steward.isolate('shop.task', 'created_by');
SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = 'shop.full'::regclass;
\set VERBOSITY terse
SET SESSION AUTHORIZATION regress_app;
SELECT * FROM steward.isolate('shop.full', backfill => '1');
SELECT steward.remember_isolation('shop.full', 'shop.full', '{}', '[]');
SELECT steward.remember_key('shop.task', 'x');
SELECT steward.settle_isolation('shop.task');
SELECT steward.forget_isolation('shop.task');
INSERT INTO steward.isolated SELECT * FROM steward.isolated;
RESET SESSION AUTHORIZATION;
SET ROLE regress_table_owner;

-- A child is isolated through its parent: it carries the owner, its foreign key too, and its rows are filled from there.
CREATE TABLE shop.note (id integer PRIMARY KEY, task_id bigint NOT NULL REFERENCES shop.task ON DELETE CASCADE DEFERRABLE, body text);
INSERT INTO shop.note SELECT id, id, title FROM shop.task;
SELECT statement FROM steward.isolate('shop.note', through => 'shop.task', roles => '{regress_app}') WHERE statement NOT LIKE 'SELECT%';
SELECT * FROM steward.isolate('shop.note', through => 'shop.task');
\d shop.note
SELECT count(*) AS of_the_owner FROM shop.note;

-- A link table has two parents, and reaches neither of another owner.
CREATE TABLE shop.tag (id integer PRIMARY KEY, name text);
CREATE TABLE shop.task_tag (task_id bigint REFERENCES shop.task, tag_id integer REFERENCES shop.tag ON DELETE CASCADE, PRIMARY KEY (task_id, tag_id));
CREATE TABLE shop.task_before (earlier bigint REFERENCES shop.task, later bigint REFERENCES shop.task);
SELECT count(*) > 1 AS done FROM steward.isolate('shop.tag', roles => '{regress_app}');
SELECT count(*) > 1 AS done FROM steward.isolate('shop.task_tag', through => 'shop.task', roles => '{regress_app}');
SELECT count(*) > 1 AS done FROM steward.isolate('shop.task_before', through => 'shop.task', roles => '{regress_app}');
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid IN ('shop.task_tag'::regclass, 'shop.task_before'::regclass) ORDER BY 1, 2;
SET ROLE regress_app;
BEGIN;
SELECT steward.act_as('00000000-0000-0000-0000-00000000000a');
INSERT INTO shop.tag VALUES (1, 'urgent');
INSERT INTO shop.task_tag SELECT id, 1 FROM shop.task RETURNING tag_id, user_id;
SAVEPOINT here;
INSERT INTO shop.task_tag VALUES (2, 1);
ROLLBACK TO here;
INSERT INTO shop.task_tag VALUES (99, 1);
ROLLBACK;
SET ROLE regress_table_owner;

-- Parents isolated after their children: the children are run again. Two tables that reference each other, too.
CREATE TABLE shop.sun (id integer PRIMARY KEY, moon_id integer);
CREATE TABLE shop.moon (id integer PRIMARY KEY, sun_id integer REFERENCES shop.sun);
ALTER TABLE shop.sun ADD FOREIGN KEY (moon_id) REFERENCES shop.moon;
SELECT count(*) > 1 AS done FROM steward.isolate('shop.sun');
SELECT count(*) > 1 AS done FROM steward.isolate('shop.moon');
SELECT statement FROM steward.isolate('shop.sun') WHERE statement NOT LIKE 'SELECT%';

-- Composite keys, a reference to itself, SET NULL: what the foreign keys did they still do, and the owner stays.
CREATE TABLE shop.folder (country text, id integer, parent_country text, parent_id integer, PRIMARY KEY (country, id),
  FOREIGN KEY (parent_country, parent_id) REFERENCES shop.folder ON DELETE SET NULL ON UPDATE CASCADE);
CREATE TABLE shop.file (id integer PRIMARY KEY, country text, folder integer, FOREIGN KEY (country, folder) REFERENCES shop.folder ON DELETE SET NULL (folder) NOT VALID);
SELECT count(*) > 1 AS done FROM steward.isolate('shop.folder');
SELECT count(*) > 1 AS done FROM steward.isolate('shop.file', through => 'shop.folder');
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('f', 'u') AND conrelid IN ('shop.file'::regclass, 'shop.folder'::regclass) ORDER BY 1, 2;
CREATE TABLE shop.odd (id integer REFERENCES shop.tag ON UPDATE SET NULL);
SELECT * FROM steward.isolate('shop.odd');

-- Partitions and inheritance children each have the policies; a new one is taken up by running it again.
CREATE TABLE shop.event (id bigint, at date NOT NULL, user_id uuid) PARTITION BY RANGE (at);
CREATE TABLE shop.event_2025 PARTITION OF shop.event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE shop.event_2026 PARTITION OF shop.event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (id);
CREATE TABLE shop.event_2026_0 PARTITION OF shop.event_2026 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE shop.animal (id integer, user_id uuid);
CREATE TABLE shop.dog (barks boolean) INHERITS (shop.animal);
SELECT count(*) > 1 AS done FROM steward.isolate('shop.event', roles => '{regress_app}');
SELECT count(*) > 1 AS done FROM steward.isolate('shop.animal', roles => '{regress_app}');
CREATE TABLE shop.event_2027 PARTITION OF shop.event FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
CREATE TABLE shop.cat () INHERITS (shop.animal);
SELECT statement FROM steward.isolate('shop.event', roles => '{regress_app}') WHERE statement NOT LIKE 'SELECT%';
SELECT statement FROM steward.isolate('shop.animal', roles => '{regress_app}') WHERE statement NOT LIKE 'SELECT%';
SELECT * FROM steward.isolate('shop.event_2027');
SELECT * FROM shop.summary WHERE relation::text ~ 'event|animal|dog|cat';

-- Rows of a group belong to its members, who are listed in a table they read and do not write.
CREATE TABLE shop.team (id integer PRIMARY KEY, name text);
CREATE TABLE shop.team_member (team_id integer REFERENCES shop.team, user_id uuid, PRIMARY KEY (team_id, user_id));
CREATE TABLE shop.document (id integer PRIMARY KEY, team_id integer NOT NULL REFERENCES shop.team, body text);
CREATE TABLE shop.page (id integer PRIMARY KEY, document_id integer NOT NULL REFERENCES shop.document, body text);
INSERT INTO shop.team VALUES (1, 'red'), (2, 'blue'), (3, 'green');
INSERT INTO shop.team_member VALUES (1, '00000000-0000-0000-0000-00000000000a'), (2, '00000000-0000-0000-0000-00000000000a'), (2, '00000000-0000-0000-0000-00000000000b');
INSERT INTO shop.document SELECT n, n % 3 + 1, 'document ' || n FROM generate_series(1, 9) AS n;
INSERT INTO shop.page SELECT n, n, 'page ' || n FROM generate_series(1, 9) AS n;
SELECT count(*) > 1 AS done FROM steward.isolate('shop.team_member', writers => 'nobody', roles => '{regress_app}');
SELECT statement FROM steward.isolate('shop.document', 'team_id', members => 'shop.team_member', roles => '{regress_app}') WHERE statement NOT LIKE 'SELECT%';
SELECT * FROM steward.isolate('shop.document', 'team_id', members => 'shop.team_member', roles => '{regress_app}');
SELECT count(*) > 1 AS done FROM steward.isolate('shop.page', through => 'shop.document', roles => '{regress_app}');
SET ROLE regress_app;
BEGIN;
SELECT steward.act_as('00000000-0000-0000-0000-00000000000b');
SELECT team_id, count(*) FROM shop.document GROUP BY 1;
SELECT team_id, count(*) FROM shop.page GROUP BY 1;
SELECT * FROM shop.team_member;
UPDATE shop.document SET body = 'changed';
INSERT INTO shop.page (id, document_id, body) VALUES (10, 1, 'in a document of my team') RETURNING team_id;
SAVEPOINT here;
UPDATE shop.document SET team_id = 1;
ROLLBACK TO here;
INSERT INTO shop.team_member VALUES (1, '00000000-0000-0000-0000-00000000000b');
ROLLBACK TO here;
INSERT INTO shop.page VALUES (11, 3, 'in another team''s document', 2);
ROLLBACK TO here;
INSERT INTO shop.page VALUES (11, 3, 'in another team''s document');
ROLLBACK;
RESET ROLE;
SET ROLE regress_table_owner;

-- Tables that everybody reads: written by the owner of the row, or by nobody.
CREATE TABLE shop.profile (user_id uuid PRIMARY KEY, motto text);
CREATE TABLE shop.country (code text PRIMARY KEY);
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON shop.country TO regress_app;
INSERT INTO shop.profile VALUES ('00000000-0000-0000-0000-00000000000a', 'hi'), ('00000000-0000-0000-0000-00000000000b', 'ho');
INSERT INTO shop.country VALUES ('de'), ('fr');
SELECT statement FROM steward.isolate('shop.profile', readers => 'everyone', roles => '{regress_app}') WHERE statement ~ 'POLICY|GRANT';
SELECT statement FROM steward.isolate('shop.country', readers => 'everyone', writers => 'nobody', roles => '{regress_app}') WHERE statement ~ 'POLICY|GRANT|REVOKE';
SELECT * FROM steward.isolate('shop.country', readers => 'everyone', writers => 'nobody', roles => '{regress_app}');
RESET ROLE;
SET ROLE regress_app;
BEGIN;
SELECT steward.act_as('00000000-0000-0000-0000-00000000000b');
SELECT count(*) FROM shop.profile;
SELECT count(*) FROM shop.country;
UPDATE shop.profile SET motto = 'mine' RETURNING *;
SAVEPOINT here;
UPDATE shop.country SET code = 'xx';
ROLLBACK;
RESET ROLE;

-- Admins see everything, once they have announced why; the others see no more than before, and use their index as before.
SET ROLE regress_table_owner;
SELECT statement FROM steward.isolate('shop.task', admins => '{regress_admin}') WHERE statement NOT LIKE 'SELECT%';
SELECT * FROM steward.isolate('shop.task', admins => '{regress_admin}');
RESET ROLE;
SELECT steward.grant_admin('regress_admin');
SET SESSION AUTHORIZATION regress_admin;
SELECT count(*) FROM shop.task;
BEGIN;
SELECT steward.act_as_admin();
ROLLBACK;
SELECT steward.announce_admin('somebody lost a task') IS NOT NULL AS announced;
BEGIN;
SELECT steward.act_as_admin();
SELECT count(*) FROM shop.task;
UPDATE shop.task SET user_id = '00000000-0000-0000-0000-00000000000b' RETURNING user_id;
SELECT count(*) FROM shop.note;
ROLLBACK;
RESET SESSION AUTHORIZATION;
SET ROLE regress_app;
BEGIN;
SELECT steward.act_as('00000000-0000-0000-0000-00000000000b');
SELECT count(*) FROM shop.task;
COMMIT;
RESET ROLE;

-- Any name will do.
SET ROLE regress_table_owner;
CREATE SCHEMA "sh%s'op";
CREATE TABLE "sh%s'op"."o'der; --" ("i%Id" integer PRIMARY KEY, "us""er" text);
CREATE TABLE "sh%s'op"."li%1$sne" (id integer, "o'der" integer REFERENCES "sh%s'op"."o'der; --");
SELECT statement FROM steward.isolate('"sh%s''op"."o''der; --"', 'us"er', roles => '{regress_app}') WHERE statement NOT LIKE 'SELECT%';
SELECT statement FROM steward.isolate('"sh%s''op"."li%1$sne"', through => '"sh%s''op"."o''der; --"', roles => '{regress_app}') WHERE statement NOT LIKE 'SELECT%';
SELECT * FROM steward.isolate('"sh%s''op"."li%1$sne"', through => '"sh%s''op"."o''der; --"');

-- Inside a step, where row security is off, it works the same.
RESET ROLE;
SELECT to_jsonb(steward.current_heads()) AS heads \gset
BEGIN;
SET LOCAL row_security = off;
SELECT steward.begin_step(format('{"revision": "i1", "direction": "upgrade", "parents": %1$s}', :'heads')::jsonb) IS NOT NULL AS begun;
CREATE TABLE shop.in_step (id integer PRIMARY KEY);
SELECT count(*) > 1 AS done FROM steward.isolate('shop.in_step');
SELECT seq IS NOT NULL AS ended FROM steward.end_step();
ROLLBACK;

-- For a large table in use the plan comes in sections: the second without a transaction, with indexes built concurrently.
SET ROLE regress_table_owner;
CREATE TABLE shop.large (id integer PRIMARY KEY, parent integer REFERENCES shop.large);
INSERT INTO shop.large VALUES (1), (2);
CREATE TABLE shop.parts (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE shop.parts_1 PARTITION OF shop.parts DEFAULT;
INSERT INTO shop.parts VALUES (1, '2026-01-01');
SELECT section, statement FROM steward.isolate('shop.parts', backfill => $$'00000000-0000-0000-0000-00000000000a'::uuid$$, online => true, dry_run => true)
WHERE statement NOT LIKE 'SELECT%';
CREATE TEMPORARY TABLE plan AS
SELECT * FROM steward.isolate('shop.large', "references" => 'shop.users', backfill => $$'00000000-0000-0000-0000-00000000000a'::uuid$$,
                              online => true, dry_run => true, roles => '{regress_app}');
SELECT section, statement FROM plan WHERE statement NOT LIKE 'SELECT%' ORDER BY n;
\set ECHO none
\o /dev/null
SELECT statement FROM plan ORDER BY n \gexec
\o
\set ECHO all
SELECT * FROM steward.isolate('shop.large', "references" => 'shop.users');
\d shop.large
DROP TABLE plan;

-- The policy is the index's condition, once; a sequential scan stays parallel. (How plans show parameters differs by release.)
RESET ROLE;
CREATE FUNCTION shop.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
    CONTINUE WHEN line ~ 'InitPlan \d( \(returns.*)?$|Result|Params Evaluated';
    RETURN NEXT regexp_replace(regexp_replace(line, '\(InitPlan \d\)\.col1|\$\d', 'param', 'g'), '^ +', '');
  END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION shop.plan_of(text) TO PUBLIC;
CREATE TABLE shop.many (id integer PRIMARY KEY, user_id bigint, n integer);
INSERT INTO shop.many SELECT n, n % 1000, n FROM generate_series(1, 20000) AS n;
SELECT count(*) > 1 AS done FROM steward.isolate('shop.many', roles => '{regress_app}');
ANALYZE shop.many;
SET ROLE regress_app;
SET enable_bitmapscan = off;
SELECT * FROM shop.plan_of('SELECT * FROM shop.many');
SELECT * FROM shop.plan_of('SELECT * FROM shop.many WHERE id = 7');
SELECT * FROM shop.plan_of('UPDATE shop.many SET n = 0 WHERE id = 7');
SET enable_indexscan = off;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT * FROM shop.plan_of('SELECT sum(n) FROM shop.many');
RESET enable_indexscan;
SET enable_seqscan = off;
SELECT * FROM shop.plan_of('SELECT * FROM shop.document') WHERE plan_of ~ 'document|team_id';
RESET enable_bitmapscan;
RESET enable_seqscan;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
RESET ROLE;

-- An application role: a login that row security binds, made once.
SELECT what, statement FROM steward.application_role('regress_login', '{shop}', dry_run => true) WHERE statement !~ 'DATABASE|DEFAULT';
BEGIN;
CREATE ROLE regress_login BYPASSRLS CREATEROLE;
GRANT CREATE ON SCHEMA shop TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT ALL ON TABLES TO regress_login;
SELECT replace(what, current_user, 'the caller') AS what FROM steward.application_role('regress_login', '{shop}');
SELECT n, what FROM steward.application_role('regress_login', '{shop}');
SELECT rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'regress_login';
ROLLBACK;
SELECT * FROM steward.application_role('regress_login', '{no_such}');

SET client_min_messages = warning;
DROP SCHEMA shop, "sh%s'op" CASCADE;
REVOKE ALL ON DATABASE :DBNAME FROM regress_table_owner;
DROP OWNED BY regress_app, regress_admin;
DROP ROLE regress_app, regress_admin, regress_table_owner;
