-- Rows have owners, and whoever may read the table reads everybody's. Switched on without a policy, nobody but the
-- table's owner would see a row: only where there are policies already is that a fix.
CREATE FUNCTION steward.rule_rls_disabled(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('rows of %s have owners, and row level security is off', t.identity),
    CASE WHEN p.there THEN format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t.identity)
      ELSE format('SELECT steward.isolate(%L)', t.identity) END,
    CASE WHEN p.there THEN format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY;', t.identity) END,
    CASE WHEN p.there THEN format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY;', t.identity) END)
  FROM steward.catalog_table AS t CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = t.oid) AS there) AS p
  WHERE NOT t.row_security AND NOT steward.is_listed(t.schema_name, t.name, options -> 'shared_tables')
    AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = t.oid AND a.attname = options ->> 'owner_column' AND NOT a.attisdropped)
$$;
SELECT steward.add_rule('rls-disabled', 'error', 'A table whose rows have owners, without row level security');
