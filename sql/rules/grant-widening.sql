-- Grants that will grow: with the option to grant on, or by default to everybody for what is made later.
CREATE FUNCTION steward.rule_grant_widening(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', r.oid, r.oid, format('%s may grant on what they have on %s', g.names, r.identity),
    format('REVOKE GRANT OPTION FOR ALL ON %s FROM %s', r.identity, g.names))
  FROM steward.catalog_relation AS r
       CROSS JOIN LATERAL (SELECT string_agg(DISTINCT o.rolname::text COLLATE "C", ', ') AS names FROM aclexplode(r.acl) AS p
                           JOIN pg_roles AS o ON o.oid = p.grantee
                           WHERE p.is_grantable AND p.grantee <> r.owner) AS g
  WHERE g.names IS NOT NULL
  UNION ALL
  SELECT steward.blame('pg_default_acl', d.oid, NULL,
    format('everybody gets %s on every new %s of %s', string_agg(p.privilege_type, ', ' ORDER BY p.privilege_type COLLATE "C"),
           CASE d.defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'n' THEN 'schema' ELSE 'type' END, o.rolname),
    'ALTER DEFAULT PRIVILEGES ... REVOKE ... FROM PUBLIC')
  FROM pg_default_acl AS d JOIN pg_roles AS o ON o.oid = d.defaclrole CROSS JOIN LATERAL aclexplode(d.defaclacl) AS p
  WHERE p.grantee = 0 AND d.defaclobjtype IN ('r', 'S', 'n')
  GROUP BY d.oid, d.defaclobjtype, o.rolname
$$;
SELECT steward.add_rule('grant-widening', 'warning', 'Privileges that can be granted on, or that everybody gets on what is made later');
