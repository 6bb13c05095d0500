-- The record of what is isolated: on which terms, how the table was before, what was added. The functions that
-- write it run as its owner and read what was there from the catalog themselves: a caller cannot invent it.
CREATE TABLE steward.isolated (
  relation  regclass PRIMARY KEY,
  root      regclass NOT NULL,
  terms     steward.isolation_terms NOT NULL,
  before    jsonb NOT NULL,
  makes     jsonb NOT NULL,
  policies  jsonb
);
COMMENT ON TABLE steward.isolated IS
'The tables isolated by steward.isolate(): the terms, the facts before it, what it made. Written by it and by steward.release() alone.';
COMMENT ON COLUMN steward.isolated.root IS 'The table that isolate() was called for: another one for partitions and inheritance children.';
COMMENT ON COLUMN steward.isolated.before IS 'steward.isolation_facts() of the table before it was isolated.';
COMMENT ON COLUMN steward.isolated.makes IS 'The objects that isolate() adds, [{"kind": ..., "name": ...}, ...].';
COMMENT ON COLUMN steward.isolated.policies IS 'The policies as the catalog shows them since; NULL while a plan of several sections is under way.';
GRANT SELECT ON steward.isolated TO PUBLIC;

CREATE FUNCTION steward.privileges(relation regclass)
RETURNS TABLE (column_name name, role name, privilege text, grantable boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT g.attname, r.rolname, a.privilege_type, a.is_grantable
  FROM (SELECT NULL::name AS attname, coalesce(relacl, acldefault('r', relowner)) AS acl, relowner
        FROM pg_class WHERE oid = relation
        UNION ALL
        SELECT attname, attacl, relowner FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE attrelid = relation AND attacl IS NOT NULL AND NOT attisdropped) AS g,
       LATERAL aclexplode(g.acl) AS a LEFT JOIN pg_roles AS r ON r.oid = a.grantee
  WHERE a.grantor = g.relowner AND a.grantee <> g.relowner
$$;
COMMENT ON FUNCTION steward.privileges(regclass) IS
'What the owner of a relation has granted on it and on its columns; role NULL stands for PUBLIC.';

CREATE FUNCTION steward.policy_facts(relation regclass) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT coalesce(jsonb_object_agg(polname, jsonb_build_array(polcmd, polpermissive,
                 ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END FROM unnest(polroles) AS r ORDER BY 1),
                 pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))), '{}')
        FROM pg_policy WHERE polrelid = relation);
COMMENT ON FUNCTION steward.policy_facts(regclass) IS
'A table''s policies: by name the command, whether permissive, the roles, USING and WITH CHECK.';

CREATE FUNCTION steward.own_policies(relation regclass) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT coalesce(jsonb_object_agg(p.key, p.value), '{}') FROM jsonb_each(steward.policy_facts(relation)) AS p
        WHERE p.key LIKE 'steward\_%');
COMMENT ON FUNCTION steward.own_policies(regclass) IS 'As steward.policy_facts(), of the policies that bear our name.';

CREATE FUNCTION steward.isolation_facts(relation regclass) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object(
    'row_security', c.relrowsecurity, 'forced', c.relforcerowsecurity,
    'columns', (SELECT jsonb_object_agg(attname, jsonb_build_object('type', format_type(atttypid, atttypmod),
                         'not_null', attnotnull, 'default', pg_get_expr(adbin, adrelid)))
                FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
                WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
    'constraints', (SELECT coalesce(jsonb_object_agg(conname, pg_get_constraintdef(oid)), '{}')
                    FROM pg_constraint WHERE conrelid = c.oid AND contype <> 'n'),
    'indexes', (SELECT coalesce(jsonb_agg(i.relname ORDER BY i.relname), '[]')
                FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid WHERE indrelid = c.oid),
    'policies', steward.policy_facts(c.oid),
    'privileges', (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.role, p.column_name, p.privilege), '[]')
                   FROM steward.privileges(c.oid) AS p))
  FROM pg_class AS c WHERE c.oid = relation
