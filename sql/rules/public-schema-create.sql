-- Everybody may put a function there that others then call. In public it is the default of databases from before 15.
CREATE FUNCTION steward.rule_public_schema_create(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_namespace', s.oid, NULL, format('everybody may create in schema %I', s.name),
                       'revoke it, and grant it to the roles that need it',
    format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC;', s.name), format('GRANT CREATE ON SCHEMA %I TO PUBLIC;', s.name))
  FROM steward.catalog_schema AS s
  WHERE EXISTS (SELECT FROM aclexplode(s.acl) AS p WHERE p.grantee = 0 AND p.privilege_type = 'CREATE')
$$;
SELECT steward.add_rule('public-schema-create', 'warning', 'A schema in which everybody may create');
