-- For the tables that the project names: who made a row, who changed it.
CREATE FUNCTION steward.rule_audit_columns(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('%s has no %s', t.identity, string_agg(c, ', ' ORDER BY c COLLATE "C")),
    'add them, with a foreign key to the users or as text')
  FROM steward.catalog_table AS t CROSS JOIN LATERAL jsonb_array_elements_text(options -> 'columns') AS c
  WHERE steward.is_listed(t.schema_name, t.name, options -> 'listed_tables')
    AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = t.oid AND a.attname = c AND NOT a.attisdropped)
  GROUP BY t.oid, t.identity
$$;
SELECT steward.add_rule('audit-columns', 'note', 'A listed table without the columns that say who',
                        options => '{"listed_tables": [], "columns": ["created_by", "updated_by"]}');
