-- As configured: {"tenant_id": "uuid not null", "version": ""}; an empty text asks for no type.
CREATE FUNCTION steward.rule_mandatory_columns(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid,
    CASE WHEN c.name IS NULL THEN format('%s has no column %I', t.identity, m.key)
         ELSE format('%s.%I is not %s', t.identity, m.key, m.value) END,
    format('ALTER TABLE %s ADD COLUMN %I %s', t.identity, m.key, m.value))
  FROM steward.catalog_table AS t
       CROSS JOIN LATERAL jsonb_each_text(options -> 'columns') AS m
       LEFT JOIN steward.catalog_column AS c ON c.relation = t.oid AND c.name = m.key
  WHERE c.name IS NULL
     OR m.value <> '' AND lower(btrim(m.value)) NOT IN (format_type(c.type, NULLIF(c.modifier, -1))
                                                        || CASE WHEN c.not_null THEN ' not null' ELSE '' END,
                                                         format_type(c.type, NULLIF(c.modifier, -1)))
$$;
SELECT steward.add_rule('mandatory-columns', 'warning', 'A table without a column that all must have', options => '{"columns": {}}');
