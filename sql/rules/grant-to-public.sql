-- Every role that will ever be made.
CREATE FUNCTION steward.rule_grant_to_public(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', r.oid, r.oid, format('everybody has %s on %s', g.privileges, r.identity),
    format('REVOKE ALL ON %s FROM PUBLIC, and grant what is needed to those who need it', r.identity))
  FROM steward.catalog_relation AS r
       CROSS JOIN LATERAL (SELECT string_agg(p.privilege_type, ', ' ORDER BY p.privilege_type COLLATE "C") AS privileges
                           FROM aclexplode(r.acl) AS p WHERE p.grantee = 0 AND p.privilege_type <> 'MAINTAIN') AS g
  WHERE g.privileges IS NOT NULL
$$;
SELECT steward.add_rule('grant-to-public', 'warning', 'A table or view that everybody has privileges on');
