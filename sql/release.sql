-- release: what isolate() made is taken away, what it changed is as it was before; what others changed since stays.
CREATE FUNCTION steward.released_keys(relation regclass) RETURNS TABLE (parent regclass, name name)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT f.confrelid::regclass, k.conname
  FROM pg_constraint AS f
  JOIN pg_constraint AS k ON k.conrelid = f.confrelid AND k.conindid = f.conindid AND k.contype = 'u'
  JOIN steward.isolated AS i ON i.relation = f.confrelid
  WHERE f.contype = 'f' AND f.conrelid = released_keys.relation
    AND i.makes @> jsonb_build_array(jsonb_build_object('kind', 'key', 'name', k.conname)) AND NOT i.before -> 'constraints' ? k.conname
    AND NOT EXISTS (SELECT FROM pg_constraint AS other
                    WHERE other.contype = 'f' AND other.conindid = f.conindid AND other.conrelid <> released_keys.relation
                      AND other.conparentid = 0)
$$;
COMMENT ON FUNCTION steward.released_keys(regclass) IS
'The unique constraints that were made on parents for this table''s foreign keys and that no other table needs.';

CREATE FUNCTION steward.check_release(relation regclass) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  root regclass := (SELECT i.root FROM steward.isolated AS i WHERE i.relation = check_release.relation);
  child regclass;
BEGIN
  IF root IS NULL THEN
    RETURN;
  END IF;
  IF NOT (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = relation) THEN
    RAISE EXCEPTION 'must be owner of table %', relation USING ERRCODE = 'insufficient_privilege';
  ELSIF root <> relation AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = relation) THEN
    RAISE EXCEPTION '% was isolated with %', relation, root
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = format('Release the whole: SELECT * FROM steward.release(%L);', root);
  END IF;
  SELECT i.relation INTO child
  FROM steward.isolated AS i JOIN pg_constraint AS f ON f.conrelid = i.relation AND f.confrelid = check_release.relation
  WHERE f.contype = 'f' AND i.relation <> check_release.relation AND i.root <> check_release.relation
    AND i.makes @> jsonb_build_array(jsonb_build_object('kind', 'replaced', 'name', f.conname))
  ORDER BY i.relation::text LIMIT 1;
  IF child IS NOT NULL THEN
    RAISE EXCEPTION '% is referenced by %, which is isolated', relation, child
      USING ERRCODE = 'dependent_objects_still_exist', HINT = format('Release that first: SELECT * FROM steward.release(%L);', child);
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_release(regclass) IS
'Refuses to release a table of others, a partition by itself, or a parent whose isolated children reference it with the owner. Errors: 42501, 55000, 2BP01.';

CREATE FUNCTION steward.undo_policies(r steward.isolated) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM (
    SELECT format('DROP POLICY %I ON %s', polname, r.relation)
    FROM pg_policy
    WHERE polrelid = r.relation AND r.makes @> jsonb_build_array(jsonb_build_object('kind', 'policy', 'name', polname))
      AND NOT r.before -> 'policies' ? polname
    ORDER BY polname) AS policies
  UNION ALL
  SELECT format('ALTER TABLE %s %s', r.relation, string_agg(change, ', '))
  FROM pg_class,
       LATERAL (VALUES ('NO FORCE ROW LEVEL SECURITY', relforcerowsecurity AND NOT (r.before ->> 'forced')::boolean),
                       ('DISABLE ROW LEVEL SECURITY', relrowsecurity AND NOT (r.before ->> 'row_security')::boolean)) AS c (change, wanted)
  WHERE oid = r.relation AND c.wanted
  HAVING count(*) > 0
$$;
COMMENT ON FUNCTION steward.undo_policies(steward.isolated) IS 'What drops the policies of isolate() and sets row security as it was.';

CREATE FUNCTION steward.undo_constraint(r steward.isolated, constraint_name name, parent regclass) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.statement FROM steward.unforced(ARRAY[parent], 1, 'before') AS u WHERE r.before -> 'constraints' ? constraint_name
    AND parent <> r.relation
  UNION ALL
  SELECT format('ALTER TABLE %s DROP CONSTRAINT %I%s', r.relation, constraint_name,
                ', ADD CONSTRAINT ' || quote_ident(constraint_name) || ' ' || (r.before -> 'constraints' ->> constraint_name))
  UNION ALL
  SELECT u.statement FROM steward.unforced(ARRAY[parent], 1, 'after') AS u WHERE r.before -> 'constraints' ? constraint_name
    AND parent <> r.relation
$$;
COMMENT ON FUNCTION steward.undo_constraint(steward.isolated, name, regclass) IS
'What drops a constraint of the table, or puts a foreign key to this parent back as it was.';

