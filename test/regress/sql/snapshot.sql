\set SHOW_CONTEXT never
-- Everything below is in one schema, so that the rest of the database does not matter.
CREATE ROLE regress_snapshot_owner;
CREATE ROLE regress_snapshot_reader;
CREATE SCHEMA regress_snapshot AUTHORIZATION regress_snapshot_owner;
GRANT USAGE ON SCHEMA regress_snapshot TO regress_snapshot_reader;
CREATE FUNCTION pg_temp.facts(pattern text) RETURNS TABLE (id text, parent text, needs text[], definition text)
LANGUAGE sql AS $$
  SELECT replace(s.id, 'regress_snapshot.', '~.'), replace(s.parent, 'regress_snapshot.', '~.'),
         replace(s.needs::text, 'regress_snapshot.', '~.')::text[],
         replace((s.definition - '{owner,position,own_storage,acl_default}'::text[])::text, 'regress_snapshot.', '~.')
  FROM steward.snapshot() AS s WHERE s.id LIKE pattern ORDER BY s.id COLLATE "C"
$$;

-- A schema: its owner, and who may use it.
SELECT id, definition ->> 'owner' AS owner, definition -> 'acl' AS acl FROM steward.snapshot() WHERE id = 'schema regress_snapshot';
SET search_path = regress_snapshot, public;

-- Types: an enum keeps the order of its labels, a composite its attributes, a domain its checks as facts of their own.
CREATE TYPE mood AS ENUM ('sad', 'fine', 'glad');
CREATE TYPE place AS (street text, number integer);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE DOMAIN email AS text NOT NULL DEFAULT '' CONSTRAINT has_at CHECK (VALUE ~ '@');
SELECT id, definition FROM pg_temp.facts('%regress_snapshot.%');

-- Columns: type, default, identity with its sequence, generation, storage, options; NOT NULL is the column's, on every release.
CREATE TABLE person (
  id integer GENERATED ALWAYS AS IDENTITY (START WITH 5) PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  mail email,
  mood mood DEFAULT 'fine',
  shouted text GENERATED ALWAYS AS (upper(name)) STORED,
  note text
);
ALTER TABLE person ALTER COLUMN note SET STORAGE EXTERNAL, ALTER COLUMN note SET (n_distinct = 5), ALTER COLUMN note SET STATISTICS 7;
COMMENT ON COLUMN person.note IS 'whatever';
GRANT SELECT (name) ON person TO regress_snapshot_reader;
SELECT id, needs, definition FROM pg_temp.facts('column %');

-- Tables: options, row security, privileges beyond the owner's own, comment; all privileges have one word.
ALTER TABLE person SET (fillfactor = 70), ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT ALL ON person TO regress_snapshot_owner;
GRANT SELECT, INSERT ON person TO regress_snapshot_reader WITH GRANT OPTION;
COMMENT ON TABLE person IS 'somebody';
SELECT id, needs, definition::jsonb - 'acl' AS definition, definition::jsonb -> 'acl' -> 'regress_snapshot_owner' AS owner,
       definition::jsonb -> 'acl' -> 'regress_snapshot_reader' AS reader FROM pg_temp.facts('table %');

-- Constraints, indexes, statistics, triggers, policies, rules are parts of their table.
CREATE TABLE task (
  owner_id integer REFERENCES person ON DELETE CASCADE DEFERRABLE,
  title text CHECK (title <> ''),
  due date,
  UNIQUE NULLS NOT DISTINCT (owner_id, title)
);
ALTER TABLE task ADD CONSTRAINT later CHECK (due > '2000-01-01') NOT VALID;
CREATE INDEX task_open ON task (lower(title) text_pattern_ops, due DESC) INCLUDE (owner_id) WHERE due IS NOT NULL;
CREATE STATISTICS task_stats (dependencies) ON owner_id, due FROM task;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE OF title ON task FOR EACH ROW WHEN (OLD.due IS NOT NULL) EXECUTE FUNCTION touch();
ALTER TABLE task DISABLE TRIGGER touch;
CREATE POLICY own ON task AS RESTRICTIVE FOR UPDATE TO regress_snapshot_reader USING (owner_id = 1) WITH CHECK (true);
CREATE RULE quiet AS ON DELETE TO task DO INSTEAD NOTHING;
SELECT id, needs, definition FROM pg_temp.facts('% ON %.task') UNION ALL
SELECT id, needs, definition FROM pg_temp.facts('index %') UNION ALL
SELECT id, needs, definition FROM pg_temp.facts('statistics %');

