\i test/regress/support/rules.sql

-- table-without-timestamps
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE bare (id int PRIMARY KEY); CREATE TABLE half (id int PRIMARY KEY, created_at timestamptz);
CREATE TABLE whole (id int PRIMARY KEY, inserted_at timestamptz, updated_at timestamptz);
CREATE TABLE link (a int REFERENCES half, b int REFERENCES whole, PRIMARY KEY (a, b));
CREATE TABLE heir () INHERITS (bare);
SELECT * FROM pg_temp.check_rule('table-without-timestamps');
ROLLBACK;

-- updated-at-not-maintained: what it proposes works
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END';
CREATE TABLE bare (n int, updated_at timestamptz DEFAULT now()); CREATE TABLE kept (n int, updated_at timestamptz);
CREATE TRIGGER touch BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION touch();
SELECT * FROM pg_temp.check_rule('updated-at-not-maintained');
SELECT fix FROM steward.hygiene('{h}', '{updated-at-not-maintained}') \gexec
INSERT INTO bare VALUES (1, '2000-01-01'); UPDATE bare SET n = 2; SELECT updated_at = now() FROM bare;
SELECT count(*) FROM steward.hygiene('{h}', '{updated-at-not-maintained}');
-- The function that is there now serves the next table; one of that name that does something else is left alone, and so is a trigger.
CREATE TABLE next (updated_at timestamptz); CREATE TABLE taken (updated_at timestamptz); CREATE TABLE other (modified_at timestamptz);
CREATE TRIGGER set_updated_at AFTER UPDATE ON taken FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION set_modified_at() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.modified_at := now(); PERFORM 1; RETURN NEW; END';
SELECT object, fix, undo FROM steward.hygiene('{h}', '{updated-at-not-maintained}');
ROLLBACK;

-- audit-columns: only of tables that are listed
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE invoice (id int, created_by int); CREATE TABLE payment (created_by int, updated_by int); CREATE TABLE other (id int);
SELECT * FROM pg_temp.check_rule('audit-columns', '{"listed_tables": ["invoice", "h.payment"]}');
SELECT count(*) FROM steward.hygiene('{h}', '{audit-columns}');
ROLLBACK;

-- user-table-missing-user-id: what refers to users and does not say so; what refers to nothing may be shared
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE task (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE);
CREATE TABLE step (task_id uuid NOT NULL REFERENCES task ON DELETE CASCADE); CREATE TABLE loose (task_id uuid REFERENCES task ON DELETE CASCADE);
CREATE TABLE country (code text PRIMARY KEY); CREATE TABLE language (code text PRIMARY KEY);
SELECT * FROM pg_temp.check_rule('user-table-missing-user-id', '{"shared_tables": ["country"]}');
SELECT * FROM pg_temp.check_rule('user-table-missing-user-id', '{"shared_tables": ["h.country", "language"], "ownership_through_parent": true}');
ROLLBACK;
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE film (id int PRIMARY KEY); CREATE TABLE actor (id int PRIMARY KEY);
SELECT count(*) FROM steward.hygiene('{h}', '{user-table-missing-user-id}');
CREATE TABLE account (id int PRIMARY KEY);
SELECT * FROM pg_temp.check_rule('user-table-missing-user-id', '{"user_table": "h.account", "owner_column": "account_id", "shared_tables": ["film"]}');
ROLLBACK;

-- user-id-not-null: a validated CHECK says it too
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE DOMAIN owner AS uuid NOT NULL;
CREATE TABLE bare (user_id uuid); CREATE TABLE said (user_id uuid NOT NULL); CREATE TABLE checked (user_id uuid CHECK (user_id IS NOT NULL)); CREATE TABLE typed (user_id owner);
CREATE TABLE pending (user_id uuid); ALTER TABLE pending ADD CHECK (user_id IS NOT NULL) NOT VALID; CREATE TABLE shared (user_id uuid);
SELECT * FROM pg_temp.check_rule('user-id-not-null', '{"shared_tables": ["shared"]}');
ROLLBACK;

-- user-id-foreign-key: a composite one counts, and one to a table that refers to the users
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE task (id uuid, user_id uuid REFERENCES users, PRIMARY KEY (id, user_id));
CREATE TABLE bare (user_id uuid); CREATE TABLE step (task_id uuid, user_id uuid, FOREIGN KEY (task_id, user_id) REFERENCES task);
CREATE TABLE other (id uuid PRIMARY KEY); CREATE TABLE astray (user_id uuid REFERENCES other);
SELECT * FROM pg_temp.check_rule('user-id-foreign-key');
ROLLBACK;

