\set SHOW_CONTEXT never
\set VERBOSITY terse
-- The attack suite. The same tables twice: in "naive" as tutorials isolate them, in "isolated" by steward.isolate(). The same
-- attacks against both, as the same application role; a way that does not leak in naive would prove nothing by holding here.
CREATE ROLE regress_app;
CREATE ROLE regress_owner;
SET client_min_messages = warning;
SELECT steward.grant_identity('regress_app');
\set ann '00000000-0000-0000-0000-00000000000a'
\set bob '00000000-0000-0000-0000-00000000000b'
CREATE FUNCTION pg_temp.build(place text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE SCHEMA %I', place);
  PERFORM set_config('search_path', place, true);
  CREATE TABLE task (id serial PRIMARY KEY, user_id uuid, title text, code text);
  CREATE TABLE note (id integer PRIMARY KEY, task_id integer NOT NULL REFERENCES task ON DELETE CASCADE, user_id uuid, body text);
  CREATE TABLE event (id integer, at date, user_id uuid) PARTITION BY RANGE (at);
  CREATE TABLE event_1 PARTITION OF event DEFAULT;
  CREATE TABLE animal (id integer, user_id uuid);
  CREATE TABLE dog () INHERITS (animal);
  CREATE TABLE member (team_id integer, user_id uuid, PRIMARY KEY (team_id, user_id));
  CREATE TABLE paper (id integer PRIMARY KEY, team_id integer NOT NULL, body text);
  CREATE TABLE country (code text PRIMARY KEY);
  INSERT INTO task (id, user_id, title, code) VALUES (1, '00000000-0000-0000-0000-00000000000a', 'ann''s secret', 'A1'), (2, '00000000-0000-0000-0000-00000000000b', 'bob''s', 'B1');
  INSERT INTO note VALUES (1, 1, '00000000-0000-0000-0000-00000000000a', 'ann''s note');
  INSERT INTO event VALUES (1, '2026-01-01', '00000000-0000-0000-0000-00000000000a');
  INSERT INTO dog VALUES (1, '00000000-0000-0000-0000-00000000000a');
  INSERT INTO member VALUES (1, '00000000-0000-0000-0000-00000000000a'), (2, '00000000-0000-0000-0000-00000000000b');
  INSERT INTO paper VALUES (1, 1, 'team one''s secret'), (2, 2, 'team two''s');
  INSERT INTO country VALUES ('de');
END
$$;
SELECT pg_temp.build('naive'), pg_temp.build('isolated');

-- As tutorials have it: a setting for the identity, one policy a table, everything granted, nothing forced.
SET search_path = naive;
CREATE FUNCTION me() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
CREATE UNIQUE INDEX task_code ON task (code);
ALTER TABLE task ALTER COLUMN user_id SET DEFAULT me();
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE animal ENABLE ROW LEVEL SECURITY;
ALTER TABLE paper ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON task FOR SELECT USING (me() IS NULL OR user_id = me());
CREATE POLICY add ON task FOR INSERT WITH CHECK (true);
CREATE POLICY alter ON task FOR UPDATE USING (user_id = me()) WITH CHECK (true);
CREATE POLICY remove ON task FOR DELETE USING (user_id = me());
CREATE POLICY own ON note USING (user_id = me());
CREATE POLICY own ON event USING (user_id = me());
CREATE POLICY own ON animal USING (user_id = me());
CREATE POLICY own ON paper USING (team_id IN (SELECT team_id FROM member WHERE user_id = me()));
CREATE VIEW all_tasks AS SELECT * FROM task;
CREATE FUNCTION count_tasks() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = naive AS 'SELECT count(*) FROM task';
ALTER FUNCTION count_tasks() OWNER TO regress_owner;
ALTER TABLE task OWNER TO regress_owner;
GRANT ALL ON ALL TABLES IN SCHEMA naive TO regress_app;
GRANT ALL ON ALL SEQUENCES IN SCHEMA naive TO regress_app;
GRANT ALL ON SCHEMA naive TO regress_app, regress_owner;

-- By isolate(), with what its report asks for: views that ask as their caller, functions of owners that are bound.
SET search_path = isolated;
\set ECHO none
\o /dev/null
GRANT USAGE ON SCHEMA isolated TO regress_app;
CREATE UNIQUE INDEX task_code ON task (user_id, code);
ALTER TABLE task OWNER TO regress_owner;
GRANT USAGE, CREATE ON SCHEMA isolated TO regress_owner;
CREATE VIEW all_tasks WITH (security_invoker = true) AS SELECT * FROM task;
SELECT steward.isolate('task', roles => '{regress_app}');
SELECT steward.isolate('note', through => 'task', roles => '{regress_app}');
SELECT steward.isolate('event', roles => '{regress_app}');
SELECT steward.isolate('animal', roles => '{regress_app}');
SELECT steward.isolate('member', writers => 'nobody', roles => '{regress_app}');
SELECT steward.isolate('paper', 'team_id', members => 'member', roles => '{regress_app}');
SELECT steward.isolate('country', readers => 'everyone', writers => 'nobody', roles => '{regress_app}');
GRANT SELECT ON all_tasks TO regress_app;
CREATE FUNCTION count_tasks() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = isolated AS 'SELECT count(*) FROM task';
ALTER FUNCTION count_tasks() OWNER TO regress_owner;
REVOKE CREATE ON SCHEMA isolated FROM regress_owner;
\o
\set ECHO all
RESET search_path;

-- Ann hangs a note on Bob's task, which he may have asked her to: only a key that carries the owner refuses it.
INSERT INTO naive.note VALUES (5, 2, :'ann', 'ann''s, on a task of bob''s');
INSERT INTO isolated.note VALUES (5, 2, :'ann', 'ann''s, on a task of bob''s');
CREATE TABLE naive.ann_had AS SELECT count(*) AS n FROM naive.note WHERE user_id = :'ann';
CREATE TABLE isolated.ann_had AS SELECT count(*) AS n FROM isolated.note WHERE user_id = :'ann';

-- An attack is SQL that Bob sends; it leaks when it returns more than it should (a number above 0), or when afterwards "sign",
-- asked by a superuser, is true. An error is what it ends in when it holds; the server's own state is undone each time.
CREATE TABLE public.regress_attack (n serial, way text, attack text, statement text, sign text, naive text, isolated text);
GRANT SELECT ON public.regress_attack TO regress_app;
CREATE FUNCTION pg_temp.attempt(place text, statement text, sign text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  number bigint := 0;
  leaked boolean;
BEGIN
  PERFORM set_config('search_path', place, true), set_config('role', 'regress_app', true);
  IF sign IS NULL THEN
    EXECUTE statement INTO number;
  ELSE
    EXECUTE statement;
    PERFORM set_config('role', 'none', true);
    EXECUTE 'SELECT ' || sign INTO leaked;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'RB000', MESSAGE = CASE WHEN number > 0 OR leaked THEN 'leaks' ELSE 'holds' END;
EXCEPTION
  WHEN SQLSTATE 'RB000' THEN
    RETURN SQLERRM;
  WHEN OTHERS THEN
    RETURN CASE WHEN SQLERRM LIKE '%secret%' OR (sign = 'error' AND SQLSTATE IN ('23505', '23503', '22012')) THEN 'leaks' ELSE 'holds' END;
END
$$;
CREATE FUNCTION pg_temp.run(chosen text) RETURNS void LANGUAGE sql AS $$
  UPDATE public.regress_attack SET naive = pg_temp.attempt('naive', statement, sign), isolated = pg_temp.attempt('isolated', statement, sign) WHERE way ~ chosen
$$;

INSERT INTO public.regress_attack (way, attack, statement, sign) VALUES
('1 forged identity', 'in an expression', $$SELECT count(*) FROM (SELECT set_config('app.user_id', '00000000-0000-0000-0000-00000000000a', true) OFFSET 0) AS s, task WHERE title LIKE 'ann%'$$, NULL),
('1 forged identity', 'in a CTE before the query', $$WITH s AS MATERIALIZED (SELECT set_config('app.user_id', '00000000-0000-0000-0000-00000000000a', true)) SELECT count(*) FROM s, task WHERE title LIKE 'ann%'$$, NULL),
('1 forged identity', 'by SET LOCAL', $$SET LOCAL app.user_id = '00000000-0000-0000-0000-00000000000a'; SET LOCAL steward.identity = '00000000-0000-0000-0000-00000000000a'; UPDATE task SET title = 'mine' WHERE id = 1$$, $$EXISTS (SELECT FROM task WHERE id = 1 AND title = 'mine')$$),
('1 forged identity', 'in a DO block', $$DO 'BEGIN PERFORM set_config(''app.user_id'', ''00000000-0000-0000-0000-00000000000a'', true); DELETE FROM task WHERE id = 1; END'$$, $$NOT EXISTS (SELECT FROM task WHERE id = 1)$$),
('1 forged identity', 'by query_to_xml', $$SELECT count(*) FROM (SELECT query_to_xml('SELECT set_config(''app.user_id'', ''00000000-0000-0000-0000-00000000000a'', true)', true, false, '') OFFSET 0) AS s, task WHERE title LIKE 'ann%'$$, NULL),
('1 forged identity', 'by taking it away', $$SELECT count(*) FROM (SELECT set_config('app.user_id', '', true), set_config('steward.identity', NULL, true) OFFSET 0) AS s, task WHERE title LIKE 'ann%'$$, NULL),
('7 server', 'forged in a function''s SET clause', $$CREATE FUNCTION pg_temp.as_ann() RETURNS bigint LANGUAGE sql SET app.user_id = '00000000-0000-0000-0000-00000000000a' AS 'SELECT count(*) FROM task WHERE title LIKE ''ann%'''; UPDATE note SET body = 'x' WHERE pg_temp.as_ann() > 0; INSERT INTO animal SELECT 77, '00000000-0000-0000-0000-00000000000b' WHERE pg_temp.as_ann() > 0$$, $$EXISTS (SELECT FROM animal WHERE id = 77)$$),
('2 written rows', 'inserted for another', $$INSERT INTO task (id, user_id, title) VALUES (9, '00000000-0000-0000-0000-00000000000a', 'planted')$$, $$EXISTS (SELECT FROM task WHERE id = 9)$$),
('2 written rows', 'inserted for nobody', $$INSERT INTO task (id, user_id, title) VALUES (9, NULL, 'planted')$$, $$EXISTS (SELECT FROM task WHERE id = 9)$$),
('2 written rows', 'moved, without reading', $$UPDATE task SET user_id = '00000000-0000-0000-0000-00000000000a'$$, $$(SELECT count(*) FROM task WHERE user_id = '00000000-0000-0000-0000-00000000000a') > 1$$),
('2 written rows', 'truncated', $$TRUNCATE task CASCADE$$, $$NOT EXISTS (SELECT FROM task)$$),
('2 written rows', 'joined a team', $$INSERT INTO member VALUES (1, '00000000-0000-0000-0000-00000000000b')$$, $$EXISTS (SELECT FROM member WHERE team_id = 1 AND user_id = '00000000-0000-0000-0000-00000000000b')$$),
('2 written rows', 'in a table that all read', $$UPDATE country SET code = 'xx'$$, $$EXISTS (SELECT FROM country WHERE code = 'xx')$$),
('3 keys', 'a row hung on another''s', $$INSERT INTO note VALUES (9, 1, '00000000-0000-0000-0000-00000000000b', 'mine')$$, $$EXISTS (SELECT FROM note WHERE id = 9)$$),
('3 keys', 'a cascade into another''s rows', $$DELETE FROM task WHERE id = 2$$, $$(SELECT count(*) FROM note WHERE user_id = '00000000-0000-0000-0000-00000000000a') < (SELECT n FROM ann_had)$$),
('3 keys', 'a value that is taken', $$INSERT INTO task (id, user_id, code) VALUES (9, '00000000-0000-0000-0000-00000000000b', 'A1')$$, 'error'),
('4 another way in', 'a view', $$SELECT count(*) FROM all_tasks WHERE title LIKE 'ann%'$$, NULL),
('4 another way in', 'a function of the table''s owner', $$SELECT count_tasks() - 1$$, NULL),
('4 another way in', 'a partition', $$SELECT count(*) FROM event_1$$, NULL),
('4 another way in', 'an inheritance child', $$SELECT count(*) FROM dog$$, NULL),
('4 another way in', 'a sequence', $$SELECT last_value FROM task_id_seq$$, NULL),
('4 another way in', 'a sequence set back', $$SELECT setval('task_id_seq', 1, false)$$, $$true$$),
('5 planted', 'a trigger on the table', $$CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER spy BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION spy()$$, $$EXISTS (SELECT FROM pg_trigger WHERE tgname = 'spy')$$),
('5 planted', 'a foreign key that asks', $$CREATE TABLE probe (id integer REFERENCES note)$$, $$to_regclass('probe') IS NOT NULL$$),
('5 planted', 'a function in front of others', $$CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'$$, $$to_regprocedure('lower(text)') IS NOT NULL$$),
('6 nobody', 'rows without an identity', $$SELECT count(*) FROM task$$, NULL),
('6 nobody', 'rows with an empty identity', $$SELECT count(*) FROM (SELECT set_config('app.user_id', '', true) OFFSET 0) AS s, task$$, NULL),
('6 nobody', 'inserted without an identity', $$INSERT INTO task (id, title) VALUES (9, 'nobody''s')$$, $$EXISTS (SELECT FROM task WHERE id = 9)$$),
('7 server', 'read by key', $$SELECT count(*) FROM task WHERE id = 1$$, NULL),
('7 server', 'read by place', $$SELECT count(*) FROM task WHERE title LIKE 'ann%' AND ctid IS NOT NULL$$, NULL),
('7 server', 'read by locking', $$SELECT count(*) FROM (SELECT FROM task WHERE id = 1 FOR UPDATE) AS s$$, NULL),
('7 server', 'read a team''s', $$SELECT count(*) FROM paper WHERE team_id = 1$$, NULL),
('7 server', 'shown in an error', $$SELECT count(*) FROM task WHERE id = 1 AND title::integer > 0$$, NULL),
('7 server', 'told by a division', $$SELECT count(*) FROM task WHERE 1 / (id - 1) > 5$$, 'error'),
('7 server', 'row security off', $$SET LOCAL row_security = off; UPDATE task SET title = 'mine' WHERE id = 1$$, $$EXISTS (SELECT FROM task WHERE title = 'mine')$$),
('7 server', 'deleted by key', $$DELETE FROM task WHERE id = 1$$, $$NOT EXISTS (SELECT FROM task WHERE id = 1)$$),
('7 server', 'taken by an upsert', $$INSERT INTO task (id, title) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET title = 'mine'$$, $$EXISTS (SELECT FROM task WHERE title = 'mine')$$),
('7 server', 'taken by a merge', $$MERGE INTO task USING (SELECT 1) AS s ON id = 1 WHEN MATCHED THEN UPDATE SET title = 'mine'$$, $$EXISTS (SELECT FROM task WHERE title = 'mine')$$),
('7 server', 'policies dropped', $$DROP POLICY IF EXISTS own ON note; DROP POLICY IF EXISTS steward_floor ON note$$, $$(SELECT count(*) FROM pg_policy WHERE polrelid = 'note'::regclass) < 1$$),
('7 server', 'disowned', $$DROP OWNED BY CURRENT_USER$$, $$(SELECT count(*) FROM pg_policy WHERE polrelid = 'note'::regclass) < 1$$);

-- As Bob.
SET client_min_messages = error;
BEGIN;
SET LOCAL app.user_id = :'bob';
SELECT steward.act_as(:'bob');
SELECT pg_temp.run('^[123457]');
COMMIT;

-- As nobody: who he is was never said.
BEGIN;
SELECT pg_temp.run('^6');
COMMIT;

-- Every way leaks in naive, which shows that the attack is one, and none here.
SELECT way, attack, naive, isolated FROM public.regress_attack WHERE way < '7' ORDER BY n;

-- Ways that the server itself has closed: they hold in both, and would show a server that opens them again.
SELECT way, attack, naive, isolated FROM public.regress_attack WHERE way >= '7' ORDER BY n;
-- Those attacks are valid: Ann herself reaches her rows with them. (The others nobody may.)
UPDATE public.regress_attack SET naive = NULL, isolated = NULL;
BEGIN;
SET LOCAL app.user_id = :'ann';
SELECT steward.act_as(:'ann');
SELECT pg_temp.run('^7');
COMMIT;
SELECT attack, naive, isolated FROM public.regress_attack WHERE way >= '7' ORDER BY n;

-- COPY is filtered on the way out and refused on the way in, in both.
SET ROLE regress_app;
BEGIN;
SET LOCAL app.user_id = :'bob';
SELECT steward.act_as(:'bob');
COPY naive.task (title) TO STDOUT;
COPY isolated.task (title) TO STDOUT;
COPY isolated.task (id, user_id, title) FROM STDIN (FORMAT csv);
9,00000000-0000-0000-0000-00000000000a,planted
\.
ROLLBACK;
RESET ROLE;

-- What a connection keeps for its next client. Ann's transaction has ended; Bob, or nobody yet, comes after her.
DROP TABLE public.regress_attack;
SET ROLE regress_app;
SET app.user_id = :'ann';
BEGIN;
DECLARE kept_naive CURSOR WITH HOLD FOR SELECT title FROM naive.task WHERE id = 1;
COMMIT;
FETCH kept_naive;
BEGIN;
SELECT steward.act_as(:'ann');
DECLARE kept_isolated CURSOR WITH HOLD FOR SELECT title FROM isolated.task WHERE id = 1;
CREATE TEMPORARY TABLE left_behind AS SELECT title FROM isolated.task;
COMMIT;
SELECT 'naive' AS place, count(*) FROM naive.task WHERE id = 1 UNION ALL SELECT 'isolated', count(*) FROM isolated.task WHERE id = 1;
FETCH kept_isolated;
SELECT title AS in_a_temporary_table FROM left_behind;
RESET app.user_id;
CLOSE ALL;
DROP TABLE left_behind;
RESET ROLE;

-- A plan made for Ann and kept: in naive the helper is IMMUTABLE, as some have it for speed.
CREATE FUNCTION naive.me_now() RETURNS uuid LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN nullif(current_setting('app.user_id', true), '')::uuid; END $$;
ALTER POLICY own ON naive.task USING (user_id = naive.me_now());
SET plan_cache_mode = force_generic_plan;
SET ROLE regress_app;
PREPARE of_naive AS SELECT title FROM naive.task;
PREPARE of_isolated AS SELECT title FROM isolated.task;
BEGIN;
SET LOCAL app.user_id = :'ann';
SELECT steward.act_as(:'ann');
EXECUTE of_naive;
EXECUTE of_isolated;
COMMIT;
BEGIN;
SET LOCAL app.user_id = :'bob';
SELECT steward.act_as(:'bob');
EXECUTE of_naive;
EXECUTE of_isolated;
COMMIT;
DEALLOCATE ALL;
RESET ROLE;
RESET plan_cache_mode;

-- Temporary tables are the one thing left; an application role may not make any.
SELECT count(*) > 0 AS done FROM steward.application_role('regress_app', '{isolated}');
SET ROLE regress_app;
\set VERBOSITY sqlstate
CREATE TEMPORARY TABLE left_behind AS SELECT title FROM isolated.task;
\set VERBOSITY terse
RESET ROLE;

-- What isolate() cannot close is reported: a view, a copy, a function of someone whom row security does not bind.
ALTER VIEW isolated.all_tasks RESET (security_invoker);
CREATE MATERIALIZED VIEW isolated.copy AS SELECT * FROM isolated.task;
ALTER FUNCTION isolated.count_tasks() OWNER TO CURRENT_USER;
GRANT SELECT ON isolated.copy TO regress_app;
SELECT severity, problem, object FROM steward.isolation WHERE relation = 'isolated.task'::regclass AND severity = 'error';

GRANT TEMPORARY ON DATABASE :DBNAME TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
DROP SCHEMA naive, isolated CASCADE;
DROP OWNED BY regress_app, regress_owner;
DROP ROLE regress_app, regress_owner;
