-- The policies of an isolated table. What the owner may do is allowed by a permissive policy and demanded again by a
-- restrictive one, the floor: a permissive policy added later opens nothing. The planner evaluates the same condition
-- once. All are for PUBLIC, so that no role can remove itself from them, and none depends on the role.
CREATE FUNCTION steward.owner_condition(t steward.isolation_terms) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF t.members IS NULL THEN
    RETURN format('%I = (SELECT %s)', t.owner_column, steward.identity_call(t.owner_type));
  END IF;
  RETURN format('%I = ANY ((SELECT ARRAY(SELECT m.%I FROM %s AS m WHERE m.%I = (SELECT %s)))::%s[])', t.owner_column,
                t.members_group, t.members, t.members_identity,
                steward.identity_call(steward.column_type(t.members, t.members_identity)),
                steward.column_type(t.members, t.members_group));
END
$$;
COMMENT ON FUNCTION steward.owner_condition(steward.isolation_terms) IS
'The condition under which a row is the identity''s: it owns it, or is a member of the group that does. As sub-selects, which are evaluated once for each query and keep the index on the owner and parallel plans.';

CREATE FUNCTION steward.admin_clause(t steward.isolation_terms) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN cardinality(t.admins) > 0 THEN ' OR (SELECT steward.acting_as_admin())' ELSE '' END;
COMMENT ON FUNCTION steward.admin_clause(steward.isolation_terms) IS 'What lets recorded admins through the restrictive policies; empty without admins.';

CREATE FUNCTION steward.members_check(t steward.isolation_terms) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT format('%I.%I', n.nspname, left(c.relname, 40) || '_includes') FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.oid = t.members);
COMMENT ON FUNCTION steward.members_check(steward.isolation_terms) IS
'The name of the function that checks a membership anew, in the membership table''s schema.';

CREATE FUNCTION steward.policies_of(t steward.isolation_terms)
RETURNS TABLE (name text, permissive boolean, command text, roles name[], condition text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.name, p.permissive, p.command, p.roles,
         CASE WHEN p.condition IN ('true', 'false') THEN p.condition || CASE WHEN p.permissive THEN '' ELSE steward.admin_clause(t) END
              WHEN p.condition = 'admin' THEN '(SELECT steward.acting_as_admin())'
              WHEN p.condition = 'member now' THEN format('%s(%I)', steward.members_check(t), t.owner_column) || steward.admin_clause(t)
              ELSE steward.owner_condition(t) || CASE WHEN p.permissive THEN '' ELSE steward.admin_clause(t) END END
  FROM (VALUES
    ('steward_allow', true, 'ALL', NULL::name[], 'owner', t.readers = 'owner' AND t.writers = 'owner'),
    ('steward_allow', true, 'SELECT', NULL, 'owner', t.readers = 'owner' AND t.writers = 'nobody'),
    ('steward_allow', true, 'SELECT', NULL, 'true', t.readers = 'everyone'),
    ('steward_allow_insert', true, 'INSERT', NULL, 'owner', t.readers = 'everyone' AND t.writers = 'owner'),
    ('steward_allow_update', true, 'UPDATE', NULL, 'owner', t.readers = 'everyone' AND t.writers = 'owner'),
    ('steward_allow_delete', true, 'DELETE', NULL, 'owner', t.readers = 'everyone' AND t.writers = 'owner'),
    ('steward_floor', false, 'ALL', NULL, 'owner', t.readers = 'owner'),
    ('steward_floor_insert', false, 'INSERT', NULL, 'owner', t.readers = 'everyone' AND t.writers = 'owner'),
    ('steward_floor_update', false, 'UPDATE', NULL, 'owner', t.readers = 'everyone' AND t.writers = 'owner'),
    ('steward_floor_delete', false, 'DELETE', NULL, 'owner', t.readers = 'everyone' AND t.writers = 'owner'),
    ('steward_no_insert', false, 'INSERT', NULL, 'false', t.writers = 'nobody'),
    ('steward_no_update', false, 'UPDATE', NULL, 'false', t.writers = 'nobody'),
    ('steward_no_delete', false, 'DELETE', NULL, 'false', t.writers = 'nobody'),
    ('steward_member_update', false, 'UPDATE', NULL, 'member now', t.members IS NOT NULL AND t.writers = 'owner'),
    ('steward_member_delete', false, 'DELETE', NULL, 'member now', t.members IS NOT NULL AND t.writers = 'owner'),
    ('steward_admin', true, 'ALL', t.admins, 'admin', cardinality(t.admins) > 0))
    AS p (name, permissive, command, roles, condition, wanted)
  WHERE p.wanted
$$;
COMMENT ON FUNCTION steward.policies_of(steward.isolation_terms) IS
'The policies that these terms ask for. Members are checked again by a volatile function where rows are locked or changed: it sees who was removed while the statement waited.';

CREATE FUNCTION steward.policy_statement(relation regclass, name text, permissive boolean, command text, roles name[], condition text)
RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', name, relation, CASE WHEN permissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
              command, coalesce(steward.column_list(roles), 'PUBLIC'))
       || CASE WHEN command <> 'INSERT' THEN format(' USING (%s)', condition) ELSE '' END
       || CASE WHEN command IN ('ALL', 'INSERT', 'UPDATE') THEN format(' WITH CHECK (%s)', condition) ELSE '' END;
