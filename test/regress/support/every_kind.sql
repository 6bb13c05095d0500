-- A schema with an object of every kind that a snapshot describes, and every form of it that releases of the server treat
-- differently. What only makes an error or another result on one of them has no place here.
CREATE ROLE regress_every SUPERUSER;
CREATE ROLE regress_every_owner;
CREATE ROLE regress_every_reader;
SET SESSION AUTHORIZATION regress_every;
SET client_min_messages = error;
CREATE SCHEMA every AUTHORIZATION regress_every_owner;
CREATE SCHEMA "Other One";
GRANT USAGE ON SCHEMA every TO regress_every_reader WITH GRANT OPTION;
COMMENT ON SCHEMA every IS 'all kinds';
SET search_path = every;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_every_owner IN SCHEMA every GRANT SELECT ON TABLES TO regress_every_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_every_owner GRANT ALL ON SEQUENCES TO regress_every_reader;

-- Types.
CREATE TYPE mood AS ENUM ('sad', 'fine', 'glad');
ALTER TYPE mood ADD VALUE 'so so' BEFORE 'fine';
CREATE TYPE place AS (street text COLLATE "C", number integer, mood mood);
CREATE TYPE span AS RANGE (subtype = timestamptz, multirange_type_name = spans);
CREATE DOMAIN email AS varchar(200) COLLATE "C" NOT NULL DEFAULT 'none' CONSTRAINT has_at CHECK (VALUE ~ '@' OR VALUE = 'none');
CREATE DOMAIN positive AS numeric(12, 2) CHECK (VALUE > 0);
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 1000000) NOT VALID;
COMMENT ON CONSTRAINT has_at ON DOMAIN email IS 'rough';
COMMENT ON TYPE mood IS 'how one is';
COMMENT ON COLUMN place.street IS 'without the number';
GRANT USAGE ON TYPE mood TO regress_every_reader;
CREATE COLLATION plain FROM "C";
CREATE TYPE shell;
CREATE TYPE tiny;
CREATE FUNCTION tiny_in(cstring) RETURNS tiny LANGUAGE internal IMMUTABLE STRICT AS 'int2in';
CREATE FUNCTION tiny_out(tiny) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int2out';
CREATE TYPE tiny (INPUT = tiny_in, OUTPUT = tiny_out, INTERNALLENGTH = 2, PASSEDBYVALUE, ALIGNMENT = int2, DEFAULT = '7', CATEGORY = 'N');
COMMENT ON TYPE tiny IS 'not large';

