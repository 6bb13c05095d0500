-- Random DDL over a small pool of names, so that things meet: renamed, used by each other, dropped. #n in a template is a
-- number from 0 to 3, the same wherever it stands with the same n. What cannot run is undone and counts as no change.
CREATE FUNCTION pg_temp.random_change() RETURNS text
LANGUAGE plpgsql AS $body$
DECLARE
  templates constant text[] := ARRAY[
    'CREATE TABLE t#1 (c0 integer PRIMARY KEY, c1 text, c2 mood#2, c3 integer[])',
    'CREATE TABLE t#1 (c0 integer GENERATED ALWAYS AS IDENTITY, c1 text CHECK (c1 <> ''''), c2 date DEFAULT current_date)',
    'CREATE TABLE t#1 (c0 bigserial PRIMARY KEY, c1 label#2, c2 pair#3, LIKE t#4)',
    'CREATE TABLE t#1 (c0 integer, c1 text) PARTITION BY RANGE (c0)',
    'CREATE TABLE t#1 PARTITION OF t#2 FOR VALUES FROM (#3) TO (9)',
    'CREATE TABLE t#1 () INHERITS (t#2)',
    'DROP TABLE t#1 CASCADE',
    'ALTER TABLE t#1 RENAME TO t#2',
    'ALTER TABLE t#1 RENAME c#2 TO c#3',
    'ALTER TABLE t#1 ADD COLUMN c#2 mood#3',
    'ALTER TABLE t#1 ADD COLUMN c#2 text GENERATED ALWAYS AS (upper(c1)) STORED',
    'ALTER TABLE t#1 ADD COLUMN c#2 t#3',
    'ALTER TABLE t#1 DROP COLUMN c#2 CASCADE',
    'ALTER TABLE t#1 ALTER c#2 SET DEFAULT f#3(1)',
    'ALTER TABLE t#1 ALTER c#2 SET NOT NULL',
    'ALTER TABLE t#1 ALTER c#2 TYPE text',
    'ALTER TABLE t#1 ALTER c#2 SET STATISTICS 5',
    'ALTER TABLE t#1 SET (fillfactor = 7#2)',
    'ALTER TABLE t#1 SET (toast.autovacuum_enabled = false)',
    'ALTER TABLE t#1 ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE t#1 OWNER TO regress_known',
    'ALTER TABLE t#1 OWNER TO CURRENT_USER',
    'ALTER TABLE t#1 ADD CONSTRAINT k#2 CHECK (c0 > #3)',
    'ALTER TABLE t#1 ADD CONSTRAINT k#2 UNIQUE (c0)',
    'ALTER TABLE t#1 ADD CONSTRAINT k#2 FOREIGN KEY (c0) REFERENCES t#3',
    'ALTER TABLE t#1 RENAME CONSTRAINT k#2 TO k#3',
    'ALTER TABLE t#1 DROP CONSTRAINT k#2 CASCADE',
    'ALTER TABLE t#1 REPLICA IDENTITY FULL',
    'ALTER TABLE t#1 INHERIT t#2',
    'ALTER TABLE t#1 CLUSTER ON i#2',
    'ALTER TABLE t#1 DETACH PARTITION t#2',
    'CREATE INDEX i#1 ON t#2 (c0, c1)',
    'CREATE INDEX i#1 ON t#2 (lower(c1)) WHERE c0 > 0',
    'ALTER INDEX i#1 RENAME TO i#2',
    'ALTER INDEX i#1 SET (fillfactor = 8#2)',
    'COMMENT ON INDEX i#1 IS ''index #2''',
    'DROP INDEX i#1',
    'CREATE STATISTICS s#1 ON c0, c1 FROM t#2',
    'ALTER STATISTICS s#1 SET STATISTICS #2',
    'CREATE VIEW v#1 AS SELECT c0, c1 FROM t#2 WHERE c1 IS NOT NULL',
    'CREATE VIEW v#1 AS SELECT a.*, b.c0 AS other FROM t#2 AS a JOIN t#3 AS b USING (c1)',
    'CREATE VIEW v#1 AS SELECT * FROM v#2',
    'CREATE VIEW v#1 AS SELECT x.* FROM g#2() AS x',
    'CREATE MATERIALIZED VIEW m#1 AS SELECT c1, count(*) FROM t#2 GROUP BY c1',
    'CREATE INDEX i#1 ON m#2 (c1)',
    'CREATE OR REPLACE VIEW v#1 AS SELECT c0, f#2(c0) AS c1 FROM t#3',
    'ALTER VIEW v#1 RENAME c0 TO c9',
    'ALTER VIEW v#1 SET (security_barrier)',
    'COMMENT ON COLUMN v#1.c0 IS ''column #2''',
    'DROP VIEW v#1 CASCADE',
    'DROP MATERIALIZED VIEW m#1',
    'CREATE RULE r#1 AS ON INSERT TO v#2 DO INSTEAD INSERT INTO t#3 (c0) VALUES (new.c0)',
    'CREATE TYPE mood#1 AS ENUM (''a'', ''b'')',
    'ALTER TYPE mood#1 ADD VALUE ''c#2''',
    'ALTER TYPE mood#1 RENAME VALUE ''a'' TO ''z''',
    'ALTER TYPE mood#1 RENAME TO mood#2',
    'CREATE TYPE pair#1 AS (a integer, b mood#2)',
    'ALTER TYPE pair#1 RENAME ATTRIBUTE a TO x',
    'ALTER TYPE pair#1 ADD ATTRIBUTE y text',
    'CREATE TYPE span#1 AS RANGE (subtype = integer)',
    'CREATE DOMAIN label#1 AS text CONSTRAINT short CHECK (length(VALUE) < 1#2)',
    'CREATE DOMAIN label#1 AS mood#2 DEFAULT ''b''',
    'ALTER DOMAIN label#1 SET NOT NULL',
    'COMMENT ON CONSTRAINT short ON DOMAIN label#1 IS ''#2''',
    'DROP DOMAIN label#1 CASCADE',
    'DROP TYPE mood#1 CASCADE',
    'DROP TYPE pair#1 CASCADE',
    'CREATE OR REPLACE FUNCTION f#1(integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 + #2',
    'CREATE OR REPLACE FUNCTION f#1(integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT f#2($1) + count(*) FROM t#3; END',
    'CREATE FUNCTION g#1() RETURNS SETOF t#2 LANGUAGE sql AS ''SELECT NULL''',
    'CREATE FUNCTION h#1(t#2, mood#3) RETURNS void LANGUAGE sql AS ''''',
    'CREATE FUNCTION touch#1() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN new; END''',
    'ALTER FUNCTION f#1(integer) RENAME TO f#2',
    'ALTER FUNCTION f#1(integer) SET search_path = pg_catalog',
    'GRANT EXECUTE ON FUNCTION f#1(integer) TO regress_known',
    'DROP FUNCTION f#1(integer) CASCADE',
    'DROP FUNCTION g#1 CASCADE',
    'CREATE TRIGGER touch BEFORE INSERT ON t#1 FOR EACH ROW EXECUTE FUNCTION touch#2()',
    'ALTER FUNCTION touch#1() RENAME TO touch#2',
    'ALTER TABLE t#1 DISABLE TRIGGER touch',
    'COMMENT ON TRIGGER touch ON t#1 IS ''trigger #2''',
    'CREATE POLICY p#1 ON t#2 USING (c0 = f#3(1))',
    'CREATE POLICY p#1 ON t#2 FOR SELECT TO regress_known USING (EXISTS (SELECT FROM t#3 WHERE c0 = 1))',
    'ALTER POLICY p#1 ON t#2 RENAME TO p#3',
    'COMMENT ON POLICY p#1 ON t#2 IS ''policy #3''',
    'CREATE SEQUENCE q#1',
    'ALTER SEQUENCE q#1 OWNED BY t#2.c0',
    'ALTER SEQUENCE q#1 RENAME TO q#2',
    'ALTER TABLE t#1 ALTER c0 SET DEFAULT nextval(''q#2'')',
    'ALTER SEQUENCE t#1_c0_seq INCREMENT 1#2',
    'ALTER SEQUENCE t#1_c0_seq RENAME TO q#2',
    'DROP SEQUENCE q#1 CASCADE',
    'CREATE AGGREGATE sum#1 (integer) (SFUNC = int4pl, STYPE = integer)',
    'COMMENT ON TABLE t#1 IS ''table #2''',
    'COMMENT ON COLUMN t#1.c#2 IS ''column #3''',
    'COMMENT ON CONSTRAINT k#1 ON t#2 IS ''constraint #3''',
    'COMMENT ON FUNCTION f#1(integer) IS ''function #2''',
    'COMMENT ON TYPE mood#1 IS ''type #2''',
    'COMMENT ON SCHEMA regress_known IS ''schema #1''',
    'GRANT SELECT ON t#1 TO regress_known',
    'GRANT UPDATE (c1) ON t#1 TO regress_known',
    'REVOKE ALL ON t#1 FROM regress_known',
    'GRANT USAGE ON SCHEMA regress_known TO PUBLIC',
    'ALTER DEFAULT PRIVILEGES IN SCHEMA regress_known GRANT SELECT ON TABLES TO regress_known',
    'CREATE CAST (mood#1 AS pair#2) WITH INOUT',
    'CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = mood#1, FUNCTION = h#2)',
    'CREATE COLLATION l#1 FROM "C"',
    'CREATE PUBLICATION regress_known_#1 FOR TABLE t#2 (c0)',
    'ALTER PUBLICATION regress_known_#1 ADD TABLE t#2',
    'DROP PUBLICATION regress_known_#1',
    'ALTER SCHEMA regress_known RENAME TO regress_unknown',
    'ALTER SCHEMA regress_unknown RENAME TO regress_known',
    'CREATE SCHEMA regress_known_#1',
    'ALTER TABLE t#1 SET SCHEMA regress_known_#2',
    'ALTER TABLE regress_known_#1.t#2 SET SCHEMA regress_known',
    'DROP SCHEMA regress_known_#1 CASCADE',
    'ALTER ROLE regress_known RENAME TO regress_unknown',
    'ALTER ROLE regress_unknown RENAME TO regress_known',
    'CREATE TEMPORARY TABLE t#1 (c0 integer) ON COMMIT DROP',
    'TRUNCATE t#1',
    'ANALYZE t#1'];
  change text := templates[1 + floor(random() * cardinality(templates))];
BEGIN
  FOR n IN 1..4 LOOP
    change := replace(change, '#' || n, floor(random() * 4)::integer::text);
  END LOOP;
  EXECUTE change;
  RETURN change;
EXCEPTION
  WHEN OTHERS THEN RETURN NULL;  -- not possible now: what matters is what was changed
END
$body$;

-- Makes that many changes that were possible; after each the known fingerprint must be the one of a full look. Returns the
-- changes after which it was not.
CREATE FUNCTION pg_temp.misjudged(changes integer) RETURNS SETOF text
LANGUAGE plpgsql AS $body$
DECLARE
  done integer := 0;
  change text;
BEGIN
  WHILE done < changes LOOP
    change := pg_temp.random_change();
    CONTINUE WHEN change IS NULL;
    done := done + 1;
    IF steward.known_fingerprint() <> steward.fingerprint() THEN
      RETURN NEXT change;
    END IF;
  END LOOP;
END
$body$;
