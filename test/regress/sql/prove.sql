\set SHOW_CONTEXT never
\set VERBOSITY terse
CREATE ROLE regress_app;
CREATE ROLE regress_owner;
GRANT regress_app TO regress_owner;
GRANT CREATE ON DATABASE :DBNAME TO regress_owner;
SELECT steward.grant_prover('regress_owner');
SELECT steward.grant_identity('regress_app');
SET ROLE regress_owner;
CREATE SCHEMA court;
CREATE TABLE court.users (id uuid PRIMARY KEY, email text NOT NULL UNIQUE CHECK (email ~ '^[^@]+@[^@]+\.[a-z]+$'));
CREATE TABLE court.project (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE court.task (id bigserial PRIMARY KEY, project_id bigint NOT NULL REFERENCES court.project ON DELETE CASCADE, title text NOT NULL);
CREATE TABLE court.tag (name text PRIMARY KEY);
CREATE TABLE court.task_tag (task_id bigint REFERENCES court.task, tag text REFERENCES court.tag, PRIMARY KEY (task_id, tag));
\set ECHO none
\o /dev/null
SELECT steward.isolate('court.project', "references" => 'court.users', roles => '{regress_app}');
SELECT steward.isolate('court.task', through => 'court.project', roles => '{regress_app}');
SELECT steward.isolate('court.tag', roles => '{regress_app}');
SELECT steward.isolate('court.task_tag', through => 'court.task', roles => '{regress_app}');
\o
\set ECHO all

-- Every way that applies is tried, and what happened is told (of errors here the code only: servers word them differently). The owner of the table may prove it; he sees no row of it.
SELECT attempt, outcome, regexp_replace(detail, '^([0-9A-Z]{5}): .*', '\1') AS detail FROM steward.prove_isolation('court.task');

-- It leaves nothing: no row in the table or in those it references, no number drawn, no lock, no identity.
SELECT last_value, is_called FROM court.task_id_seq;
RESET ROLE;
SELECT (SELECT count(*) FROM court.task) + (SELECT count(*) FROM court.project) + (SELECT count(*) FROM court.users) AS rows;
BEGIN;
SELECT count(*) > 0 AS proved FROM steward.prove_isolation('court.task_tag');
SELECT relation::regclass, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation::regclass::text LIKE 'court.%' AND mode <> 'AccessShareLock';
SELECT steward.identity() IS NULL AS nobody, current_setting('role') AS role, current_setting('row_security') AS row_security;
ROLLBACK;

-- It works in a transaction that acts for somebody, whose identity is as it was afterwards; inside it nobody can unseal.
BEGIN;
SELECT steward.act_as('00000000-0000-0000-0000-00000000000a');
SELECT outcome, count(*) FROM steward.prove_isolation('court.task_tag') GROUP BY 1 ORDER BY 1;
SELECT steward.identity();
SAVEPOINT here;
SELECT steward.act_as('00000000-0000-0000-0000-00000000000b');
ROLLBACK TO here;
ROLLBACK;
SELECT steward.prove_as('00000000-0000-0000-0000-00000000000b');
BEGIN;
SELECT steward.prove_as('00000000-0000-0000-0000-00000000000b');
ROLLBACK;
BEGIN;
SAVEPOINT inside;
SELECT steward.prove_as('00000000-0000-0000-0000-00000000000b');
SELECT steward.identity();
RELEASE inside;
SELECT steward.identity() IS NULL AS nobody;
ROLLBACK;
SET ROLE regress_app;
BEGIN;
SAVEPOINT inside;
SELECT steward.prove_as('00000000-0000-0000-0000-00000000000b');
ROLLBACK;

-- Who may not prove is told why.
SELECT * FROM steward.prove_isolation('court.task');
SELECT steward.grant_prover('regress_app');
RESET ROLE;
SELECT * FROM steward.prove_isolation('court.users');
SELECT * FROM steward.prove_isolation('court.task', role => 'regress_nobody');
SET SESSION AUTHORIZATION regress_owner;
SELECT count(*) > 30 AS by_its_owner FROM steward.prove_isolation('court.task') WHERE outcome = 'held';
SELECT * FROM steward.prove_isolation('court.task', role => 'pg_monitor');
RESET SESSION AUTHORIZATION;

-- Every hole that somebody makes is found by trying. (Each line: what was broken, and which attempts leaked.)
CREATE FUNCTION pg_temp.after(breakage text, relation regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  leaks text[];
BEGIN
  EXECUTE breakage;
  leaks := ARRAY(SELECT p.attempt || CASE p.outcome WHEN 'leaked' THEN '' ELSE ' ' || p.outcome END
                 FROM steward.prove_isolation(relation) AS p WHERE p.outcome NOT IN ('held', 'residual'));
  RETURN QUERY SELECT unnest(leaks);
  RAISE EXCEPTION 'undo' USING ERRCODE = 'ST011';
EXCEPTION
  WHEN SQLSTATE 'ST011' THEN
    RETURN;
END
$$;
SELECT * FROM pg_temp.after('SELECT 1', 'court.task');
SELECT * FROM pg_temp.after('ALTER TABLE court.task DISABLE ROW LEVEL SECURITY', 'court.task');
SELECT * FROM pg_temp.after('ALTER POLICY steward_floor ON court.task USING (true); ALTER POLICY steward_allow ON court.task USING (true)', 'court.task');
SELECT * FROM pg_temp.after('ALTER POLICY steward_floor ON court.project WITH CHECK (true); ALTER POLICY steward_allow ON court.project WITH CHECK (true)', 'court.project');
SELECT * FROM pg_temp.after('DROP POLICY steward_floor ON court.task; CREATE POLICY p ON court.task USING (steward.identity_uuid() IS NULL OR user_id = steward.identity_uuid())', 'court.task');
SELECT * FROM pg_temp.after('DROP POLICY steward_floor ON court.task; CREATE POLICY p ON court.task FOR SELECT USING (true)', 'court.task');
SELECT * FROM pg_temp.after('GRANT TRUNCATE ON court.task TO regress_app', 'court.task');
SELECT * FROM pg_temp.after('GRANT SELECT ON SEQUENCE court.task_id_seq TO regress_app', 'court.task');
SELECT * FROM pg_temp.after('REVOKE regress_app FROM regress_owner; GRANT regress_owner TO regress_app', 'court.task');
SELECT * FROM pg_temp.after('ALTER TABLE court.task ADD UNIQUE (title)', 'court.task');
SELECT * FROM pg_temp.after('ALTER TABLE court.task DROP CONSTRAINT task_project_id_fkey, ADD FOREIGN KEY (project_id) REFERENCES court.project', 'court.task');
SELECT * FROM pg_temp.after('CREATE VIEW court.v AS SELECT * FROM court.task; GRANT SELECT ON court.v TO regress_app', 'court.task');
SELECT * FROM pg_temp.after('ALTER ROLE regress_app BYPASSRLS', 'court.task') AS t WHERE t ~ 'read|every';
SELECT * FROM pg_temp.after('CREATE POLICY opener ON court.task USING (true)', 'court.task');

-- Tables of many kinds, whose constraints the generated rows satisfy.
CREATE TYPE court.mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN court.code AS varchar(6) CHECK (VALUE ~ '^[A-Z]{3}$' OR VALUE = 'EUR');
CREATE DOMAIN court.positive AS integer CHECK (VALUE > 0) NOT NULL;
CREATE TABLE court.kind (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), short varchar(3) NOT NULL, letters char(5) NOT NULL, mood court.mood NOT NULL,
  code court.code NOT NULL, many court.positive, ratio numeric(4, 2) NOT NULL CHECK (ratio BETWEEN 0.25 AND 0.75), priority smallint NOT NULL CHECK (priority IN (3, 5)),
  status text NOT NULL CHECK (status IN ('open', 'done')), starts timestamptz NOT NULL, ends timestamptz NOT NULL CHECK (ends > starts),
  data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'), tags text[] NOT NULL, moods court.mood[] NOT NULL, address inet NOT NULL, span int4range NOT NULL,
  day daterange NOT NULL, flag boolean NOT NULL, bytes bytea NOT NULL, took interval NOT NULL, place point NOT NULL, title text NOT NULL CHECK (length(title) BETWEEN 12 AND 20),
  doubled integer GENERATED ALWAYS AS (priority * 2) STORED, optional integer REFERENCES court.project, note text DEFAULT 'none' CHECK (note <> ''),
  bits bit(3) NOT NULL, mac macaddr NOT NULL, doc xml NOT NULL, clock time NOT NULL, money numeric NOT NULL, big bigint NOT NULL, CHECK (status = 'done' OR priority = 3));
CREATE TABLE court.by_text (owner text PRIMARY KEY);
CREATE TABLE court.by_varchar (id int PRIMARY KEY, owner varchar(10) NOT NULL);
CREATE TABLE court.by_int (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, owner integer NOT NULL, UNIQUE (owner, id));
CREATE TABLE court.by_smallint (id smallserial PRIMARY KEY, owner smallint NOT NULL);
CREATE TABLE court.by_bigint (owner bigint NOT NULL);
CREATE TABLE court.self (id int PRIMARY KEY, parent int REFERENCES court.self);
CREATE TABLE court.event (id bigint NOT NULL, at date NOT NULL, kind text NOT NULL, PRIMARY KEY (id, at, kind)) PARTITION BY RANGE (at);
CREATE TABLE court.event_1 PARTITION OF court.event FOR VALUES FROM ('2031-05-01') TO ('2031-06-01') PARTITION BY LIST (kind);
CREATE TABLE court.event_1_a PARTITION OF court.event_1 FOR VALUES IN ('red', 'blue');
CREATE TABLE court.hashed (user_id uuid, n int) PARTITION BY HASH (user_id);
CREATE TABLE court.hashed_0 PARTITION OF court.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE court.hashed_1 PARTITION OF court.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE court.animal (id int PRIMARY KEY);
CREATE TABLE court.dog (barks boolean) INHERITS (court.animal);
CREATE TABLE court.team (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE court.member (team_id int REFERENCES court.team, user_id uuid REFERENCES court.users, role text NOT NULL DEFAULT 'reader', PRIMARY KEY (team_id, user_id));
CREATE TABLE court.paper (id int PRIMARY KEY, team_id int NOT NULL REFERENCES court.team, body text);
CREATE TABLE court.sheet (id int PRIMARY KEY, paper_id int NOT NULL REFERENCES court.paper);
CREATE TABLE court.country (code text PRIMARY KEY);
CREATE TABLE court.profile (user_id uuid PRIMARY KEY REFERENCES court.users, motto text);
CREATE TABLE court.person (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE court.assigned (id int PRIMARY KEY, assignee uuid NOT NULL REFERENCES court.person);
CREATE TABLE court.booking (id int PRIMARY KEY, span tsrange NOT NULL, days int4range NOT NULL);
CREATE TABLE court.here (id int PRIMARY KEY, there_id int);
CREATE TABLE court.there (id int PRIMARY KEY, here_id int NOT NULL REFERENCES court.here);
ALTER TABLE court.here ADD FOREIGN KEY (there_id) REFERENCES court.there;
CREATE TABLE court.bare ();
CREATE TABLE court.touched (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION court.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at = now(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON court.touched FOR EACH ROW EXECUTE FUNCTION court.touch();
CREATE TABLE court."o'd%sd; --" ("i""d" int PRIMARY KEY, "us er" text NOT NULL);
\set ECHO none
\o /dev/null
SELECT steward.isolate('court.kind', "references" => 'court.users', roles => '{regress_app}');
SELECT format('SELECT steward.isolate(%L, %L, roles => %L)', 'court.by_' || t, 'owner', '{regress_app}') FROM unnest('{text,varchar,int,smallint,bigint}'::text[]) AS t \gexec
SELECT steward.isolate('court.self', roles => '{regress_app}');
SELECT steward.isolate('court.event', roles => '{regress_app}');
SELECT steward.isolate('court.hashed', roles => '{regress_app}');
SELECT steward.isolate('court.animal', roles => '{regress_app}');
SELECT steward.isolate('court.member', writers => 'nobody', roles => '{regress_app}');
SELECT steward.isolate('court.paper', 'team_id', members => 'court.member', roles => '{regress_app}');
SELECT steward.isolate('court.sheet', through => 'court.paper', roles => '{regress_app}');
SELECT steward.isolate('court.country', readers => 'everyone', writers => 'nobody', roles => '{regress_app}');
SELECT steward.isolate('court.profile', readers => 'everyone', roles => '{regress_app}');
SELECT steward.isolate('court."o''d%sd; --"', 'us er', roles => '{regress_app}');
SELECT steward.isolate('court.person', 'id', roles => '{regress_app}');
SELECT steward.isolate('court.assigned', "references" => 'court.person', roles => '{regress_app}');
SELECT steward.isolate('court.booking', roles => '{regress_app}');
SELECT steward.isolate('court.here', roles => '{regress_app}');
SELECT steward.isolate('court.there', roles => '{regress_app}');
SELECT steward.isolate('court.here', roles => '{regress_app}');
SELECT steward.isolate('court.bare', roles => '{regress_app}');
SELECT steward.isolate('court.touched', roles => '{regress_app}');
\o
\set ECHO all
SELECT i.relation, count(*) > 8 AS tried, count(*) FILTER (WHERE p.outcome = 'leaked') AS leaked, count(*) FILTER (WHERE p.outcome = 'failed') AS failed
FROM steward.isolated AS i, LATERAL steward.prove_isolation(i.relation) AS p
WHERE i.root = i.relation AND i.relation::text LIKE 'court.%' GROUP BY i.relation ORDER BY i.relation::text COLLATE "C";
SELECT attempt, outcome FROM steward.prove_isolation('court.sheet') WHERE attempt LIKE 'join%' OR attempt LIKE 'hang%';
SELECT attempt, outcome FROM steward.prove_isolation('court.event') WHERE attempt LIKE 'read partition%';
SELECT * FROM pg_temp.after('ALTER TABLE court.event_1_a DISABLE ROW LEVEL SECURITY; GRANT SELECT ON court.event_1_a TO regress_app', 'court.event');
SELECT * FROM pg_temp.after('ALTER TABLE court.member DISABLE ROW LEVEL SECURITY; GRANT INSERT ON court.member TO regress_app', 'court.paper');

-- A table for which no row can be made is not proved, and says so; so is one whose rows nobody reaches.
CREATE TABLE court.hen (id int PRIMARY KEY, egg_id int NOT NULL);
CREATE TABLE court.egg (id int PRIMARY KEY, hen_id int NOT NULL REFERENCES court.hen DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE court.hen ADD FOREIGN KEY (egg_id) REFERENCES court.egg DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE court.riddle (id uuid PRIMARY KEY, answer text NOT NULL CHECK (md5(answer) = 'd41d8cd98f00b204e9800998ecf8427f' AND answer <> ''));
CREATE TABLE court.walled (id uuid PRIMARY KEY);
\set ECHO none
\o /dev/null
SELECT steward.isolate('court.hen', roles => '{regress_app}');
SELECT steward.isolate('court.riddle', roles => '{regress_app}');
SELECT steward.isolate('court.walled', roles => '{regress_app}');
\o
\set ECHO all
SELECT * FROM steward.prove_isolation('court.riddle');
SELECT * FROM steward.prove_isolation('court.hen');
CREATE POLICY wall ON court.walled AS RESTRICTIVE FOR SELECT USING (false);
SELECT attempt, outcome, detail FROM steward.prove_isolation('court.walled') WHERE attempt LIKE 'read by%';

SET client_min_messages = warning;
DROP SCHEMA court CASCADE;
REVOKE ALL ON DATABASE :DBNAME FROM regress_owner;
DROP OWNED BY regress_owner;
DROP OWNED BY regress_app;
DROP ROLE regress_app, regress_owner;