-- user-id-on-delete-cascade
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE stays (user_id uuid REFERENCES users); CREATE TABLE goes (user_id uuid REFERENCES users ON DELETE CASCADE);
SELECT * FROM pg_temp.check_rule('user-id-on-delete-cascade');
-- With the rules about actions and about NOT NULL it is one finding each.
SELECT rule, object FROM steward.hygiene('{h}', '{foreign-key-on-delete,user-id-on-delete-cascade}');
ALTER TABLE stays ALTER user_id SET DEFAULT gen_random_uuid();
SELECT rule, object FROM steward.hygiene('{h}', '{column-should-be-not-null,user-id-not-null}') WHERE object LIKE '%stays%';
ROLLBACK;

-- user-id-indexed: told once, though it is also a foreign key without an index
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE bare (user_id uuid REFERENCES users); CREATE TABLE second (n int, user_id uuid, UNIQUE (n, user_id)); CREATE TABLE part (user_id uuid, n int); CREATE INDEX ON part (user_id) WHERE n > 0;
CREATE TABLE profile (user_id uuid PRIMARY KEY); CREATE TABLE led (user_id uuid, n int); CREATE INDEX ON led (user_id, n);
SELECT * FROM pg_temp.check_rule('user-id-indexed');
SELECT rule, object FROM steward.hygiene('{h}', '{user-id-indexed,foreign-key-without-index}');
ROLLBACK;

-- mandatory-columns
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE bare (n int); CREATE TABLE loose (tenant_id uuid); CREATE TABLE wrong (tenant_id int NOT NULL); CREATE TABLE good (tenant_id uuid NOT NULL);
SELECT * FROM pg_temp.check_rule('mandatory-columns', '{"columns": {"tenant_id": "uuid not null"}}');
SELECT * FROM pg_temp.check_rule('mandatory-columns', '{"columns": {"tenant_id": ""}}');
ROLLBACK;

-- table-inheritance
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE p (n int); CREATE TABLE heir () INHERITS (p);
CREATE TABLE split (n int) PARTITION BY LIST (n); CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
SELECT * FROM pg_temp.check_rule('table-inheritance');
ROLLBACK;

-- table-unlogged
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE UNLOGGED TABLE fast (n int); CREATE TABLE safe (n int); CREATE TEMP TABLE brief (n int);
SELECT * FROM pg_temp.check_rule('table-unlogged');
ROLLBACK;

-- table-date-partitioning
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE log (at timestamptz NOT NULL); CREATE TABLE timeless (n int); CREATE TABLE split (at timestamptz NOT NULL) PARTITION BY RANGE (at);
SELECT * FROM pg_temp.check_rule('table-date-partitioning', '{"rows": 0}');
ROLLBACK;

-- partition-window-exhausted
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h; SET LOCAL datestyle = 'German';
CREATE TABLE ending (d date) PARTITION BY RANGE (d);
CREATE TABLE ending_1 PARTITION OF ending FOR VALUES FROM ('2020-01-01') TO ('2020-02-01'); CREATE TABLE ending_2 PARTITION OF ending FOR VALUES FROM ('2020-02-01') TO ('2020-03-01');
CREATE TABLE endless (d date) PARTITION BY RANGE (d);
CREATE TABLE endless_1 PARTITION OF endless FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);
CREATE TABLE ahead (d timestamptz) PARTITION BY RANGE (d); CREATE TABLE ahead_1 PARTITION OF ahead FOR VALUES FROM ('2020-01-01') TO ('2999-01-01');
SELECT * FROM pg_temp.check_rule('partition-window-exhausted');
ROLLBACK;

-- default-partition-not-empty
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE used (n int) PARTITION BY LIST (n); CREATE TABLE used_rest PARTITION OF used DEFAULT; INSERT INTO used VALUES (1);
CREATE TABLE idle (n int) PARTITION BY LIST (n); CREATE TABLE idle_rest PARTITION OF idle DEFAULT;
SELECT * FROM pg_temp.check_rule('default-partition-not-empty');
ROLLBACK;

-- trigger-disabled
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (n int); CREATE TRIGGER off BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER works BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER off; CREATE TABLE loaded (p_id int CONSTRAINT unwatched REFERENCES p); ALTER TABLE loaded DISABLE TRIGGER ALL;
SELECT * FROM pg_temp.check_rule('trigger-disabled');
ROLLBACK;

