-- Privileges on an isolated table. Row security does not see TRUNCATE; REFERENCES asks whether keys exist; TRIGGER plants
-- code into other owners' transactions; MAINTAIN locks. Nobody whom row security binds keeps them.
CREATE FUNCTION steward.is_bound(role name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role AND (rolsuper OR rolbypassrls));
COMMENT ON FUNCTION steward.is_bound(name) IS 'Whether row security binds the role: not a superuser, not BYPASSRLS. PUBLIC (NULL) is bound.';

CREATE FUNCTION steward.plan_revokes(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN t.online THEN 3 ELSE 1 END, format('take %s on %s from %s', g.what, relation, coalesce(g.role, 'PUBLIC')),
         format('REVOKE %s ON %s FROM %s CASCADE', g.what, relation, coalesce(quote_ident(g.role), 'PUBLIC')), '[]'::jsonb
  FROM (SELECT p.role, CASE WHEN p.role IS NULL THEN 'ALL' ELSE string_agg(DISTINCT p.privilege, ', ' ORDER BY p.privilege) END AS what
        FROM steward.privileges(relation) AS p
        WHERE p.role IS NULL
           OR (steward.is_bound(p.role)
               AND (p.privilege IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
                    OR (p.privilege <> 'SELECT' AND t.writers = 'nobody' AND p.role <> ALL (t.admins))))
        GROUP BY p.role) AS g
  ORDER BY g.role NULLS FIRST
$$;
COMMENT ON FUNCTION steward.plan_revokes(regclass, steward.isolation_terms) IS
'What takes from PUBLIC all privileges, and from roles that row security binds those it does not govern (and writing, where nobody writes).';

CREATE FUNCTION steward.plan_grants(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN t.online THEN 3 ELSE 1 END, format('let %s work with %s', g.role, relation),
         format('GRANT %s ON %s TO %I', string_agg(g.privilege, ', ' ORDER BY g.position), relation, g.role), '[]'::jsonb
  FROM (SELECT r AS role, w.privilege, w.position
        FROM unnest(t.roles || t.admins) AS r,
             unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS w (privilege, position)
        WHERE w.privilege = 'SELECT' OR t.writers = 'owner' OR r = ANY (t.admins)) AS g
  WHERE NOT EXISTS (SELECT FROM steward.privileges(relation) AS p
                    WHERE p.role = g.role AND p.privilege = g.privilege AND p.column_name IS NULL)
  GROUP BY g.role
  ORDER BY g.role
$$;
COMMENT ON FUNCTION steward.plan_grants(regclass, steward.isolation_terms) IS
'What gives the application''s roles and the admins the commands that the policies then govern, and no more.';

-- What a role needs beside the table: the schema, and the sequences behind defaults (identity columns need none).
CREATE FUNCTION steward.plan_usage(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN t.online THEN 3 ELSE 1 END, format('let %s into schema %s', r, n.nspname),
    format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, r),
         jsonb_build_array(jsonb_build_object('kind', 'schema', 'name', n.nspname, 'role', r))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, unnest(t.roles || t.admins) AS r
  WHERE c.oid = relation AND NOT has_schema_privilege(r, n.oid, 'USAGE')
  UNION ALL
  SELECT 0, NULL, NULL, steward.shared_makes('schema', n.nspname, r)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, unnest(t.roles || t.admins) AS r
  WHERE c.oid = relation AND has_schema_privilege(r, n.oid, 'USAGE')
  UNION ALL
  SELECT CASE WHEN t.online THEN 3 ELSE 1 END, format('let %s take numbers from %s', r, s.sequence),
         format('GRANT USAGE ON SEQUENCE %s TO %I', s.sequence, r),
         jsonb_build_array(jsonb_build_object('kind', 'sequence', 'name', s.sequence, 'role', r))
  FROM (SELECT DISTINCT d.objid::regclass AS sequence
        FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation
          AND d.refobjsubid > 0 AND d.deptype = 'a') AS s, unnest(t.roles || t.admins) AS r
  WHERE (t.writers = 'owner' OR r = ANY (t.admins)) AND NOT has_sequence_privilege(r, s.sequence, 'USAGE')
$$;
COMMENT ON FUNCTION steward.plan_usage(regclass, steward.isolation_terms) IS
'What lets the roles into the table''s schema and use the sequences of its serial columns.';
