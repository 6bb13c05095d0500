\i test/regress/support/rules.sql

-- Every rule is a function, has a severity and says what it looks for.
SELECT rule FROM steward.known_rule WHERE family = 'hygiene' AND to_regprocedure('steward.' || steward.rule_function(rule) || '(jsonb)') IS NULL;
SELECT rule FROM steward.known_rule WHERE NOT enabled ORDER BY rule COLLATE "C";

-- All rules run, and find nothing where nothing is.
SELECT count(*) FROM steward.hygiene('{h}', ARRAY(SELECT rule FROM steward.known_rule WHERE family = 'hygiene'));

-- Worst first; severity, object, its type, its table.
BEGIN; CREATE SCHEMA h; CREATE TABLE h.t (n timestamp);
SELECT rule, severity, object, object_type, schema_name, table_name, fix, waiver FROM steward.hygiene('{h}');

-- A level of its own: off, another one, or the rule's own again; here, in a schema, for a table, and in this call only.
SELECT steward.configure('column-type-timestamp', 'error');
SELECT severity FROM steward.hygiene('{h}', '{column-type-timestamp}');
SELECT steward.configure('column-type-timestamp', 'note', schema_name => 'h');
SELECT severity FROM steward.hygiene('{h}', '{column-type-timestamp}');
SELECT steward.configure('column-type-timestamp', 'off', schema_name => 'h', table_name => 't');
SELECT severity FROM steward.hygiene('{h}', '{column-type-timestamp}');
SELECT severity FROM steward.hygiene('{h}', '{column-type-timestamp}', '{"rules": {"column-type-timestamp": {"tables": {"h.t": "on"}}}}');
SELECT severity FROM steward.hygiene('{h}', '{column-type-timestamp}', '{"rules": {"column-type-timestamp": "error"}}');
ROLLBACK;

-- Options by schema and table: each object is judged by those of its own place.
BEGIN; CREATE SCHEMA h; CREATE SCHEMA g; CREATE TABLE h.a (b varchar(9)); CREATE TABLE h.c (d varchar(9)); CREATE TABLE g.e (f varchar(9), g text);
SELECT object, message FROM steward.hygiene('{h,g}', '{column-length}',
  '{"rules": {"column-length": {"policy": "text", "schemas": {"g": {"policy": "varchar"}}, "tables": {"h.c": {"policy": "any"}}}}}');
ROLLBACK;

-- A rule that is off runs when it is asked for by name, and when it is switched on.
BEGIN; CREATE SCHEMA h; CREATE TABLE h.t (n int);
SELECT count(*) FROM steward.hygiene('{h}') WHERE rule = 'table-unlinked';
SELECT count(*) FROM steward.hygiene('{h}', '{table-unlinked}');
SELECT severity FROM steward.hygiene('{h}', config => '{"rules": {"table-unlinked": "on"}}') WHERE rule = 'table-unlinked';
ROLLBACK;

-- Policies are shared: one word, and every rule of owners looks at another column.
BEGIN; CREATE SCHEMA h; CREATE TABLE h.t (id int PRIMARY KEY, owner_id int);
SELECT rule FROM steward.hygiene('{h}', config => '{"policy": {"owner_column": "owner_id"}}') WHERE rule ~ '^user-id|^rls';
SELECT steward.configure('*', options => '{"owner_column": "owner_id"}');
SELECT rule FROM steward.hygiene('{h}') WHERE rule ~ '^user-id|^rls';
ROLLBACK;

-- What cannot be understood is refused.
SELECT * FROM steward.hygiene(rules => '{no-such-rule}');
SELECT * FROM steward.hygiene(config => '{"rules": {"no-such-rule": "off"}}');
SELECT * FROM steward.hygiene(config => '{"rules": {"column-type-json": "loud"}}');
SELECT * FROM steward.hygiene(config => '{"rules": {"column-length": {"plocy": "text"}}}');
SELECT * FROM steward.hygiene(config => '{"rules": {"table-too-many-columns": {"columns": "many"}}}');
SELECT * FROM steward.hygiene(config => '{"levels": {}}');
SELECT steward.configure('no-such-rule', 'off');

