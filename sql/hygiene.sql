-- Hygiene: the rules over the live catalog, run together. A rule is a function of sql/rules/; here its findings get
-- their names, the level of their scope, and their waivers.
CREATE FUNCTION steward.run_rule(rule text, options jsonb) RETURNS SETOF steward.found
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT * FROM steward.%I($1)', steward.rule_function(rule)) USING options;
END
$$;
COMMENT ON FUNCTION steward.run_rule(text, jsonb) IS 'What one hygiene rule finds with these options, before levels and waivers.';

CREATE FUNCTION steward.check_config(config jsonb, chosen text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  culprit text;
BEGIN
  culprit := (SELECT min(key) FROM jsonb_object_keys(config) AS key WHERE key NOT IN ('policy', 'rules'));
  IF culprit IS NOT NULL THEN
    RAISE EXCEPTION 'the configuration has no "%"', culprit
      USING ERRCODE = 'invalid_parameter_value',
        HINT = 'It is {"policy": {...}, "rules": {"<rule>": "<level>" or {"level": ..., <options>}}}.';
  END IF;
  PERFORM steward.check_setting(s.rule, s.level, s.options) FROM steward.rule_settings(config) AS s WHERE s.given;
  PERFORM steward.check_setting(named, NULL, '{}') FROM unnest(chosen) AS named;
END
$$;
COMMENT ON FUNCTION steward.check_config(jsonb, text[]) IS
'Refuses a configuration, or a choice of rules, that names what there is not. Error: 22023.';

CREATE FUNCTION steward.located_findings(schemas text[], chosen text[], config jsonb) RETURNS TABLE (
  rule text, severity text, object text, message text, hint text, fix text, undo text,
  object_type text, schema_name text, table_name text, table_identity text, remedy text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH plan AS MATERIALIZED (SELECT * FROM steward.rule_plan(config, chosen)),
  found AS MATERIALIZED (
    SELECT r.rule, r.options, f.*
    FROM (SELECT DISTINCT rule, options FROM plan WHERE level <> 'off') AS r, LATERAL steward.run_rule(r.rule, r.options) AS f),
  located AS (
    SELECT f.*, o.type, coalesce(n.nspname::text, o.schema, CASE o.type WHEN 'schema' THEN o.name END) AS schema_name,
           c.relname::text AS table_name, coalesce(f.name, o.identity) AS identity,
             CASE WHEN c.oid IS NOT NULL THEN format('%I.%I', n.nspname, c.relname) END AS table_identity
    FROM found AS f
         CROSS JOIN LATERAL pg_identify_object(f.class, f.object, f.part) AS o
         LEFT JOIN pg_class AS c ON c.oid = f.relation
         LEFT JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE coalesce(f.name, o.identity) IS NOT NULL)
  SELECT f.rule, CASE WHEN e.level = k.level THEN coalesce(f.level, e.level) ELSE e.level END, f.identity, f.message, f.hint, f.fix, f.undo,
         f.type, f.schema_name, f.table_name, f.table_identity,
         coalesce(f.remedy, f.fix, CASE WHEN f.hint LIKE 'CREATE INDEX ON ONLY %' THEN f.hint END)
  FROM located AS f
       JOIN steward.known_rule AS k ON k.rule = f.rule
       JOIN plan AS p ON p.rule = f.rule AND p.schema_name IS NULL
       LEFT JOIN plan AS s ON s.rule = f.rule AND s.schema_name = f.schema_name AND s.table_name IS NULL
       LEFT JOIN plan AS t ON t.rule = f.rule AND t.schema_name = f.schema_name AND t.table_name = f.table_name
       -- A finding counts when it was made with the options of its own scope.
       CROSS JOIN LATERAL (SELECT coalesce(t.level, s.level, p.level) AS level, coalesce(t.options, s.options, p.options) AS options) AS e
  WHERE e.level <> 'off' AND e.options = f.options AND (schemas IS NULL OR f.schema_name = ANY (schemas))
$$;
COMMENT ON FUNCTION steward.located_findings(text[], text[], jsonb) IS
'The findings of the hygiene rules with names and severities, waived or not. schemas, chosen: these schemas and rules; NULL: all. remedy: '
'what two findings have in common that are mended by the same.';

CREATE FUNCTION steward.hygiene(schemas text[] DEFAULT NULL, rules text[] DEFAULT NULL, config jsonb DEFAULT '{}',
                                waived boolean DEFAULT false)
RETURNS TABLE (rule text, severity text, object text, message text, hint text, fix text, undo text,
               object_type text, schema_name text, table_name text, waiver text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
-- The planner knows little of what the catalog views leave over, and takes it for a handful of rows: joined row by row,
-- ten thousand tables take hours; merged, every column comes by way of an index. Compiling the queries, or starting workers for
-- each, costs more than running them.
SET enable_nestloop = off SET enable_mergejoin = off SET jit = off SET max_parallel_workers_per_gather = 0 SET work_mem = '64MB' AS $$
#variable_conflict use_column
BEGIN
  PERFORM steward.check_config(hygiene.config, hygiene.rules);
  RETURN QUERY
    WITH found AS MATERIALIZED (
      -- What is mended by the same statement is one finding, told by the severest rule.
      SELECT f.*, w.object AS waived_as, w.reason,
             f.remedy IS NULL OR 1 = row_number() OVER (
               PARTITION BY f.remedy ORDER BY array_position('{error,warning,note}', f.severity), f.rule COLLATE "C",
                 f.object COLLATE "C") AS first
      FROM steward.located_findings(hygiene.schemas, hygiene.rules, hygiene.config) AS f
           LEFT JOIN LATERAL (
             SELECT w.object, w.reason FROM steward.waiver AS w
             WHERE w.rule = f.rule AND w.object IN (f.object, f.table_identity)
               AND btrim(w.reason) <> '' AND (w.until IS NULL OR w.until > now())
             ORDER BY w.object = f.object DESC LIMIT 1) AS w ON true),
    everything AS (
      SELECT f.rule, f.severity, f.object, f.message, f.hint, f.fix, f.undo, f.object_type, f.schema_name, f.table_name, f.reason AS waiver
      FROM found AS f WHERE f.first AND (hygiene.waived OR f.waived_as IS NULL)
      UNION ALL
      SELECT m.rule, m.level, m.object, m.message, m.hint, m.fix, NULL, 'waiver', NULL, NULL, NULL
      FROM steward.waiver_findings(
             hygiene.rules, hygiene.schemas IS NULL, hygiene.config,
             ARRAY(SELECT DISTINCT f.rule || ': ' || o FROM found AS f, unnest(ARRAY[f.object, f.table_identity]) AS o
                   WHERE o IS NOT NULL)) AS m)
    SELECT * FROM everything AS e
    ORDER BY array_position('{error,warning,note}', e.severity), e.rule COLLATE "C", e.object COLLATE "C", e.message COLLATE "C";
END
$$;
COMMENT ON FUNCTION steward.hygiene(text[], text[], jsonb, boolean) IS
'Everything the hygiene rules find in this database, worst first. schemas: only what is in these. rules: only these, also those that are '
'off by default. config: levels and options over those in steward.rule, {"policy": {...}, "rules": {...}}. waived: also what is waived, '
'with the reason. fix: SQL that mends it without losing anything; undo: SQL that takes the fix back. Errors: 22023 (no such rule, level or '
'option). Locks: AccessShareLock on catalogs; changes nothing.';
