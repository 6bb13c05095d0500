-- It reads as if the table were protected. Partitions have their own switch, and it counts when they are read directly.
CREATE FUNCTION steward.rule_policy_without_rls(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', p.relation, p.relation,
    format('%s has policies (%s), and row level security is off: they do nothing', p.table_identity,
           string_agg(quote_ident(p.name), ', ' ORDER BY p.name COLLATE "C")),
    format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p.table_identity),
    format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY;', p.table_identity),
      format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY;', p.table_identity))
  FROM steward.catalog_policy AS p WHERE NOT p.row_security GROUP BY p.relation, p.table_identity
$$;
SELECT steward.add_rule('policy-without-rls', 'error', 'Policies on a table whose row level security is off');