CREATE FUNCTION steward.undo_keys(r steward.isolated) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.statement
  FROM pg_constraint AS k, jsonb_array_elements(r.makes) AS m,
       LATERAL steward.undo_constraint(r, k.conname, k.confrelid) WITH ORDINALITY AS u (statement, n)
  WHERE k.conrelid = r.relation AND k.conname = m ->> 'name' AND k.conparentid = 0
    AND ((m ->> 'kind' = 'constraint' AND NOT r.before -> 'constraints' ? k.conname)
         OR (m ->> 'kind' = 'replaced' AND pg_get_constraintdef(k.oid) <> r.before -> 'constraints' ->> k.conname))
  UNION ALL
  SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', p.parent, p.name) FROM steward.released_keys(r.relation) AS p
  UNION ALL
  SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', r.relation, k.conname)
  FROM pg_constraint AS k
  WHERE k.conrelid = r.relation AND r.makes @> jsonb_build_array(jsonb_build_object('kind', 'key', 'name', k.conname))
    AND NOT r.before -> 'constraints' ? k.conname
    AND NOT EXISTS (SELECT FROM steward.released_keys(r.relation) AS p WHERE p.parent = r.relation AND p.name = k.conname)
$$;
COMMENT ON FUNCTION steward.undo_keys(steward.isolated) IS
'What puts foreign keys back as they were and drops those, and the parents'' keys, that isolate() made.';

CREATE FUNCTION steward.undo_column(r steward.isolated) RETURNS SETOF text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner name := (r.terms).owner_column;
  was jsonb := r.before -> 'columns' -> (r.terms).owner_column;
  is_now jsonb := steward.isolation_facts(r.relation) -> 'columns' -> (r.terms).owner_column;
BEGIN
  RETURN QUERY
    SELECT format('DROP TRIGGER %I ON %s', tgname, r.relation)
    FROM pg_trigger
    WHERE tgrelid = r.relation AND tgparentid = 0 AND r.makes @> jsonb_build_array(jsonb_build_object('kind', 'trigger', 'name', tgname));
  RETURN QUERY
    SELECT format('DROP INDEX %s', i.oid::regclass)
    FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid
    WHERE indrelid = r.relation AND r.makes @> jsonb_build_array(jsonb_build_object('kind', 'index', 'name', i.relname))
      AND NOT r.before -> 'indexes' ? i.relname;
  IF is_now IS NULL OR owner IS NULL THEN
    RETURN;
  ELSIF was IS NULL THEN
    IF r.makes @> jsonb_build_array(jsonb_build_object('kind', 'column', 'name', owner)) THEN
      -- Since PostgreSQL 18 a child that had the column itself keeps its parent's NOT NULL beyond the parent's column.
      IF EXISTS (SELECT FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid WHERE inhparent = r.relation AND NOT c.relispartition) THEN
        RETURN NEXT format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', r.relation, owner);
      END IF;
      RETURN NEXT format('ALTER TABLE %s DROP COLUMN %I', r.relation, owner);
    END IF;
    RETURN;
  END IF;
  IF (is_now ->> 'not_null')::boolean AND NOT (was ->> 'not_null')::boolean THEN
    RETURN NEXT format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', r.relation, owner);
  END IF;
  IF is_now ->> 'default' IS DISTINCT FROM was ->> 'default' THEN
    RETURN NEXT format('ALTER TABLE %s ALTER COLUMN %I %s', r.relation, owner,
                       coalesce('SET DEFAULT ' || (was ->> 'default'), 'DROP DEFAULT'));
  END IF;
END
$$;
COMMENT ON FUNCTION steward.undo_column(steward.isolated) IS
'What drops the trigger, the index and the column that isolate() made, or sets default and NOT NULL of the column as they were.';