COMMENT ON FUNCTION steward.policy_statement(regclass, text, boolean, text, name[], text) IS
'CREATE POLICY, with the condition as USING and WITH CHECK where the command has them.';

-- Not a SQL function: its body would be rewritten where it is made, which row_security = off refuses.
CREATE FUNCTION steward.plan_members_check(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text := steward.members_check(t);
  signature text := format('%s(%s)', name, steward.column_type(t.members, t.members_group));
BEGIN
  IF t.members IS NULL OR t.writers = 'nobody' THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT 0, NULL, NULL, steward.shared_makes('function', signature, NULL);
  IF to_regprocedure(signature) IS NOT NULL THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT 1, format('check membership in %s anew where rows are changed', t.members),
    format('CREATE FUNCTION %s RETURNS boolean LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS %L', signature,
           format('BEGIN RETURN EXISTS (SELECT FROM %s AS m WHERE m.%I = $1 AND m.%I = (SELECT %s)); END', t.members, t.members_group,
                  t.members_identity, steward.identity_call(steward.column_type(t.members, t.members_identity)))),
    jsonb_build_array(jsonb_build_object('kind', 'function', 'name', signature));
  RETURN QUERY SELECT 1, 'let everybody ask it about himself', format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', signature), '[]'::jsonb;
  RETURN QUERY SELECT 1, 'say what it is for', format('COMMENT ON FUNCTION %s IS %L', signature,
    'steward: whether the identity is a member of the group now, not when the statement began.'), '[]'::jsonb;
END
$$;
COMMENT ON FUNCTION steward.plan_members_check(regclass, steward.isolation_terms) IS
'What makes the function that checks a membership anew, unless it is there.';

CREATE FUNCTION steward.policies_are_settled(relation regclass, t steward.isolation_terms) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM steward.isolated AS i
                 WHERE i.relation = policies_are_settled.relation AND (i.terms).admins = t.admins
                   AND i.policies = steward.own_policies(i.relation))
$$;
COMMENT ON FUNCTION steward.policies_are_settled(regclass, steward.isolation_terms) IS
'Whether the table has the policies that isolate() gave it on these terms, unchanged.';

CREATE FUNCTION steward.plan_policies(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  section integer := CASE WHEN t.online THEN 3 ELSE 1 END;
  of_class record;
BEGIN
  SELECT relrowsecurity, relforcerowsecurity INTO of_class FROM pg_class WHERE oid = relation;
  IF NOT steward.policies_are_settled(relation, t) THEN
    RETURN QUERY SELECT section, format('drop the policy %s, which is made anew', polname),
                        format('DROP POLICY %I ON %s', polname, relation), '[]'::jsonb
                 FROM pg_policy WHERE polrelid = relation AND polname LIKE 'steward\_%' ORDER BY polname;
    RETURN QUERY SELECT section, CASE WHEN p.permissive THEN format('allow on %s what the terms allow', relation)
                                      ELSE format('demand it on %s, whatever other policies allow', relation) END,
                        steward.policy_statement(relation, p.name, p.permissive, p.command, p.roles, p.condition),
                        jsonb_build_array(jsonb_build_object('kind', 'policy', 'name', p.name))
                 FROM steward.policies_of(t) AS p;
  END IF;
  IF NOT of_class.relrowsecurity THEN
    RETURN QUERY SELECT section, format('turn row security on for %s', relation),
                        format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation), '[]'::jsonb;
  END IF;
  IF NOT of_class.relforcerowsecurity THEN
    RETURN QUERY SELECT section, format('apply it to the owner of %s too', relation),
                        format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation), '[]'::jsonb;
  END IF;
END
$$;
COMMENT ON FUNCTION steward.plan_policies(regclass, steward.isolation_terms) IS
'What turns row security on, for the owner too, and makes the policies of these terms; policies that were changed since are made anew.';
