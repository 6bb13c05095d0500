-- What bench/run measures isolation on: two sets of tables with the same rows, 1,000,000 tasks of 10,000 users and a
-- note for every second task. plain: no policies for bench_by_hand, those people write for the three others.
-- isolated: what steward.isolate makes. The rows are laid out alike, so that only the policies differ.
\set ON_ERROR_STOP on
CREATE EXTENSION IF NOT EXISTS pg_steward;
CREATE ROLE bench_by_hand LOGIN BYPASSRLS;
CREATE ROLE bench_setting LOGIN;
CREATE ROLE bench_wrapped LOGIN;
CREATE ROLE bench_claims LOGIN;
CREATE ROLE bench_steward LOGIN;

CREATE FUNCTION public.nth_user(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lpad(to_hex(n), 32, '0')::uuid;

CREATE SCHEMA plain;
CREATE TABLE plain.task (id bigint PRIMARY KEY, user_id uuid NOT NULL, title text NOT NULL, points integer NOT NULL);
CREATE TABLE plain.note (id bigint PRIMARY KEY, user_id uuid NOT NULL, task_id bigint NOT NULL, body text NOT NULL);
CREATE TABLE plain.draft (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL, title text NOT NULL);
CREATE SCHEMA isolated;
CREATE TABLE isolated.task (LIKE plain.task INCLUDING ALL);
CREATE TABLE isolated.note (LIKE plain.note INCLUDING ALL);
CREATE TABLE isolated.draft (LIKE plain.draft INCLUDING ALL);

INSERT INTO plain.task
SELECT n, nth_user(n % 10000), 'a title of some forty characters, no. ' || n, n % 100 FROM generate_series(0, 999999) AS n;
INSERT INTO plain.note
SELECT n, nth_user(n % 10000), n, 'a note of some forty characters, no. ' || n FROM generate_series(0, 999999, 2) AS n;
INSERT INTO isolated.task SELECT * FROM plain.task;
INSERT INTO isolated.note SELECT * FROM plain.note;

CREATE INDEX ON plain.task (user_id);
CREATE INDEX ON plain.note (user_id);
CREATE INDEX ON plain.draft (user_id);
ALTER TABLE plain.task ENABLE ROW LEVEL SECURITY;
ALTER TABLE plain.note ENABLE ROW LEVEL SECURITY;
ALTER TABLE plain.draft ENABLE ROW LEVEL SECURITY;

SELECT format('CREATE POLICY %1$s ON plain.%2$s TO bench_%1$s USING (user_id = %3$s)', shape, relation, identity)
FROM unnest('{task,note,draft}'::text[]) AS relation,
     (VALUES ('setting', $$current_setting('app.user_id')::uuid$$),
             ('wrapped', $$(SELECT current_setting('app.user_id')::uuid)$$),
             ('claims', $$(current_setting('request.jwt.claims', true)::jsonb ->> 'sub')::uuid$$)) AS policy (shape, identity)
\gexec

SELECT count(*) FROM (SELECT steward.isolate('isolated.task') UNION ALL SELECT steward.isolate('isolated.note')
                      UNION ALL SELECT steward.isolate('isolated.draft')) AS done;

GRANT USAGE ON SCHEMA plain TO bench_by_hand, bench_setting, bench_wrapped, bench_claims;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA plain TO bench_by_hand, bench_setting, bench_wrapped, bench_claims;
GRANT USAGE ON SCHEMA isolated TO bench_steward;
SELECT steward.grant_identity('bench_steward');
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA isolated TO bench_steward;
VACUUM ANALYZE;
CHECKPOINT;
