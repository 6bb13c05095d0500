-- Privileges that row security does not govern, on isolated tables and around them.
CREATE FUNCTION steward.privileges_beyond() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.relation, coalesce(g.role, 'PUBLIC')::text, 'privilege_beyond', 'error',
         format('%s has %s on %s, which row security does not govern', coalesce(g.role, 'PUBLIC'), string_agg(DISTINCT g.privilege, ', '),
                i.relation),
         format('REVOKE %s ON %s FROM %s;', string_agg(DISTINCT g.privilege, ', '), i.relation, coalesce(quote_ident(g.role), 'PUBLIC'))
  FROM steward.isolated AS i, LATERAL steward.privileges(i.relation) AS g
  WHERE steward.is_bound(g.role) AND g.privilege IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
  GROUP BY i.relation, g.role
  UNION ALL
  SELECT i.relation, s.sequence::text, 'sequence_readable', 'warning',
         format('%s may read or set %s, which tells how many rows there are', coalesce(g.role, 'PUBLIC'), s.sequence),
         format('REVOKE SELECT, UPDATE ON SEQUENCE %s FROM %s;', s.sequence, coalesce(quote_ident(g.role), 'PUBLIC'))
  FROM steward.isolated AS i
  JOIN LATERAL (SELECT DISTINCT d.objid::regclass AS sequence FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
                WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = i.relation AND d.deptype IN ('a', 'i')) AS s ON true,
       LATERAL steward.privileges(s.sequence) AS g
  WHERE steward.is_bound(g.role) AND g.privilege IN ('SELECT', 'UPDATE')
  GROUP BY i.relation, s.sequence, g.role
$$;
COMMENT ON FUNCTION steward.privileges_beyond() IS 'TRUNCATE, REFERENCES, TRIGGER and MAINTAIN on isolated tables, and readable sequences.';

CREATE FUNCTION steward.planting_ground() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NULL::regclass, n.nspname::text, 'schema_writable', 'error',
         format('%s may make objects in schema %s, and lead other users'' queries to them', coalesce(r.rolname, 'PUBLIC'), n.nspname),
         format('REVOKE CREATE ON SCHEMA %I FROM %s;', n.nspname, coalesce(quote_ident(r.rolname), 'PUBLIC'))
  FROM pg_namespace AS n, aclexplode(n.nspacl) AS a LEFT JOIN pg_roles AS r ON r.oid = a.grantee
  WHERE a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner AND n.nspname NOT LIKE 'pg\_%'
    AND (a.grantee = 0 OR EXISTS (SELECT FROM steward.isolated AS i JOIN pg_class AS c ON c.oid = i.relation
                                   WHERE r.rolname = ANY ((i.terms).roles)))
  UNION ALL
  SELECT NULL, d.datname::text, 'temporary_tables', 'warning',
         'PUBLIC may make temporary tables, which a pooled connection keeps for the next user',
         format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC;', d.datname)
  FROM pg_database AS d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
  WHERE d.datname = current_database() AND a.grantee = 0 AND a.privilege_type = 'TEMPORARY'
  UNION ALL
  SELECT NULL, coalesce(r.rolname, 'PUBLIC')::text, 'default_privileges', 'warning',
         format('each table that %s makes is given to %s before it is isolated', f.defaclrole::regrole, coalesce(r.rolname, 'PUBLIC')),
         format('ALTER DEFAULT PRIVILEGES FOR ROLE %s%s REVOKE ALL ON TABLES FROM %s;', f.defaclrole::regrole,
                coalesce(' IN SCHEMA ' || quote_ident(n.nspname), ''), coalesce(quote_ident(r.rolname), 'PUBLIC'))
  FROM pg_default_acl AS f LEFT JOIN pg_namespace AS n ON n.oid = f.defaclnamespace, aclexplode(f.defaclacl) AS a
  LEFT JOIN pg_roles AS r ON r.oid = a.grantee
  WHERE f.defaclobjtype = 'r' AND a.grantee <> f.defaclrole AND steward.is_bound(r.rolname)
  GROUP BY f.defaclrole, n.nspname, r.rolname
$$;
COMMENT ON FUNCTION steward.planting_ground() IS 'Where somebody may plant objects or leave rows behind, and grants that new tables get by default.';

-- What sessions of one role can do to each other, an application's users can: the server knows them by the role only.
CREATE FUNCTION steward.shared_means() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NULL::regclass, string_agg(f.oid::regprocedure::text, ', ' ORDER BY f.oid::regprocedure::text), m.problem, 'note', m.message,
         format('As a superuser: REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC;',
                string_agg(f.oid::regprocedure::text, ', ' ORDER BY f.oid::regprocedure::text))
  FROM (VALUES ('signals', '{pg_terminate_backend,pg_cancel_backend}'::text[], 'users of one role can end each other''s sessions'),
               ('large_objects', '{lo_create,lo_from_bytea,lo_import}', 'large objects belong to the role: all of its users can read them'))
         AS m (problem, functions, message)
  JOIN pg_proc AS f ON f.pronamespace = 'pg_catalog'::regnamespace AND f.proname = ANY (m.functions)
  WHERE EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) WHERE grantee = 0 AND privilege_type = 'EXECUTE')
  GROUP BY m.problem, m.message
$$;
COMMENT ON FUNCTION steward.shared_means() IS 'Functions by which users of one role can act on each other.';

CREATE FUNCTION steward.membership_tables() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT m.members, coalesce(g.role, 'PUBLIC')::text, 'membership_writable', 'error',
         format('%s may write %s, and make members of whom it likes', coalesce(g.role, 'PUBLIC'), m.members),
         format('SELECT * FROM steward.isolate(%L, writers => ''nobody'', ...);', m.members)
  FROM (SELECT DISTINCT (terms).members AS members FROM steward.isolated) AS m, LATERAL steward.privileges(m.members) AS g
  WHERE steward.is_bound(g.role) AND g.privilege IN ('INSERT', 'UPDATE', 'DELETE')
    AND NOT EXISTS (SELECT FROM steward.isolated AS i
                    WHERE i.relation = m.members AND ((i.terms).writers = 'nobody' OR g.role = ANY ((i.terms).admins)))
  UNION ALL
  SELECT DISTINCT (i.terms).members, r.rolname::text, 'membership_unreadable', 'error',
         format('%s works with %s and may not read its membership table %s: it reaches no row', r.rolname, i.relation, (i.terms).members),
         format('GRANT SELECT ON %s TO %I;', (i.terms).members, r.rolname)
  FROM steward.isolated AS i JOIN pg_class AS c ON c.oid = i.relation JOIN pg_class AS m ON m.oid = (i.terms).members
  JOIN pg_roles AS r ON r.rolname = ANY ((i.terms).roles)
  WHERE i.root = i.relation AND NOT has_table_privilege(r.oid, m.oid, 'SELECT')
$$;
COMMENT ON FUNCTION steward.membership_tables() IS 'Membership tables that the members can write, or that their role cannot read.';
