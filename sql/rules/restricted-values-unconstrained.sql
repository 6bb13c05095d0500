-- "actve" gets in where nothing keeps it out. What ANALYZE saw confirms it: a column of many values is none of these.
CREATE FUNCTION steward.rule_restricted_values_unconstrained(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I takes any text', c.table_identity, c.name),
    format('ALTER TABLE %s ADD CHECK (%I IN (...)) NOT VALID, then VALIDATE CONSTRAINT; or an enum, or a foreign key to a table of values', c.table_identity, c.name),
    part => c.number)
  FROM steward.catalog_column AS c
       LEFT JOIN pg_stats AS s ON s.schemaname = c.schema_name AND s.tablename = c.table_name AND s.attname = c.name AND NOT s.inherited
  WHERE c.type IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) AND c.name ~ (options ->> 'pattern') AND NOT c.checked_by_domain
    AND coalesce(s.n_distinct, 0) BETWEEN -0.1 AND (options ->> 'values')::numeric
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.relation AND k.contype IN ('c', 'f') AND c.number = ANY (k.conkey))
    -- One half of a polymorphic reference names tables.
    AND NOT EXISTS (SELECT FROM pg_attribute AS a
                    WHERE a.attrelid = c.relation AND c.name ~ '_type$' AND a.attname = regexp_replace(c.name, '_type$', '_id') AND NOT a.attisdropped)
$$;
SELECT steward.add_rule('restricted-values-unconstrained', 'warning', 'A status, type or role that takes any text',
  options => '{"pattern": "(^|_)(status|state|kind|type|role|level|priority|visibility|gender)$", "values": 50}');
