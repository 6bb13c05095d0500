-- What users can change about themselves gives them any identity they like.
CREATE FUNCTION steward.rule_policy_uses_user_editable_claim(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH said AS MATERIALIZED (
    SELECT p.oid, p.relation, p.name, p.table_identity, concat_ws(' ', pg_get_expr(p.using_tree, p.relation),
                                                                  pg_get_expr(p.check_tree, p.relation)) AS text
    FROM steward.catalog_policy AS p)
  SELECT steward.blame('pg_policy', p.oid, p.relation, format('policy %I of %s trusts %s, which users can edit', p.name, p.table_identity,
                                                              c),
    'trust what only the server writes: steward.identity(), app_metadata')
  FROM said AS p CROSS JOIN LATERAL jsonb_array_elements_text(options -> 'claims') AS c
  WHERE p.text LIKE '%' || c || '%' AND p.text ~ format('\m%s\M', c)
$$;
SELECT steward.add_rule('policy-uses-user-editable-claim', 'error', 'A policy that trusts what users can edit',
  options => '{"claims": ["user_metadata", "raw_user_meta_data"]}');
