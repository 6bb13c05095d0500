-- It holds everybody's rows, and can have no policy. Only one that others may read is told.
CREATE FUNCTION steward.rule_matview_exposed(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', v.oid, v.oid,
    format('materialized view %s holds rows of %s, and %s may read all of them', v.identity,
           string_agg(DISTINCT steward.relation_identity(r.relation) COLLATE "C", ', '), min(g.names)),
    'revoke SELECT, and give a view over it that asks for the identity')
  FROM steward.catalog_relation AS v JOIN steward.catalog_protected_read AS r ON r.view = v.oid
       CROSS JOIN LATERAL (SELECT string_agg(DISTINCT coalesce(o.rolname::text, 'PUBLIC') COLLATE "C", ', ') AS names
                           FROM aclexplode(v.acl) AS p LEFT JOIN pg_roles AS o ON o.oid = p.grantee
                           WHERE p.privilege_type = 'SELECT' AND p.grantee <> v.owner) AS g
  WHERE v.kind = 'm' AND g.names IS NOT NULL
  GROUP BY v.oid, v.identity
$$;
SELECT steward.add_rule('matview-exposed', 'warning', 'A materialized view of protected rows that others may read');
