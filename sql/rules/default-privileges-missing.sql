-- The next table will lack the grants that those before it have.
CREATE FUNCTION steward.rule_default_privileges_missing(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_namespace', g.schema, NULL,
    format('role %I has privileges on %s tables of schema %I, and gets none on new ones of %s', r.rolname, g.tables, g.schema_name,
           o.rolname),
    format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT ... ON TABLES TO %I', o.rolname, g.schema_name, r.rolname))
  FROM (SELECT t.schema, t.schema_name, t.owner, p.grantee, count(DISTINCT t.oid) AS tables
        FROM steward.catalog_table AS t CROSS JOIN LATERAL aclexplode(t.acl) AS p
        WHERE p.grantee <> 0 AND p.grantee <> t.owner GROUP BY 1, 2, 3, 4) AS g
       JOIN pg_roles AS r ON r.oid = g.grantee AND options -> 'application_roles' ? r.rolname::text
       JOIN pg_roles AS o ON o.oid = g.owner
  WHERE NOT EXISTS (SELECT FROM pg_default_acl AS d CROSS JOIN LATERAL aclexplode(d.defaclacl) AS p
                    WHERE d.defaclrole = g.owner AND d.defaclnamespace IN (0, g.schema) AND d.defaclobjtype = 'r' AND p.grantee = g.grantee)
$$;
SELECT steward.add_rule('default-privileges-missing', 'warning', 'An application role that gets nothing on new tables');