-- rule-used
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE t (n int); CREATE RULE silent AS ON DELETE TO t DO INSTEAD NOTHING; CREATE VIEW v AS SELECT n FROM t;
SELECT * FROM pg_temp.check_rule('rule-used');
ROLLBACK;

-- table-without-comment: a blank one is none
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE bare (n int); CREATE TABLE blank (n int); CREATE TABLE said (n int); COMMENT ON TABLE blank IS '  '; COMMENT ON TABLE said IS 'what it is'; COMMENT ON COLUMN bare.n IS 'a column';
SELECT * FROM pg_temp.check_rule('table-without-comment');
ROLLBACK;

-- column-without-comment
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE bare (id int, a int, b int, c int); CREATE TABLE said (n int); COMMENT ON COLUMN said.n IS 'a number'; COMMENT ON COLUMN bare.b IS 'known';
SELECT * FROM pg_temp.check_rule('column-without-comment');
ROLLBACK;

-- function-without-comment
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE FUNCTION bare(n int) RETURNS int LANGUAGE sql RETURN n; CREATE FUNCTION said() RETURNS int LANGUAGE sql RETURN 1; COMMENT ON FUNCTION said() IS 'one';
SELECT * FROM pg_temp.check_rule('function-without-comment');
ROLLBACK;

-- name-not-snake-case
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE "TodoItem" (id int); CREATE TABLE todo_item ("userId" int, user_id_2 int, _private int);
SELECT * FROM pg_temp.check_rule('name-not-snake-case');
ROLLBACK;

-- name-inflection: off, unless there is a policy
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE todo_items (id int); CREATE TABLE todo_item (id int); CREATE TABLE news (id int); CREATE TABLE order_status (id int); CREATE TABLE boss (id int); CREATE TABLE "BlogPosts" (id int);
SELECT * FROM pg_temp.check_rule('name-inflection', '{"number": "singular"}');
SELECT * FROM pg_temp.check_rule('name-inflection', '{"number": "plural"}');
SELECT count(*) FROM steward.hygiene('{h}', '{name-inflection}');
ROLLBACK;

-- name-reserved-word: name and type are no such words
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE "order" (id int, "desc" text, name text, type text);
SELECT * FROM pg_temp.check_rule('name-reserved-word');
ROLLBACK;

-- name-too-long: bytes, not characters
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE a23456789012345678901234567890123456789012345678901234567890123 (n int); CREATE TABLE a2345678901234567890123456789012345678901234567890123456789012 (n int);
CREATE TABLE t ("äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüa" int, "äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüab2" int);
SELECT * FROM pg_temp.check_rule('name-too-long');
ROLLBACK;

-- name-pattern: nothing, unless there is one
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p_id int REFERENCES p, n int, m int CHECK (m > 0)); CREATE INDEX strange ON t (n); CREATE INDEX idx_t_m ON t (m);
SELECT * FROM pg_temp.check_rule('name-pattern', '{"index": "idx_{table}_{columns}", "foreign_key": "fk_{table}_{reftable}", "check": "{table}_{columns}_check"}');
SELECT * FROM pg_temp.check_rule('name-pattern', '{"table": "^[a-o]", "column": "^.+$"}');
-- Where two want one name, or it is taken, nothing is renamed for you.
CREATE TABLE u (n int, m int); CREATE INDEX one ON u (n); CREATE INDEX two ON u (n); CREATE INDEX three ON u (m); CREATE TABLE idx_u_m ();
SELECT object, fix FROM steward.hygiene('{h}', '{name-pattern}', '{"rules": {"name-pattern": {"index": "idx_{table}_{columns}"}}}') WHERE table_name = 'u';
SELECT count(*) FROM steward.hygiene('{h}', '{name-pattern}');
ROLLBACK;

-- schema-name-environment
BEGIN; CREATE SCHEMA prod_shop; CREATE SCHEMA product; CREATE SCHEMA shop_dev;
SELECT * FROM pg_temp.check_rule('schema-name-environment', schemas => '{prod_shop,product,shop_dev}');
ROLLBACK;

-- soft-delete-column-type
BEGIN; CREATE SCHEMA h; SET LOCAL search_path = h;
CREATE TABLE typed (deleted_at timestamp); CREATE TABLE preset (deleted_at timestamptz DEFAULT now()); CREATE TABLE forced (deleted_at timestamptz NOT NULL); CREATE TABLE good (deleted_at timestamptz, deleted boolean);
SELECT * FROM pg_temp.check_rule('soft-delete-column-type');
ROLLBACK;
