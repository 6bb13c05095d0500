-- Everybody may write every row. Reading may be meant so; and a restrictive policy for the same command still keeps the gate.
CREATE FUNCTION steward.rule_policy_always_true(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_policy', p.oid, p.relation,
    format('policy %I lets %s %s any row of %s', p.name, coalesce(r.names, 'everybody'),
           CASE p.command WHEN '*' THEN 'read and write' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'change' ELSE 'delete' END, p.table_identity),
    'say whose rows: USING (user_id = (SELECT steward.identity_uuid()))')
  FROM steward.catalog_policy AS p
       CROSS JOIN LATERAL (SELECT string_agg(o.rolname::text, ', ' ORDER BY o.rolname COLLATE "C") AS names FROM pg_roles AS o
                           WHERE o.oid = ANY (p.roles)) AS r
  WHERE p.is_permissive AND p.command <> 'r'
    AND (p.using_tree::text LIKE '{CONST %' AND pg_get_expr(p.using_tree, p.relation) = 'true'
         AND (p.check_tree IS NULL OR p.command IN ('w', 'd', '*'))
         OR p.check_tree::text LIKE '{CONST %' AND pg_get_expr(p.check_tree, p.relation) = 'true' AND p.command IN ('a', 'w', '*'))
    AND NOT EXISTS (SELECT FROM steward.catalog_policy AS g
                    WHERE g.relation = p.relation AND NOT g.is_permissive AND g.command IN (p.command, '*')
                      AND coalesce(pg_get_expr(g.using_tree, g.relation), pg_get_expr(g.check_tree, g.relation)) <> 'true')
$$;
SELECT steward.add_rule('policy-always-true', 'error', 'A policy under which any row may be written');
