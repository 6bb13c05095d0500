\i test/regress/support/rules.sql

-- index-duplicate: what others call duplicates and are none: another order, another uniqueness, another method, a name within a name.
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (a int, b int, c text, d text UNIQUE);
CREATE INDEX a_1 ON t (a); CREATE INDEX a_2 ON t (a); CREATE INDEX a_down ON t (a DESC);
CREATE INDEX ab ON t (a, b DESC); CREATE INDEX ab_turned ON t (a DESC, b); CREATE INDEX ab_other ON t (a, b); CREATE INDEX ab_nulls ON t (a, b DESC NULLS LAST);
CREATE UNIQUE INDEX a_unique ON t (a); CREATE INDEX a_hash ON t USING hash (a); CREATE INDEX a_partial ON t (a) WHERE b > 0;
CREATE INDEX c_text ON t (c); CREATE INDEX c_like ON t (c text_pattern_ops); CREATE INDEX c_expression ON t (lower(c)); CREATE INDEX c_german ON t (c COLLATE "C");
CREATE INDEX ab_included ON t (b) INCLUDE (a); CREATE INDEX b_only ON t (b); CREATE UNIQUE INDEX d_again ON t (d);
CREATE TABLE split (a int) PARTITION BY LIST (a); CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
CREATE INDEX split_a ON split (a); CREATE INDEX own_1 ON split_1 (a) WHERE a > 0; CREATE INDEX own_2 ON split_1 (a) WHERE a > 0;
SELECT * FROM pg_temp.check_rule('index-duplicate');
ROLLBACK;

-- index-redundant-prefix
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (a int, b int, c int);
CREATE INDEX a_only ON t (a); CREATE INDEX a_b ON t (a, b); CREATE UNIQUE INDEX b_unique ON t (b); CREATE INDEX b_c ON t (b, c);
CREATE INDEX c_hash ON t USING hash (c); CREATE INDEX c_b ON t (c, b); CREATE INDEX c_where ON t (c) WHERE a > 0; CREATE INDEX c_a ON t (c DESC) INCLUDE (a);
SELECT * FROM pg_temp.check_rule('index-redundant-prefix');
ROLLBACK;

-- index-on-primary-key
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE INDEX again ON t (id); CREATE INDEX more ON t (id) INCLUDE (n); CREATE INDEX other ON t (id, n);
SELECT * FROM pg_temp.check_rule('index-on-primary-key');
ROLLBACK;

-- index-on-unique-column
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (code text UNIQUE, name text); CREATE UNIQUE INDEX ON t (lower(name));
CREATE INDEX again ON t (code); CREATE INDEX lower_again ON t (lower(name)); CREATE INDEX liked ON t (code text_pattern_ops); CREATE INDEX other ON t (name);
SELECT * FROM pg_temp.check_rule('index-on-unique-column');
ROLLBACK;

-- index-superset-of-unique
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (a int NOT NULL UNIQUE, b int UNIQUE, c int); CREATE UNIQUE INDEX wider ON t (c, a); CREATE UNIQUE INDEX of_nullable ON t (b, c);
SELECT * FROM pg_temp.check_rule('index-superset-of-unique');
ROLLBACK;

-- index-invalid: the parent of a partitioned index waits for its partitions, and is not broken.
CREATE SCHEMA h;
CREATE TABLE h.t (n int); INSERT INTO h.t VALUES (1), (1);
CREATE UNIQUE INDEX CONCURRENTLY failed ON h.t (n);
CREATE TABLE h.split (n int) PARTITION BY LIST (n); CREATE TABLE h.split_1 PARTITION OF h.split FOR VALUES IN (1);
CREATE INDEX waiting ON ONLY h.split (n);
BEGIN;
SELECT * FROM pg_temp.check_rule('index-invalid');
ROLLBACK;
DROP SCHEMA h CASCADE;

-- index-unused
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (n int, p_id int REFERENCES p, u int UNIQUE, x int);
CREATE INDEX idle ON t (n); CREATE INDEX ON t (p_id); CREATE INDEX ON t ((x + 1));
SELECT * FROM pg_temp.check_rule('index-unused', '{"pages": 0, "scans": 0, "days": 0}');
SELECT * FROM pg_temp.check_rule('index-unused');
ROLLBACK;

