\set SHOW_CONTEXT never
-- What was looked at once is known: after a change only what was touched is looked at, and what may have it in its definition.
CREATE SCHEMA regress_known;
SET search_path = regress_known;
CREATE TABLE person (id integer PRIMARY KEY, name text);
CREATE TABLE task (id integer PRIMARY KEY, owner_id integer REFERENCES person, title text);
CREATE TABLE tag (task_id integer REFERENCES task);
CREATE VIEW named AS SELECT t.title, p.name FROM task AS t JOIN person AS p ON p.id = t.owner_id;
CREATE VIEW twice_named AS SELECT * FROM named;
SELECT steward.look_at_objects() > 0 AS looked;
SELECT steward.look_at_objects();
ALTER TABLE tag ADD COLUMN word text;
SELECT steward.look_at_objects();
ALTER TABLE person RENAME COLUMN name TO called;
SELECT steward.look_at_objects() AS person_task_and_the_views;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;

-- What is dropped is forgotten, and what was rolled back never was.
DROP VIEW twice_named;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
SELECT count(*) AS left_over FROM steward.known_object WHERE id LIKE '%twice_named';
BEGIN;
ALTER TABLE task ADD COLUMN due date;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
ROLLBACK;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;

-- Changes of one transaction are told apart, also from what was looked at in between.
BEGIN;
COMMENT ON TABLE task IS 'one';
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
COMMENT ON TABLE task IS 'two';
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
COMMIT;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;

-- Work that leaves the schema as it is leaves the tally as it is; a change does not.
SELECT steward.tally() AS before \gset
INSERT INTO person SELECT n, 'x' FROM generate_series(1, 100) AS n;
ANALYZE;
VACUUM (FREEZE) pg_class, pg_attribute, pg_constraint;
VACUUM FULL pg_description;
SELECT steward.tally() = :before AS untouched;
GRANT SELECT (called) ON person TO PUBLIC;
SELECT steward.tally() = :before AS untouched;

-- What C++ counts of relations, SQL counts as well, where there is no library: the same objects, and each change.
\set twin `sed -n 's/^CREATE FUNCTION steward.relation_tallies/CREATE OR REPLACE FUNCTION steward.relation_tallies/; /^CREATE OR REPLACE/,/^[$][$];/p' sql/tally.sql`
BEGIN;
CREATE TEMP TABLE counted AS SELECT t.class, t.object FROM steward.tallies() AS t;
:twin
SELECT t.class, t.object FROM steward.tallies() AS t EXCEPT SELECT c.class, c.object FROM counted AS c;
SELECT c.class, c.object FROM counted AS c EXCEPT SELECT t.class, t.object FROM steward.tallies() AS t;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
COMMENT ON CONSTRAINT task_owner_id_fkey ON task IS 'whose';
ALTER TABLE tag ALTER COLUMN word SET STATISTICS 7, ADD COLUMN n integer GENERATED ALWAYS AS IDENTITY;
CREATE INDEX ON tag (word);
SELECT steward.look_at_objects() > 0 AS looked;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
ROLLBACK;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;

-- Nobody else reads or writes what is known; anybody may ask for the tally.
CREATE ROLE regress_known;
SET ROLE regress_known;
SELECT count(*) FROM steward.known_object;
DELETE FROM steward.known_object;
SELECT steward.tally() IS NOT NULL AS told;
RESET ROLE;
DROP ROLE regress_known;

-- After any change what is known gives the fingerprint of a full look: random DDL, in which things are renamed, used and dropped.
SET client_min_messages = error;
DROP SCHEMA regress_known CASCADE;
\set ECHO none
\i test/regress/support/changes.sql
\set ECHO all
BEGIN;
CREATE ROLE regress_known;
CREATE SCHEMA regress_known;
GRANT CREATE ON SCHEMA regress_known TO regress_known;
SELECT setseed(0.25);
SELECT pg_temp.misjudged(40);
ROLLBACK;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