-- Routines.
CREATE FUNCTION twice(n integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN n * 2;
CREATE FUNCTION sum_to(VARIADIC numbers integer[], OUT total bigint) LANGUAGE sql
BEGIN ATOMIC
  SELECT sum(n) FROM unnest(sum_to.numbers) AS n;
END;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.changed_at := now();
  RETURN NEW;
END
$$;
CREATE FUNCTION moods(OUT m mood, OUT n integer) RETURNS SETOF record LANGUAGE sql AS 'SELECT ''sad''::every.mood, 1';
CREATE PROCEDURE clean(INOUT count integer) LANGUAGE plpgsql AS 'BEGIN count := 0; END';
CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', PARALLEL = SAFE, COMBINEFUNC = int4pl);
CREATE FUNCTION as_text(mood) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
REVOKE ALL ON FUNCTION twice(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION twice(integer) TO regress_every_reader;
COMMENT ON FUNCTION twice(integer) IS 'n and n';
COMMENT ON AGGREGATE total(integer) IS 'all';

-- Tables.
CREATE SEQUENCE number AS smallint START 10 INCREMENT BY 5 MAXVALUE 1000 CYCLE CACHE 3;
CREATE TABLE person (
  id integer GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY 2) PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  mail email,
  mood mood DEFAULT 'fine' NOT NULL,
  home place,
  shouted text GENERATED ALWAYS AS (upper(name)) STORED,
  number smallint DEFAULT nextval('number'),
  tags varchar(20)[] DEFAULT '{}',
  seen span,
  born date DEFAULT '1970-01-01' CHECK (born > DATE '1900-01-01'),
  spare integer,
  changed_at timestamptz DEFAULT now(),
  waits interval DEFAULT '1 day 02:00',
  raw bytea DEFAULT '\x00ff',
  ratio double precision DEFAULT 0.1,
  CONSTRAINT kind CHECK (name IN ('a', 'b') OR mood <> 'sad'),
  CONSTRAINT named CHECK (mail::text IN ('x', 'y')) NO INHERIT
);
ALTER TABLE person DROP COLUMN spare;
ALTER SEQUENCE number OWNED BY person.number;
ALTER TABLE person ALTER COLUMN name SET STORAGE EXTERNAL, ALTER COLUMN name SET (n_distinct = 5), ALTER COLUMN name SET STATISTICS 7,
  ALTER COLUMN tags SET COMPRESSION pglz;
ALTER TABLE person SET (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE person ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, REPLICA IDENTITY FULL;
ALTER TABLE person OWNER TO regress_every_owner;
GRANT ALL ON person TO regress_every_reader;
GRANT SELECT, INSERT ON person TO PUBLIC;
GRANT UPDATE (name, mail) ON person TO regress_every_reader WITH GRANT OPTION;
COMMENT ON TABLE person IS 'somebody';
COMMENT ON COLUMN person.name IS 'as it''s spoken';
COMMENT ON CONSTRAINT kind ON person IS 'of a kind';
CREATE POLICY own ON person USING (id = (SELECT current_setting('app.id')::integer));
CREATE POLICY floor ON person AS RESTRICTIVE FOR UPDATE TO regress_every_reader USING (name <> '') WITH CHECK (mood = ANY (ARRAY['sad', 'glad']::mood[]));
COMMENT ON POLICY own ON person IS 'its own';
CREATE TRIGGER touch BEFORE UPDATE OF name, mail ON person FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION touch();
CREATE TRIGGER later AFTER INSERT ON person REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION touch();
ALTER TABLE person ENABLE ALWAYS TRIGGER touch;
ALTER TABLE person DISABLE TRIGGER later;
COMMENT ON TRIGGER touch ON person IS 'when';
CREATE TABLE task (
  id bigserial,
  owner_id integer REFERENCES person ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
  title varchar(100) NOT NULL,
  state varchar(10) DEFAULT 'open' CHECK (state IN ('open', 'done', 'won''t')),
  due date,
  amount positive,
  during tstzrange,
  CONSTRAINT task_key PRIMARY KEY (id) INCLUDE (title) WITH (fillfactor = 80),
  CONSTRAINT once UNIQUE NULLS NOT DISTINCT (owner_id, title),
  CONSTRAINT apart EXCLUDE USING gist (during WITH &&) WHERE (due IS NOT NULL)
);
ALTER TABLE task ADD CONSTRAINT later CHECK (due > '2000-01-01') NOT VALID;
ALTER TABLE task CLUSTER ON task_key;
CREATE INDEX task_open ON task (lower(title) text_pattern_ops, due DESC NULLS LAST) INCLUDE (owner_id) WHERE state <> 'done';
CREATE INDEX task_words ON task USING gin (to_tsvector('english', title));
CREATE INDEX task_hash ON task USING hash (state);
CREATE INDEX task_brin ON task USING brin (due) WITH (pages_per_range = 16);
ALTER INDEX task_open ALTER COLUMN 1 SET STATISTICS 50;
COMMENT ON INDEX task_open IS 'not done';
CREATE STATISTICS task_stats (dependencies, ndistinct) ON owner_id, due FROM task;
CREATE STATISTICS task_words_stats ON (lower(title)), state FROM task;
ALTER STATISTICS task_stats SET STATISTICS 50;
CREATE RULE quiet AS ON DELETE TO task WHERE OLD.state = 'open' DO INSTEAD UPDATE task SET state = 'done' WHERE id = OLD.id;
CREATE UNLOGGED TABLE scratch (n integer, LIKE task INCLUDING DEFAULTS);
CREATE TABLE "Odd ""Name""" ("Group" integer PRIMARY KEY, "select" text UNIQUE);
CREATE TABLE of_place OF place (street NOT NULL, number DEFAULT 1);
CREATE TABLE elder (a integer NOT NULL, b text, CHECK (a > 0));
CREATE TABLE heir (c integer, b text NOT NULL) INHERITS (elder);

-- Partitions.
CREATE TABLE event (id integer GENERATED BY DEFAULT AS IDENTITY, at date NOT NULL, what text NOT NULL CHECK (what <> ''), PRIMARY KEY (id, at, what)) PARTITION BY RANGE (at);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (what);
CREATE TABLE event_2026_a PARTITION OF event_2026 FOR VALUES IN ('a', 'b');
CREATE TABLE event_rest PARTITION OF event DEFAULT;
CREATE INDEX event_what ON event (what);
CREATE TRIGGER touch AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE hashed (id bigint REFERENCES task) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);

-- Views: of one table, of several, of themselves.
CREATE VIEW plain_view AS SELECT id, name, upper(mail) AS mail FROM person WHERE name <> 'person.name' AND mood = 'sad';
CREATE VIEW aliased AS SELECT p.id, p.name AS "Name", p.home FROM person p WHERE p.born IS NOT NULL ORDER BY p.name DESC, p.id;
CREATE VIEW ordered AS SELECT lower(title) AS title, due AS "Due" FROM task ORDER BY task.title, task.due;
CREATE VIEW grouped WITH (security_barrier = true) AS SELECT state, count(*) AS n, max(due) AS last FROM task GROUP BY state HAVING count(*) > 1;
CREATE VIEW sub AS SELECT id, (SELECT count(*) FROM task t WHERE t.owner_id = person.id) AS tasks FROM person WHERE EXISTS (SELECT 1 FROM task WHERE task.owner_id = person.id AND (task.due > person.born OR (task.due IS NULL)));
CREATE VIEW windowed AS SELECT id, rank() OVER (PARTITION BY state ORDER BY due) AS r, sum(amount) OVER w AS s FROM task WINDOW w AS (PARTITION BY owner_id ORDER BY id);
CREATE VIEW joined AS SELECT t.title, p.name FROM task t JOIN person p ON p.id = t.owner_id LEFT JOIN LATERAL (SELECT 1 AS one WHERE p.id > 0) l ON true;
CREATE VIEW used AS SELECT a, heir.c, elder.b FROM elder JOIN heir USING (a);
CREATE VIEW both_sides AS SELECT id FROM person UNION ALL SELECT id FROM task WHERE task.due IS NULL;
CREATE VIEW with_query AS WITH recent AS (SELECT id, due FROM task WHERE task.due > '2026-01-01') SELECT id FROM recent;
CREATE RECURSIVE VIEW counting (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 10;
CREATE VIEW inner_one AS SELECT x.id FROM (SELECT id, title FROM task WHERE due IS NULL) x WHERE x.title <> '';
CREATE VIEW from_function AS SELECT m, n FROM moods() WHERE n > 0;
CREATE VIEW from_values AS SELECT a, b FROM (VALUES (1, 'x'), (2, 'y')) AS v (a, b);
CREATE VIEW whole_row AS SELECT person, (home).street FROM person;
CREATE VIEW changeable AS SELECT id, title FROM task WHERE state = 'open' WITH CASCADED CHECK OPTION;
CREATE VIEW odd AS SELECT "Group", "Odd ""Name"""."select" FROM "Odd ""Name""" WHERE "select" LIKE '%"Odd ""Name""".x%';
CREATE VIEW case_view AS SELECT CASE WHEN due IS NULL THEN 'none' ELSE to_char(due, 'YYYY') END AS y, title::text || 'task.title' AS t FROM task WHERE id IN (1, 2) AND due BETWEEN '2026-01-01' AND CURRENT_DATE;
CREATE VIEW on_view AS SELECT id FROM plain_view WHERE id > 3;
CREATE VIEW distinct_view AS SELECT DISTINCT ON (owner_id) owner_id, title FROM task ORDER BY owner_id, due DESC;
CREATE VIEW sets AS SELECT owner_id, state, count(*) FILTER (WHERE due IS NULL) AS n FROM task GROUP BY GROUPING SETS ((owner_id), (state), ());
CREATE VIEW sampled AS SELECT id FROM task TABLESAMPLE system (10) LIMIT 5;
CREATE VIEW parts AS SELECT extract(year FROM due) AS y, substring(title FROM 2) AS s, trim(both 'x' FROM state) AS t FROM task;
CREATE VIEW locked AS SELECT 1 AS one;
CREATE RULE insert_one AS ON INSERT TO locked DO INSTEAD INSERT INTO scratch (n) SELECT a FROM elder WHERE a = NEW.one;
CREATE TRIGGER instead INSTEAD OF UPDATE ON changeable FOR EACH ROW EXECUTE FUNCTION touch();
ALTER VIEW changeable ALTER COLUMN title SET DEFAULT 'none';
COMMENT ON VIEW plain_view IS 'plain';
COMMENT ON COLUMN plain_view.name IS 'plain name';
GRANT SELECT ON plain_view TO regress_every_reader;
CREATE MATERIALIZED VIEW counted AS SELECT state, count(*) AS n FROM task GROUP BY state;
CREATE UNIQUE INDEX counted_state ON counted (state);
CREATE MATERIALIZED VIEW hollow AS SELECT id FROM person WHERE id > 1 WITH NO DATA;

-- What is rarely written.
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = ===, HASHES);
CREATE CAST (mood AS text) WITH FUNCTION as_text(mood);
CREATE TEXT SEARCH DICTIONARY short (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION words (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR asciiword WITH short;
CREATE TEXT SEARCH TEMPLATE plain_template (LEXIZE = dsimple_lexize, INIT = dsimple_init);
CREATE TEXT SEARCH PARSER cut (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE OPERATOR FAMILY kin USING btree;
ALTER OPERATOR FAMILY kin USING btree ADD OPERATOR 1 < (integer, bigint);
CREATE FUNCTION compare(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN btint4cmp($1, $2);
CREATE OPERATOR CLASS ordering FOR TYPE integer USING btree FAMILY kin AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 compare(integer, integer);
CREATE CONVERSION turn FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE LANGUAGE regress_every_speech HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION change(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'pg_ddl_command_recv';
CREATE TRANSFORM FOR mood LANGUAGE regress_every_speech (FROM SQL WITH FUNCTION change(internal));
CREATE ACCESS METHOD regress_every_pile TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE piled (n integer) USING regress_every_pile;
CREATE PUBLICATION regress_every_news FOR TABLE task (id, owner_id, title) WHERE (owner_id > 0) WITH (publish = 'insert, update');
CREATE PUBLICATION regress_every_schema FOR TABLES IN SCHEMA "Other One";
CREATE PUBLICATION regress_every_all FOR ALL TABLES WITH (publish_via_partition_root = true);
CREATE FOREIGN DATA WRAPPER regress_every_wrapper OPTIONS (debug 'true');
CREATE SERVER regress_every_server TYPE 't' VERSION '1' FOREIGN DATA WRAPPER regress_every_wrapper OPTIONS (host 'h');
CREATE USER MAPPING FOR regress_every_reader SERVER regress_every_server OPTIONS (user 'u', password 'p');
CREATE FOREIGN TABLE far (id integer OPTIONS (x 'y') NOT NULL, name text COLLATE "C") SERVER regress_every_server OPTIONS (t 'far');
GRANT USAGE ON FOREIGN SERVER regress_every_server TO regress_every_reader;
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER regress_every_watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION watch();
ALTER EVENT TRIGGER regress_every_watch DISABLE;
RESET client_min_messages;
RESET search_path;
RESET SESSION AUTHORIZATION;
