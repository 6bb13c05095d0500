-- The policies of here do not reach there. Only one whose rows have owners, and that others may read, is told.
CREATE FUNCTION steward.rule_foreign_table_exposed(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', v.oid, v.oid, format('foreign table %s has rows of users, no policy can protect it, and %s may read it',
                                                        v.identity, g.names),
    'revoke SELECT, and give a view over it that asks for the identity')
  FROM steward.catalog_relation AS v
       CROSS JOIN LATERAL (SELECT string_agg(DISTINCT coalesce(o.rolname::text, 'PUBLIC') COLLATE "C", ', ') AS names
                           FROM aclexplode(v.acl) AS p LEFT JOIN pg_roles AS o ON o.oid = p.grantee
                           WHERE p.privilege_type = 'SELECT' AND p.grantee <> v.owner) AS g
  WHERE v.kind = 'f' AND g.names IS NOT NULL
    AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = v.oid AND a.attname = options ->> 'owner_column' AND NOT a.attisdropped)
$$;
SELECT steward.add_rule('foreign-table-exposed', 'warning', 'A foreign table of users'' rows that others may read');