CREATE FUNCTION steward.undo_privileges(r steward.isolated) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH was AS (SELECT * FROM jsonb_to_recordset(r.before -> 'privileges')
                 AS w (column_name name, role name, privilege text, grantable boolean)),
       is_now AS (SELECT * FROM steward.privileges(r.relation))
  SELECT format('REVOKE %s ON %s FROM %I', string_agg(n.privilege, ', ' ORDER BY n.privilege), r.relation, n.role)
  FROM is_now AS n
  WHERE n.role = ANY ((r.terms).roles || (r.terms).admins) AND n.column_name IS NULL
    AND n.privilege IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    AND NOT EXISTS (SELECT FROM was AS w WHERE (w.role, w.privilege) = (n.role, n.privilege) AND w.column_name IS NULL)
  GROUP BY n.role
  UNION ALL
  SELECT format('GRANT %s%s ON %s TO %s%s', w.privilege, coalesce(' (' || quote_ident(w.column_name) || ')', ''), r.relation,
                coalesce(quote_ident(w.role), 'PUBLIC'), CASE WHEN w.grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM was AS w
  WHERE (w.role IS NULL OR w.role IN (SELECT rolname FROM pg_roles))
    AND (w.column_name IS NULL OR steward.column_type(r.relation, w.column_name) IS NOT NULL)
    AND NOT EXISTS (SELECT FROM is_now AS n
                    WHERE (n.column_name, n.role, n.privilege, n.grantable) IS NOT DISTINCT FROM
                          (w.column_name, w.role, w.privilege, w.grantable))
$$;
COMMENT ON FUNCTION steward.undo_privileges(steward.isolated) IS 'What grants again what isolate() took away, and takes away what it granted.';

-- Beside the table: what several tables may share goes with the last of them.
CREATE FUNCTION steward.undo_surroundings(r steward.isolated) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('DROP FUNCTION %s', p.oid::regprocedure)
  FROM jsonb_array_elements(r.makes) AS m
  JOIN pg_proc AS p ON p.oid = CASE m ->> 'kind' WHEN 'function' THEN to_regprocedure(m ->> 'name') END
  WHERE m ->> 'kind' = 'function'
    AND NOT EXISTS (SELECT FROM steward.isolated AS other
                    WHERE other.root <> r.relation AND (other.terms).members = (r.terms).members AND (other.terms).writers = 'owner')
  UNION ALL
  SELECT format('REVOKE USAGE ON SCHEMA %I FROM %I', n.nspname, m ->> 'role')
  FROM jsonb_array_elements(r.makes) AS m JOIN pg_namespace AS n ON n.nspname = m ->> 'name'
  WHERE m ->> 'kind' = 'schema' AND m ->> 'role' IN (SELECT rolname FROM pg_roles)
    AND NOT EXISTS (SELECT FROM steward.isolated AS other JOIN pg_class AS c ON c.oid = other.relation
                    WHERE other.root <> r.relation AND c.relnamespace = n.oid
                      AND (m ->> 'role')::name = ANY ((other.terms).roles || (other.terms).admins))
  UNION ALL
  SELECT format('REVOKE USAGE ON SEQUENCE %s FROM %I', c.oid::regclass, m ->> 'role')
  FROM jsonb_array_elements(r.makes) AS m
  JOIN pg_class AS c ON c.oid = CASE m ->> 'kind' WHEN 'sequence' THEN to_regclass(m ->> 'name') END
  WHERE m ->> 'role' IN (SELECT rolname FROM pg_roles)
$$;
COMMENT ON FUNCTION steward.undo_surroundings(steward.isolated) IS
'What takes away the membership check, and the usage of schema and sequences, that isolate() gave and no other isolated table needs.';

-- In this order over all tables of the tree: a foreign key goes before the key it needs, the column last.
CREATE FUNCTION steward.undo_part(r steward.isolated, part integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE part
    WHEN 1 THEN RETURN QUERY SELECT * FROM steward.undo_policies(r);
    WHEN 2 THEN RETURN QUERY SELECT * FROM steward.undo_keys(r);
    WHEN 3 THEN RETURN QUERY SELECT * FROM steward.undo_column(r);
    WHEN 4 THEN RETURN QUERY SELECT * FROM steward.undo_privileges(r);
    WHEN 5 THEN RETURN QUERY SELECT * FROM steward.undo_surroundings(r);
    WHEN 6 THEN RETURN NEXT format('SELECT steward.forget_isolation(%L)', r.relation);
  END CASE;
END
$$;
COMMENT ON FUNCTION steward.undo_part(steward.isolated, integer) IS
'The statements of one part of a release: 1 policies, 2 keys, 3 column, 4 privileges, 5 what is around the table, 6 the record.';

CREATE FUNCTION steward.plan_release(relation regclass) RETURNS TABLE (n bigint, statement text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT row_number() OVER (ORDER BY part, m.depth_rank, u.n), u.statement
  FROM steward.table_tree(plan_release.relation) AS m
  JOIN steward.isolated AS i ON i.relation = m.relid AND i.root = plan_release.relation,
       generate_series(1, 6) AS part, LATERAL steward.undo_part(i, part) WITH ORDINALITY AS u (statement, n)
  ORDER BY 1
$$;
COMMENT ON FUNCTION steward.plan_release(regclass) IS 'The statements that give an isolated table and its children back, in their order.';

CREATE FUNCTION steward.release(relation regclass, dry_run boolean DEFAULT false) RETURNS TABLE (n bigint, statement text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
#variable_conflict use_column
DECLARE
  action record;
BEGIN
  PERFORM steward.hold_table(relation, dry_run);
  PERFORM steward.check_release(relation);
  FOR action IN SELECT * FROM unnest(ARRAY(SELECT p FROM steward.plan_release(relation) AS p)) AS p (n bigint, statement text) LOOP
    IF NOT dry_run THEN
      EXECUTE action.statement;
    END IF;
    RETURN QUERY SELECT action.n, action.statement;
  END LOOP;
  IF NOT FOUND THEN
    RAISE NOTICE '% is not isolated: nothing to do', relation;
  END IF;
END
$$;
COMMENT ON FUNCTION steward.release(regclass, boolean) IS
'Undoes steward.isolate(): policies, keys, index, column, default, NOT NULL and privileges are as they were before it; what was changed by others since stays. dry_run: says what would be done. Returns what it did, statement by statement. Errors: 42501, 55000, 2BP01. Locks: AccessExclusiveLock on the table and on the parents whose keys it drops.';