-- table-missing-index-by-stats
CREATE SCHEMA h; CREATE TABLE h.read (n int); CREATE TABLE h.unread (n int);
INSERT INTO h.read SELECT generate_series(1, 100); INSERT INTO h.unread SELECT generate_series(1, 100); ANALYZE h.read, h.unread;
SELECT count(*) FROM h.read; SELECT count(*) FROM h.read; SELECT count(*) FROM h.read;
DO $$ BEGIN PERFORM pg_stat_force_next_flush(); END $$;
BEGIN;
SELECT regexp_replace(line, '\d+ times', 'N times') FROM pg_temp.check_rule('table-missing-index-by-stats', '{"rows": 100, "scans": 3}') AS line;
ROLLBACK;
DROP SCHEMA h CASCADE;

-- index-on-boolean
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (done boolean, n int); CREATE INDEX flag ON t (done); CREATE INDEX rare ON t (n) WHERE done; CREATE INDEX last ON t (n, done);
SELECT * FROM pg_temp.check_rule('index-on-boolean');
ROLLBACK;

-- index-mostly-null
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (rare int, full_one int); INSERT INTO t SELECT CASE WHEN n % 10 = 0 THEN n END, n FROM generate_series(1, 1000) AS n; ANALYZE t;
CREATE INDEX whole ON t (rare); CREATE INDEX part ON t (rare) WHERE rare IS NOT NULL; CREATE INDEX other ON t (full_one);
SELECT * FROM pg_temp.check_rule('index-mostly-null');
ROLLBACK;

-- index-unneeded-predicate
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (a int NOT NULL, b int); CREATE INDEX unneeded ON t (b) WHERE a IS NOT NULL; CREATE INDEX needed ON t (a) WHERE b IS NOT NULL;
SELECT * FROM pg_temp.check_rule('index-unneeded-predicate');
ROLLBACK;

-- index-btree-on-array-or-jsonb
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (tags text[], body jsonb); CREATE INDEX list ON t (tags); CREATE INDEX doc ON t (body);
CREATE INDEX right_one ON t USING gin (tags); CREATE INDEX field ON t ((body ->> 'a'));
SELECT * FROM pg_temp.check_rule('index-btree-on-array-or-jsonb');
ROLLBACK;

-- index-timestamp-not-last
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (at timestamptz, n int); CREATE INDEX first ON t (at, n); CREATE INDEX last ON t (n, at);
SELECT * FROM pg_temp.check_rule('index-timestamp-not-last');
ROLLBACK;

-- index-too-many-columns
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (a int, b int, c int, d int, e int, UNIQUE (a, b, c, d, e)); CREATE INDEX five ON t (a, b, c, d, e); CREATE INDEX four ON t (a, b, c, d) INCLUDE (e);
SELECT * FROM pg_temp.check_rule('index-too-many-columns');
ROLLBACK;

-- index-repeated-column
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (a text, b int); CREATE INDEX twice ON t (a, b, a); CREATE INDEX classes ON t (a, a text_pattern_ops); CREATE INDEX once ON t (a, b);
SELECT * FROM pg_temp.check_rule('index-repeated-column');
ROLLBACK;

-- table-too-many-indexes
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE many (a int, b int, c int); CREATE INDEX ON many (a); CREATE INDEX ON many (b); CREATE INDEX ON many (c);
CREATE TABLE few (a int, b int); CREATE INDEX ON few (a); CREATE INDEX ON few (b);
SELECT * FROM pg_temp.check_rule('table-too-many-indexes', '{"indexes": 2}');
ROLLBACK;

-- index-bloat
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (n int); CREATE INDEX loose ON t (n) WITH (fillfactor = 10); CREATE INDEX tight ON t (n) WITH (fillfactor = 100);
INSERT INTO t SELECT generate_series(1, 5000); REINDEX INDEX loose; REINDEX INDEX tight; ANALYZE t;
SELECT regexp_replace(line, 'has .*', 'has too much') FROM pg_temp.check_rule('index-bloat', '{"pages": 1, "times": 3}') AS line;
ROLLBACK;

-- table-bloat
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE loose (n int) WITH (fillfactor = 10); INSERT INTO loose SELECT generate_series(1, 5000);
CREATE TABLE tight (n int); INSERT INTO tight SELECT generate_series(1, 5000); ANALYZE loose, tight;
SELECT regexp_replace(line, 'has .*', 'has too much') FROM pg_temp.check_rule('table-bloat', '{"pages": 1, "times": 3}') AS line;
ROLLBACK;

-- composite-user-index
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE bare (user_id int, created_at timestamptz); CREATE INDEX ON bare (user_id);
CREATE TABLE indexed (user_id int, created_at timestamptz); CREATE INDEX ON indexed (user_id, created_at DESC);
SELECT * FROM pg_temp.check_rule('composite-user-index', '{"rows": 0}');
ROLLBACK;

