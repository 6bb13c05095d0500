-- Nobody but the owner sees a row: meant, or a policy was forgotten.
CREATE FUNCTION steward.rule_rls_enabled_no_policy(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('row level security of %s is on, and it has no policy: nobody reaches a row',
                                                        t.identity),
    format('SELECT steward.isolate(%L), or CREATE POLICY', t.identity))
  FROM steward.catalog_table AS t WHERE t.row_security AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = t.oid)
$$;
SELECT steward.add_rule('rls-enabled-no-policy', 'note', 'Row level security without a policy');
