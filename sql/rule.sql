-- Rules: which checks there are, how severe each is here, and with which options. The same table serves
-- hygiene, whose rules are functions of sql/rules/, and safety, whose rules look at a revision's statements.
CREATE TABLE steward.known_rule (
  rule      text PRIMARY KEY CHECK (rule ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'),
  family    text NOT NULL CHECK (family IN ('hygiene', 'safety', 'waiver')),
  level     text NOT NULL CHECK (level IN ('error', 'warning', 'note')),
  enabled   boolean NOT NULL,
  summary   text NOT NULL,
  options   jsonb NOT NULL CHECK (jsonb_typeof(options) = 'object')
);
COMMENT ON TABLE steward.known_rule IS
'The rules of this version: what each looks for, its own severity, and the options it takes with their defaults.';
COMMENT ON COLUMN steward.known_rule.family IS
'hygiene: looks at the live catalog; safety: at a revision''s statements; waiver: at the exceptions themselves.';
COMMENT ON COLUMN steward.known_rule.enabled IS 'Whether it runs where nothing was configured.';

CREATE TABLE steward.rule (
  rule         text NOT NULL,
  schema_name  text,
  table_name   text,
  level        text CHECK (level IN ('off', 'note', 'warning', 'error', 'on')),
  options      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object'),
  CHECK (table_name IS NULL OR schema_name IS NOT NULL),
  UNIQUE NULLS NOT DISTINCT (rule, schema_name, table_name)
);
COMMENT ON TABLE steward.rule IS
'What was configured in this database: a level and options for a rule, everywhere, in a schema or for a table. The rule * holds the '
'policies that rules share. steward.configure() writes it.';
COMMENT ON COLUMN steward.rule.level IS 'off, note, warning, error; on: with the rule''s own severity; NULL: as it is elsewhere.';

CREATE FUNCTION steward.policy_defaults() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '{"owner_column": "user_id", "user_table": null, "shared_tables": [], "ownership_through_parent": false,
           "application_roles": [], "soft_delete_columns": ["deleted_at", "discarded_at", "archived_at"]}'::pg_catalog.jsonb
$$;
COMMENT ON FUNCTION steward.policy_defaults() IS
'The policies that several rules share, with their defaults: docs/hygiene.md says what each means.';

CREATE FUNCTION steward.add_rule(rule text, level text, summary text, enabled boolean DEFAULT true,
  options jsonb DEFAULT '{}', family text DEFAULT 'hygiene') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO steward.known_rule VALUES (rule, family, level, enabled, summary, options);
  IF family = 'hygiene' THEN
    EXECUTE format('COMMENT ON FUNCTION steward.%I(jsonb) IS %L', steward.rule_function(rule),
                   summary || '. In: the rule''s options, its defaults included. Out: what it finds. Locks: AccessShareLock on catalogs.');
  END IF;
END
$$;
COMMENT ON FUNCTION steward.add_rule(text, text, text, boolean, jsonb, text) IS
'Makes a rule known, as the last line of its file in sql/rules/ does. level: its own severity. options: what it takes, with defaults.';
REVOKE EXECUTE ON FUNCTION steward.add_rule(text, text, text, boolean, jsonb, text) FROM PUBLIC;

CREATE FUNCTION steward.rule_function(rule text) RETURNS name
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('rule_' || pg_catalog.replace(rule, '-', '_'))::name;
COMMENT ON FUNCTION steward.rule_function(text) IS 'The name of the function that a hygiene rule is.';