$$;
COMMENT ON FUNCTION steward.isolation_facts(regclass) IS
'All that isolate() may change on a table: row security, columns, constraints, indexes, policies, privileges.';

-- In a SECURITY DEFINER function the caller is known by his session: whoever may become the owner may record.
CREATE FUNCTION steward.check_recorder(relation regclass) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT coalesce((SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class WHERE oid = relation), false) THEN
    RAISE EXCEPTION 'must be owner of table %', relation USING ERRCODE = 'insufficient_privilege';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_recorder(regclass) IS 'Refuses a session that may not act as the table''s owner. Error: 42501.';

CREATE FUNCTION steward.remember_isolation(relation regclass, root regclass, terms jsonb, makes jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asked steward.isolation_terms := jsonb_populate_record(NULL::steward.isolation_terms, remember_isolation.terms);
BEGIN
  PERFORM steward.check_recorder(remember_isolation.relation);
  DELETE FROM steward.isolated AS i WHERE NOT EXISTS (SELECT FROM pg_class WHERE oid = i.relation);
  INSERT INTO steward.isolated AS i (relation, root, terms, before, makes)
  VALUES (remember_isolation.relation, remember_isolation.root, asked,
          steward.isolation_facts(remember_isolation.relation), remember_isolation.makes)
  ON CONFLICT (relation) DO UPDATE
  SET root = excluded.root, terms = excluded.terms, policies = NULL,
      makes = (SELECT jsonb_agg(DISTINCT m) FROM jsonb_array_elements(i.makes || excluded.makes) AS m);
END
$$;
COMMENT ON FUNCTION steward.remember_isolation(regclass, regclass, jsonb, jsonb) IS
'Records, before isolate() changes a table, how it is and what will be added; facts recorded earlier stay. The caller is its owner. Errors: 42501. Locks: RowExclusiveLock on steward.isolated.';

CREATE FUNCTION steward.remember_key(relation regclass, name name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM steward.check_recorder(remember_key.relation);
  UPDATE steward.isolated AS i
  SET makes = i.makes || jsonb_build_array(jsonb_build_object('kind', 'key', 'name', remember_key.name))
  WHERE i.relation = remember_key.relation
    AND NOT i.makes @> jsonb_build_array(jsonb_build_object('kind', 'key', 'name', remember_key.name));
END
$$;
COMMENT ON FUNCTION steward.remember_key(regclass, name) IS
'Records that a unique constraint was added to an isolated parent for its children''s foreign keys. The caller is its owner. Error: 42501.';

CREATE FUNCTION steward.settle_isolation(relation regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM steward.check_recorder(settle_isolation.relation);
  UPDATE steward.isolated AS i
  SET policies = steward.own_policies(i.relation)
  WHERE i.relation = settle_isolation.relation;
END
$$;
COMMENT ON FUNCTION steward.settle_isolation(regclass) IS
'Records, after isolate(), how its policies look in the catalog, so that a change shows. The caller is the table''s owner. Error: 42501.';

CREATE FUNCTION steward.forget_isolation(relation regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM steward.check_recorder(relation);
  DELETE FROM steward.isolated AS i WHERE i.relation = forget_isolation.relation;
END
$$;
COMMENT ON FUNCTION steward.forget_isolation(regclass) IS 'Ends the record of a table that release() gave back. The caller is its owner. Error: 42501.';

CREATE FUNCTION steward.shared_makes(kind text, name text, role text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(DISTINCT m), '[]') FROM steward.isolated AS i, jsonb_array_elements(i.makes) AS m
  WHERE m ->> 'kind' = shared_makes.kind AND m ->> 'name' = shared_makes.name AND m ->> 'role' IS NOT DISTINCT FROM shared_makes.role
$$;
COMMENT ON FUNCTION steward.shared_makes(text, text, text) IS
'What was made for one isolated table and serves others too, so that each of them records it and the last one takes it away; empty when it was there before.';
