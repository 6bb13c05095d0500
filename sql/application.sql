-- The application's role: what an application logs in as, so that row security binds it.
CREATE FUNCTION steward.plan_application_role(role name, schemas name[]) RETURNS TABLE (what text, statement text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'make a role that row security binds',
         format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION', role)
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
  UNION ALL
  SELECT 'take from it what row security does not bind',
         format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION', role)
  WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = role AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication))
  UNION ALL
  SELECT 'let it connect', format('GRANT CONNECT ON DATABASE %I TO %I', datname, role)
  FROM pg_database AS d
  WHERE datname = current_database()
    AND NOT EXISTS (SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) AS a JOIN pg_roles AS r ON r.oid = a.grantee
                    WHERE r.rolname = role AND a.privilege_type = 'CONNECT')
  UNION ALL
  SELECT 'nobody leaves temporary tables to the next client of a connection', format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', datname)
  FROM pg_database AS d
  WHERE datname = current_database()
    AND EXISTS (SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE grantee = 0 AND privilege_type = 'TEMPORARY')
  UNION ALL
  SELECT format('let it into schema %s', n.nspname), format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, role)
  FROM pg_namespace AS n
  WHERE n.nspname = ANY (schemas)
    AND NOT EXISTS (SELECT FROM aclexplode(n.nspacl) AS a LEFT JOIN pg_roles AS r ON r.oid = a.grantee
                    WHERE (r.rolname = role OR a.grantee = 0) AND a.privilege_type = 'USAGE')
  UNION ALL
  SELECT format('nobody plants objects in schema %s', n.nspname), format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', n.nspname)
  FROM pg_namespace AS n
  WHERE n.nspname = ANY (schemas) AND EXISTS (SELECT FROM aclexplode(n.nspacl) WHERE grantee = 0 AND privilege_type = 'CREATE')
  UNION ALL
  SELECT format('functions that %s makes from now on are for whom they are granted to', current_user),
         format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', current_user)
  WHERE NOT EXISTS (SELECT FROM pg_default_acl
                    WHERE defaclrole = current_user::regrole AND defaclnamespace = 0 AND defaclobjtype = 'f'
                      AND NOT EXISTS (SELECT FROM aclexplode(defaclacl) WHERE grantee = 0 AND privilege_type = 'EXECUTE'))
  UNION ALL
  SELECT format('tables that %s makes from now on are nobody''s until they are isolated', d.role),
         format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE ALL ON TABLES FROM %s', d.role, d.place, d.grantee)
  FROM (SELECT DISTINCT f.defaclrole::regrole::name AS role, coalesce(' IN SCHEMA ' || quote_ident(n.nspname), '') AS place,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(plan_application_role.role) END AS grantee
        FROM pg_default_acl AS f LEFT JOIN pg_namespace AS n ON n.oid = f.defaclnamespace, aclexplode(f.defaclacl) AS a
        WHERE f.defaclobjtype = 'r' AND pg_has_role(f.defaclrole, 'USAGE')
          AND (a.grantee = 0 OR a.grantee = (SELECT oid FROM pg_roles WHERE rolname = plan_application_role.role))) AS d
$$;
COMMENT ON FUNCTION steward.plan_application_role(name, name[]) IS 'The statements that are missing for a proper application role.';

CREATE FUNCTION steward.application_role(role name, schemas name[] DEFAULT '{public}', dry_run boolean DEFAULT false)
RETURNS TABLE (n bigint, what text, statement text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  action record;
  missing text := (SELECT s FROM unnest(schemas) AS s WHERE s NOT IN (SELECT nspname FROM pg_namespace) LIMIT 1);
BEGIN
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'schema "%" does not exist', missing USING ERRCODE = 'invalid_schema_name';
  END IF;
  FOR action IN SELECT row_number() OVER () AS n, p.what, p.statement FROM steward.plan_application_role(role, schemas) AS p LOOP
    IF NOT dry_run THEN
      EXECUTE action.statement;
    END IF;
    RETURN QUERY SELECT action.n, action.what, action.statement;
  END LOOP;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 0::bigint, format('%s is a proper application role already: nothing to do', role), NULL::text;
  END IF;
END
$$;
COMMENT ON FUNCTION steward.application_role(name, name[], boolean) IS
'Makes a login that row security binds, with the least an application needs, and takes the defaults from PUBLIC that would undo it; its password is set by you (psql: \password). schemas: those with its tables. What it may do with a table, isolate(roles => ...) grants. dry_run: says what would be done. Errors: 42501 (CREATEROLE, or the database''s owner, is needed), 3F000.';
