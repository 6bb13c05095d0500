-- Logins to which row security does not apply: the most common hole there is.
CREATE TYPE steward.isolation_problem AS (
  relation regclass, object text, problem text, severity text, message text, hint text);
COMMENT ON TYPE steward.isolation_problem IS
'What is wrong with the isolation of a table, or of all (relation NULL). severity: error (rows can be reached), warning (something can be learned, or a mistake away), note.';

CREATE FUNCTION steward.bypassing_logins() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NULL::regclass, r.rolname::text, 'login_not_bound', CASE WHEN r.rolsuper THEN 'note' ELSE 'error' END,
         format('row security does not apply to %s "%s"', CASE WHEN r.rolsuper THEN 'the superuser' ELSE 'login' END, r.rolname),
         CASE WHEN r.rolsuper THEN 'No application may connect as it.'
              ELSE format('ALTER ROLE %I NOBYPASSRLS; or let the application connect as another: SELECT * FROM steward.application_role(''app'');',
                          r.rolname) END
  FROM pg_roles AS r
  WHERE r.rolcanlogin AND (r.rolsuper OR r.rolbypassrls)
  UNION ALL
  SELECT NULL, r.rolname, 'login_may_bypass', 'error',
         format('login "%s" may become "%s", to which row security does not apply', r.rolname, b.rolname),
         format('REVOKE %I FROM %I;', b.rolname, r.rolname)
  FROM pg_roles AS r JOIN pg_roles AS b ON (b.rolsuper OR b.rolbypassrls) AND b.oid <> r.oid AND pg_has_role(r.oid, b.oid, 'MEMBER')
  WHERE r.rolcanlogin AND NOT r.rolsuper AND NOT r.rolbypassrls
$$;
COMMENT ON FUNCTION steward.bypassing_logins() IS 'Logins that row security does not bind: BYPASSRLS, superusers, members of such a role.';

CREATE FUNCTION steward.owning_logins() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.relation, r.rolname::text, 'login_owns', 'warning',
         format('login "%s" %s %s, and may turn its row security off', r.rolname,
                CASE WHEN r.oid = c.relowner THEN 'owns' ELSE format('may become "%s", which owns', pg_get_userbyid(c.relowner)) END,
                  i.relation),
         format('No application may connect as it: let it belong to a role without LOGIN, ALTER TABLE %s OWNER TO ...;', i.relation)
  FROM steward.isolated AS i JOIN pg_class AS c ON c.oid = i.relation
  JOIN pg_roles AS r ON r.rolcanlogin AND NOT r.rolsuper AND NOT r.rolbypassrls AND pg_has_role(r.oid, c.relowner, 'MEMBER')
$$;
COMMENT ON FUNCTION steward.owning_logins() IS 'Logins that own an isolated table, or may become its owner.';

CREATE FUNCTION steward.powerful_logins() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NULL::regclass, r.rolname::text, 'login_reaches_around', 'error',
         format('login "%s" %s', r.rolname, w.way), w.hint
  FROM pg_roles AS r,
       LATERAL (VALUES
         (r.rolcreaterole AND current_setting('server_version_num')::integer < 160000,
          'has CREATEROLE, and may make itself a member of any table''s owner', format('ALTER ROLE %I NOCREATEROLE;', r.rolname)),
         (r.rolreplication, 'has REPLICATION, and may stream every row of the cluster', format('ALTER ROLE %I NOREPLICATION;', r.rolname)),
         (pg_has_role(r.oid, 'pg_execute_server_program', 'MEMBER') OR pg_has_role(r.oid, 'pg_read_server_files', 'MEMBER')
            OR pg_has_role(r.oid, 'pg_write_server_files', 'MEMBER'),
          'may read the server''s files or run programs there',
          format('REVOKE pg_execute_server_program, pg_read_server_files, pg_write_server_files FROM %I;', r.rolname)))
         AS w (found, way, hint)
  WHERE r.rolcanlogin AND NOT r.rolsuper AND NOT r.rolbypassrls AND w.found
$$;
COMMENT ON FUNCTION steward.powerful_logins() IS 'Logins that need not ask row security: by roles, replication or the server''s files.';

CREATE FUNCTION steward.unsealing_roles() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT NULL::regclass, r::text, 'role_may_unseal', 'error',
         format('the application''s role "%s" may execute steward.prove_as, and act for anybody', r),
         format('REVOKE EXECUTE ON FUNCTION steward.prove_as(text) FROM %I; and from the roles it is a member of.', r)
  FROM steward.isolated AS i JOIN pg_class AS c ON c.oid = i.relation, unnest((i.terms).roles) AS r JOIN pg_roles ON rolname = r
  WHERE has_function_privilege(pg_roles.oid, 'steward.prove_as(text)', 'EXECUTE')
$$;
COMMENT ON FUNCTION steward.unsealing_roles() IS 'Roles of applications that may prove isolation, and so act for anybody.';

CREATE FUNCTION steward.lax_roles() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT NULL::regclass, r::text, 'role_not_strict', 'note',
         format('the application''s role "%s" may lock whole tables, and learn sizes from EXPLAIN', r),
           format('GRANT steward_strict TO %I;', r)
  FROM steward.isolated AS i JOIN pg_class AS c ON c.oid = i.relation, unnest((i.terms).roles) AS r JOIN pg_roles AS app ON app.rolname = r
  WHERE NOT EXISTS (SELECT FROM pg_roles AS strict WHERE strict.rolname = 'steward_strict' AND pg_has_role(app.oid, strict.oid, 'MEMBER'))
$$;
COMMENT ON FUNCTION steward.lax_roles() IS 'Roles of applications that are not strict: what they may do beside reading and writing rows, they can use to learn of others.';