-- Views need columns, not only tables; functions, aggregates and sequences.
CREATE VIEW open_task WITH (security_barrier) AS SELECT t.title, p.name FROM task t JOIN person p ON p.id = t.owner_id WHERE t.due IS NOT NULL;
CREATE MATERIALIZED VIEW counted AS SELECT p.name, count(*) AS tasks FROM task t JOIN person p ON p.id = t.owner_id GROUP BY p.name;
CREATE FUNCTION twice(n integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE RETURN n * 2;
CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE SEQUENCE number AS smallint INCREMENT BY 2 OWNED BY task.owner_id;
SELECT id, needs, definition FROM pg_temp.facts('%view %') UNION ALL
SELECT id, needs, definition FROM pg_temp.facts('function %twice%') UNION ALL
SELECT id, needs, definition FROM pg_temp.facts('aggregate %') UNION ALL
SELECT id, needs, definition FROM pg_temp.facts('sequence %');

-- Partitions say whose they are; what they have from their parent is the parent's.
CREATE TABLE event (at date NOT NULL, what text CHECK (what <> '')) PARTITION BY RANGE (at);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX event_at ON event (at);
SELECT id, needs, definition FROM pg_temp.facts('%event%');

-- Publications, default privileges, and what is rarely written.
SET client_min_messages = error;
CREATE PUBLICATION regress_snapshot_news FOR TABLE task (owner_id, title) WHERE (owner_id > 0), person;
RESET client_min_messages;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_snapshot_owner IN SCHEMA regress_snapshot GRANT SELECT ON TABLES TO regress_snapshot_reader;
CREATE CAST (mood AS place) WITH INOUT;
SELECT id, definition FROM pg_temp.facts('publication %') UNION ALL
SELECT id, definition FROM pg_temp.facts('default privileges FOR ROLE regress%') UNION ALL
SELECT id, definition FROM pg_temp.facts('cast %');

-- The fingerprint names the object that changed, and comes back with it.
CREATE TEMP TABLE before AS SELECT * FROM steward.fingerprints();
ALTER TABLE task ALTER COLUMN title SET DEFAULT 'nameless';
SELECT level, id FROM (TABLE before EXCEPT SELECT * FROM steward.fingerprints()) AS d WHERE level <> 'database' ORDER BY 1;
ALTER TABLE task ALTER COLUMN title DROP DEFAULT;
TABLE before EXCEPT SELECT * FROM steward.fingerprints();
SELECT steward.fingerprint() = (SELECT fingerprint FROM before WHERE level = 'database') AS same;

-- An internal key that the server writes into the options of columns is none of the user's.
ALTER TABLE task ADD COLUMN spare integer, ALTER COLUMN spare SET (n_distinct = 2);
ALTER TABLE task ALTER COLUMN spare RESET (n_distinct);
SELECT definition FROM pg_temp.facts('column %.task.spare');

-- Neither steward itself nor what is in no schema of the user's is part of the snapshot.
SELECT count(*) FROM steward.snapshot() WHERE id LIKE '%steward.%' OR id ~ '(pg_catalog|information_schema)\.[a-z_]+$';

DROP PUBLICATION regress_snapshot_news;
SET client_min_messages = error;
DROP SCHEMA regress_snapshot CASCADE;
DROP OWNED BY regress_snapshot_owner, regress_snapshot_reader;
DROP ROLE regress_snapshot_owner, regress_snapshot_reader;