CREATE FUNCTION steward.check_setting(rule text, level text, options jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  allowed jsonb := (SELECT steward.policy_defaults() || k.options FROM steward.known_rule AS k WHERE k.rule = check_setting.rule);
  culprit text;
BEGIN
  allowed := CASE WHEN rule = '*' THEN steward.policy_defaults() ELSE allowed END;
  IF allowed IS NULL THEN
    RAISE EXCEPTION 'there is no rule "%"', rule
      USING ERRCODE = 'invalid_parameter_value', HINT = 'SELECT rule, summary FROM steward.known_rule;';
  END IF;
  IF level NOT IN ('off', 'note', 'warning', 'error', 'on') OR level IS NOT NULL AND rule = '*' THEN
    RAISE EXCEPTION 'rule "%" cannot have the level "%"', rule, level
      USING ERRCODE = 'invalid_parameter_value',
            HINT = CASE WHEN rule = '*' THEN 'The rule * holds policies, which have no level.'
              ELSE 'It is one of off, note, warning, error, on.' END;
  END IF;
  culprit := (SELECT min(key) FROM jsonb_object_keys(options) AS key WHERE NOT allowed ? key);
  culprit := coalesce(culprit, (SELECT min(o.key) FROM jsonb_each(options) AS o
                                WHERE jsonb_typeof(allowed -> o.key) NOT IN (jsonb_typeof(o.value), 'null')));
  IF culprit IS NOT NULL THEN
    RAISE EXCEPTION '%', CASE WHEN allowed ? culprit
                           THEN format('option "%s" of rule "%s" must be of type %s', culprit, rule, jsonb_typeof(allowed -> culprit))
                           ELSE format('rule "%s" has no option "%s"', rule, culprit) END
      USING ERRCODE = 'invalid_parameter_value',
            HINT = format('Its options and their defaults: %s', allowed);
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_setting(text, text, jsonb) IS
'Refuses a setting for a rule that is not known, a level that is none, an option that the rule does not take or of '
'another type. Error: 22023.';

CREATE FUNCTION steward.configure(rule text, level text DEFAULT NULL, options jsonb DEFAULT '{}',
  schema_name text DEFAULT NULL, table_name text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM steward.check_setting(configure.rule, configure.level, coalesce(configure.options, '{}'));
  INSERT INTO steward.rule (rule, schema_name, table_name, level, options)
  VALUES (configure.rule, configure.schema_name, configure.table_name, configure.level, coalesce(configure.options, '{}'))
  ON CONFLICT (rule, schema_name, table_name) DO UPDATE SET level = excluded.level, options = excluded.options;
END
$$;
COMMENT ON FUNCTION steward.configure(text, text, jsonb, text, text) IS
'Records a rule''s level and options for this database, for a schema, or for a table, in place of what was recorded there before. The rule '
'* takes the policies that rules share. Errors: 22023 (no such rule, level or option), 42501. Locks: RowExclusiveLock on steward.rule.';

CREATE FUNCTION steward.rule_settings(config jsonb) RETURNS TABLE (
  rule text, schema_name text, table_name text, level text, options jsonb, given boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH said AS (
    SELECT s.key AS rule, s.value FROM jsonb_each(config -> 'rules') AS s
    UNION ALL SELECT '*', config -> 'policy' WHERE config ? 'policy'),
  scoped AS (
    SELECT rule, NULL AS schema_name, NULL AS table_name, value FROM said
    UNION ALL SELECT rule, s.key, NULL, s.value FROM said, jsonb_each(said.value -> 'schemas') AS s
              WHERE jsonb_typeof(said.value) = 'object'
    UNION ALL SELECT rule, CASE WHEN cardinality(parts) = 1 THEN 'public' ELSE parts[1] END, parts[cardinality(parts)], t.value
              FROM said, jsonb_each(said.value -> 'tables') AS t, parse_ident(t.key) AS parts
              WHERE jsonb_typeof(said.value) = 'object')
  SELECT rule, schema_name, table_name, level, options, false FROM steward.rule
  UNION ALL
  SELECT rule, schema_name, table_name,
         CASE jsonb_typeof(value) WHEN 'object' THEN value ->> 'level' ELSE value #>> '{}' END,
         CASE jsonb_typeof(value) WHEN 'object' THEN value - '{level,schemas,tables}'::text[] ELSE '{}' END, true
  FROM scoped
$$;
COMMENT ON FUNCTION steward.rule_settings(jsonb) IS
'Everything that was configured: what is recorded in steward.rule and, given, what this call brings along (docs/hygiene.md: the argument '
'config). Error: 22023 for a table''s name that is none.';

CREATE FUNCTION steward.rule_plan(config jsonb, chosen text[]) RETURNS TABLE (
  rule text, schema_name text, table_name text, level text, options jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH setting AS MATERIALIZED (SELECT * FROM steward.rule_settings(config)),
  scope AS (
    SELECT DISTINCT k.rule, k.level AS own, s.schema_name, s.table_name,
           CASE WHEN k.enabled OR k.rule = ANY (chosen) THEN k.level ELSE 'off' END AS otherwise,
           steward.policy_defaults() || k.options AS defaults
    FROM steward.known_rule AS k
         CROSS JOIN LATERAL (SELECT NULL AS schema_name, NULL AS table_name
                             UNION ALL SELECT s.schema_name, s.table_name FROM setting AS s WHERE s.rule IN (k.rule, '*')) AS s
    WHERE k.family = 'hygiene' AND (chosen IS NULL OR k.rule = ANY (chosen))),
  -- What counts for a scope, from the general to the special; the last one wins.
  heard AS (
    SELECT c.*, s.level AS said, s.options AS said_options,
           ROW (s.table_name IS NOT NULL, s.schema_name IS NOT NULL, s.rule <> '*', s.given) AS weight
    FROM scope AS c LEFT JOIN setting AS s
      ON s.rule IN (c.rule, '*') AND (s.schema_name IS NULL OR s.schema_name = c.schema_name)
         AND (s.table_name IS NULL OR s.table_name = c.table_name))
  SELECT h.rule, h.schema_name, h.table_name,
         CASE l.level WHEN 'on' THEN h.own ELSE coalesce(l.level, h.otherwise) END,
         h.defaults || coalesce(o.options, '{}')
  FROM (SELECT DISTINCT rule, own, schema_name, table_name, otherwise, defaults FROM heard) AS h
       CROSS JOIN LATERAL (
         SELECT (array_agg(said ORDER BY weight DESC) FILTER (WHERE said IS NOT NULL))[1] AS level FROM heard AS x
         WHERE x.rule = h.rule AND x.schema_name IS NOT DISTINCT FROM h.schema_name AND x.table_name IS NOT DISTINCT FROM h.table_name) AS l
       CROSS JOIN LATERAL (
         SELECT jsonb_object_agg(e.key, e.value ORDER BY weight) AS options FROM heard AS x, jsonb_each(x.said_options) AS e
         WHERE x.rule = h.rule AND x.schema_name IS NOT DISTINCT FROM h.schema_name AND x.table_name IS NOT DISTINCT FROM h.table_name) AS o
$$;
COMMENT ON FUNCTION steward.rule_plan(jsonb, text[]) IS
'The hygiene rules to be run: for each, its level and options everywhere (schema_name and table_name NULL) and in each scope that was '
'configured otherwise. chosen: these rules, also those that are off by default; NULL: all.';

REVOKE ALL ON steward.known_rule, steward.rule FROM PUBLIC;
GRANT SELECT ON steward.known_rule, steward.rule TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON steward.rule TO pg_database_owner;