-- waiver-without-reason, waiver-unknown-rule, waiver-expired, waiver-unused, rule-unknown: each is a finding, and waives nothing.
BEGIN; CREATE SCHEMA h; CREATE TABLE h.t (a json); CREATE TABLE h.u (a json, b json);
SET LOCAL client_min_messages = warning;
SELECT steward.waive('column-type-json', 'h.t.a');
SELECT steward.waive('column-type-jsno', 'h.t.a', 'a slip');
SELECT steward.waive('column-type-json', 'h.u.a', 'for a time', '2020-01-01');
SELECT steward.waive('column-type-json', 'h.gone', 'it was there once');
INSERT INTO steward.rule (rule, level) VALUES ('column-type-jsno', 'off');
SELECT rule, severity, object, message, hint, fix FROM steward.hygiene() WHERE rule ~ '^waiver|^rule-unknown|^column-type-json' AND object ~ 'h\.|jsno';
-- Corrected, they are gone; a waiver of the table is one of everything in it; what is waived can be seen with its reason.
SELECT steward.waive('column-type-json', 'h.t.a', 'kept as it came', '2999-01-01');
SELECT steward.waive('column-type-json', 'h.u', 'an archive');
SELECT steward.unwaive('column-type-jsno', 'h.t.a'), steward.unwaive('column-type-json', 'h.u.a'), steward.unwaive('column-type-json', 'h.gone'), steward.unwaive('column-type-json', 'h.gone');
DELETE FROM steward.rule WHERE rule = 'column-type-jsno';
SELECT rule, object FROM steward.hygiene() WHERE rule ~ '^waiver|^rule-unknown|^column-type-json' AND object ~ 'h\.|jsno';
SELECT object, waiver FROM steward.hygiene('{h}', '{column-type-json}', waived => true);
-- Whether a waiver matches cannot be said by a rule that is off, or that looked at one schema only.
SELECT steward.waive('table-unlinked', 'h.gone', 'nobody looks');
SELECT steward.waive('column-type-json', 'h.gone', 'nobody looks');
SELECT rule, object FROM steward.hygiene('{h}') WHERE rule ~ '^waiver';
SELECT rule, object FROM steward.hygiene(config => '{"rules": {"waiver-unused": "error"}}') WHERE rule ~ '^waiver' AND object ~ 'h\.' AND severity = 'error';
-- A finding that belongs to no table is in nobody's way.
GRANT CREATE ON SCHEMA h TO PUBLIC;
SELECT rule, object FROM steward.hygiene(rules => '{column-type-json,public-schema-create}') WHERE object ~ '^column-type-json: h\.gone$|^h$';
ROLLBACK;

-- Whoever may connect may look; only the database's owner configures and waives.
BEGIN; CREATE SCHEMA h; CREATE TABLE h.t (a json); CREATE ROLE regress_reader; SET LOCAL ROLE regress_reader;
SELECT rule, object FROM steward.hygiene('{h}', '{column-type-json}');
SELECT count(*) > 0 FROM steward.hygiene();
SAVEPOINT before; SELECT steward.waive('column-type-json', 'h.t.a', 'I say so'); ROLLBACK TO before;
SELECT steward.configure('column-type-json', 'off'); ROLLBACK TO before;
INSERT INTO steward.known_rule VALUES ('x', 'hygiene', 'note', true, 'x', '{}'); ROLLBACK TO before;
-- and nothing that a caller can make changes what it finds.
CREATE TEMP TABLE pg_class (oid oid); CREATE TEMP TABLE pg_attribute (attrelid oid); SET LOCAL search_path = pg_temp, pg_catalog;
SELECT rule, object FROM steward.hygiene('{h}', '{column-type-json}');
ROLLBACK;
