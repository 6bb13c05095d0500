-- A view reads with its owner's rights: the owner's policies, or none. security_invoker makes it read with the reader's.
CREATE FUNCTION steward.rule_view_bypasses_rls(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', v.oid, v.oid,
    format('view %s reads %s with its owner''s rights, past the reader''s policies', v.identity,
           string_agg(DISTINCT steward.relation_identity(r.relation) COLLATE "C", ', ')),
    'let it read with the reader''s rights, who then need SELECT on its tables',
    format('ALTER VIEW %s SET (security_invoker = true);', v.identity),
    coalesce((SELECT format('ALTER VIEW %s SET (security_invoker = %L);', v.identity, split_part(s, '=', 2))
              FROM unnest(v.settings) AS s WHERE s LIKE 'security\_invoker=%'),
             format('ALTER VIEW %s RESET (security_invoker);', v.identity)))
  FROM steward.catalog_relation AS v JOIN steward.catalog_protected_read AS r ON r.view = v.oid
  WHERE v.kind = 'v' AND NOT EXISTS (SELECT FROM unnest(v.settings) AS s WHERE s ~* '^security_invoker=(true|on|yes|1)$')
  GROUP BY v.oid, v.identity, v.settings
$$;
SELECT steward.add_rule('view-bypasses-rls', 'warning', 'A view that reads past row level security');