-- frequently-filtered-column-unindexed
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE bare (slug text, status text); CREATE TABLE owned (user_id int, slug text); CREATE INDEX ON owned (user_id, slug);
SELECT * FROM pg_temp.check_rule('frequently-filtered-column-unindexed', '{"filter_columns": ["slug"]}');
SELECT * FROM pg_temp.check_rule('frequently-filtered-column-unindexed', '{"rows": 0, "scans": 0, "likely_columns": ["status"]}');
ROLLBACK;

-- soft-delete-index-not-partial
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (n int, p_id int REFERENCES p, code text UNIQUE, deleted_at timestamptz);
CREATE INDEX whole ON t (n); CREATE INDEX living ON t (n) WHERE deleted_at IS NULL; CREATE INDEX gone ON t (deleted_at); CREATE INDEX of_key ON t (p_id);
SELECT * FROM pg_temp.check_rule('soft-delete-index-not-partial');
ROLLBACK;

-- unique-ignores-soft-delete
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (id int PRIMARY KEY, email text UNIQUE, name text, public_id uuid UNIQUE DEFAULT gen_random_uuid(), deleted_at timestamptz);
CREATE UNIQUE INDEX living ON t (name) WHERE deleted_at IS NULL;
SELECT * FROM pg_temp.check_rule('unique-ignores-soft-delete');
ROLLBACK;

-- unique-nullable-column
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (a int NOT NULL, b int, deleted_at timestamptz, CONSTRAINT loose UNIQUE (a, b), CONSTRAINT strict UNIQUE NULLS NOT DISTINCT (b, a));
CREATE UNIQUE INDEX never ON t (a); CREATE UNIQUE INDEX known ON t (b) WHERE b IS NOT NULL;
-- One column alone may be NULL on purpose, and a materialized view's always may.
CREATE TABLE account (id int PRIMARY KEY, token text UNIQUE, code int UNIQUE, spare int UNIQUE);
INSERT INTO account SELECT n, nullif(n, 1), n, NULL FROM generate_series(1, 200) AS n; ANALYZE account;
CREATE MATERIALIZED VIEW total AS SELECT token, code FROM account; CREATE UNIQUE INDEX ON total (token, code);
SELECT * FROM pg_temp.check_rule('unique-nullable-column');
ROLLBACK;

-- tsvector-without-gin
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (bare tsvector, indexed tsvector, gist tsvector, tree tsvector); CREATE INDEX ON t USING gin (indexed); CREATE INDEX ON t USING gist (gist); CREATE INDEX ON t (tree);
SELECT * FROM pg_temp.check_rule('tsvector-without-gin');
ROLLBACK;

-- jsonb-without-gin
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (bare jsonb, indexed jsonb, field jsonb); CREATE INDEX ON t USING gin (indexed); CREATE INDEX ON t ((field ->> 'a'));
SELECT * FROM pg_temp.check_rule('jsonb-without-gin', '{"rows": 0}');
SELECT * FROM pg_temp.check_rule('jsonb-without-gin');
ROLLBACK;

-- unique-email
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE users (id int PRIMARY KEY, tenant_id int, email text, deleted_at timestamptz); CREATE TABLE invitation (email text);
SELECT * FROM pg_temp.check_rule('unique-email');
SELECT * FROM pg_temp.check_rule('unique-email', '{"account_tables": ["invitation"]}', object => 'h.inv%');
CREATE UNIQUE INDEX part ON users (email) WHERE tenant_id = 1; CREATE UNIQUE INDEX pair ON users (tenant_id, email);
SELECT count(*) FROM steward.hygiene('{h}', '{unique-email}');
SELECT count(*) FROM steward.hygiene('{h}', '{unique-email}', '{"rules": {"unique-email": {"per_tenant": true}}}');
CREATE UNIQUE INDEX living ON users (email) WHERE deleted_at IS NULL;
SELECT count(*) FROM steward.hygiene('{h}', '{unique-email}');
SELECT count(*) FROM steward.hygiene('{h}', '{unique-email}', '{"rules": {"unique-email": {"case_insensitive": true}}}');
CREATE UNIQUE INDEX folded ON users (lower(email));
SELECT count(*) FROM steward.hygiene('{h}', '{unique-email}', '{"rules": {"unique-email": {"case_insensitive": true}}}');
ROLLBACK;
