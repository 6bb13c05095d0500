-- The terms on which a table is isolated: what isolate() was asked, checked and completed from the catalog.
CREATE TYPE steward.isolation_terms AS (
  owner_column name, owner_type regtype, "references" regclass, on_delete text, through regclass, backfill text,
  members regclass, members_group name, members_identity name, readers text, writers text,
  roles name[], admins name[], online boolean);
COMMENT ON TYPE steward.isolation_terms IS 'What steward.isolate() was asked, completed: its parameters, by the same names.';

-- What isolate does, one statement at a time. makes: the objects it adds, for release() to take away.
CREATE TYPE steward.isolation_action AS (section integer, what text, statement text, makes jsonb);
COMMENT ON TYPE steward.isolation_action IS
'One statement of a plan of steward.isolate(): the revision section it belongs to (2: outside a transaction), what it does, its text, and the objects it makes.';

CREATE FUNCTION steward.identity_call(owner_type regtype) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  base oid := owner_type;
BEGIN
  WHILE (SELECT typtype FROM pg_type WHERE oid = base) = 'd' LOOP
    base := (SELECT typbasetype FROM pg_type WHERE oid = base);
  END LOOP;
  RETURN CASE
    WHEN base = 'uuid'::regtype THEN 'steward.identity_uuid()'
    WHEN base IN ('text'::regtype, 'varchar'::regtype) THEN 'steward.identity()'
    WHEN base IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype) THEN 'steward.identity_bigint()'
  END;
END
$$;
COMMENT ON FUNCTION steward.identity_call(regtype) IS
'The call that gives the identity as a value to compare an owner column of this type with; the cast is on our side, so that the column''s index is used. NULL for a type that cannot own rows.';

CREATE FUNCTION steward.column_type(relation regclass, column_name name) RETURNS regtype
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT a.atttypid FROM pg_attribute AS a
        WHERE a.attrelid = relation AND a.attname = column_name AND a.attnum > 0 AND NOT a.attisdropped);
COMMENT ON FUNCTION steward.column_type(regclass, name) IS 'The type of a relation''s column; NULL when it has no such column.';

CREATE FUNCTION steward.primary_key(relation regclass) RETURNS name[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT array_agg(a.attname ORDER BY k.position)
        FROM pg_constraint AS c, unnest(c.conkey) WITH ORDINALITY AS k (attnum, position), pg_attribute AS a
        WHERE c.conrelid = relation AND c.contype = 'p' AND a.attrelid = relation AND a.attnum = k.attnum);
COMMENT ON FUNCTION steward.primary_key(regclass) IS 'The columns of a table''s primary key in their order; NULL when it has none.';

CREATE FUNCTION steward.check_isolable(relation regclass) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  subject record;
BEGIN
  SELECT c.relkind, c.relpersistence, n.nspname, c.relowner, c.relispartition INTO subject
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such table' USING ERRCODE = 'undefined_table';
  ELSIF subject.relkind NOT IN ('r', 'p') OR subject.relpersistence = 't' THEN
    RAISE EXCEPTION '% is not a table that can be isolated', relation
      USING ERRCODE = 'wrong_object_type', DETAIL = 'Row security applies to ordinary and partitioned tables.',
            HINT = 'A view is isolated by its tables: ALTER VIEW ... SET (security_invoker = true);';
  ELSIF subject.nspname IN ('pg_catalog', 'information_schema', 'pg_toast', 'steward') THEN
    RAISE EXCEPTION '% belongs to the system', relation USING ERRCODE = 'insufficient_privilege';
  ELSIF subject.relispartition THEN
    RAISE EXCEPTION '% is a partition', relation
      USING ERRCODE = 'wrong_object_type',
            HINT = format('Isolate the whole table, its partitions come along: SELECT steward.isolate(%L);',
                          (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = relation));
  ELSIF NOT pg_has_role(subject.relowner, 'USAGE') THEN
    RAISE EXCEPTION 'must be owner of table %', relation
      USING ERRCODE = 'insufficient_privilege', HINT = format('Run it as its owner: SET ROLE %I;', subject.relowner::regrole);
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_isolable(regclass) IS
'Refuses what cannot be isolated: other than tables, system tables, partitions by themselves, tables of others. Errors: 42809, 42501, 42P01.';

CREATE FUNCTION steward.check_choices(t steward.isolation_terms) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  problem text;
  missing text;
BEGIN
  problem := CASE
    WHEN t.readers IS NULL OR t.readers NOT IN ('owner', 'everyone') THEN 'readers is owner or everyone'
    WHEN t.writers IS NULL OR t.writers NOT IN ('owner', 'nobody') THEN 'writers is owner or nobody'
    WHEN lower(t.on_delete) NOT IN ('cascade', 'restrict', 'no action') OR t.on_delete IS NULL
      THEN 'on_delete is cascade, restrict or no action: a row without an owner is nobody''s'
    WHEN t.owner_column IS NULL AND NOT (t.readers = 'everyone' AND t.writers = 'nobody') THEN 'owner_column is missing'
    WHEN t.members IS NOT NULL AND t."references" IS NOT DISTINCT FROM t.members THEN 'members and references are the same table'
  END;
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION 'isolate: %', problem USING ERRCODE = 'invalid_parameter_value', HINT = 'See docs/isolation.md.';
  END IF;
  SELECT r INTO missing FROM unnest(t.roles || t.admins) AS r WHERE r NOT IN (SELECT rolname FROM pg_roles) LIMIT 1;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'role "%" does not exist', missing
      USING ERRCODE = 'undefined_object', HINT = format('Make it: SELECT * FROM steward.application_role(%L);', missing);
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_choices(steward.isolation_terms) IS
'Refuses parameters of isolate that are not among what they may be, and roles that do not exist. Errors: 22023, 42704.';

-- A child is isolated on its parent's terms.
CREATE FUNCTION steward.inherit_terms(t steward.isolation_terms) RETURNS steward.isolation_terms
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent steward.isolation_terms;
BEGIN
  IF t.through IS NULL THEN
    RETURN t;
  END IF;
  SELECT (i.terms).* INTO parent FROM steward.isolated AS i WHERE i.relation = t.through;
  IF NOT FOUND OR parent.owner_column IS NULL THEN
    RAISE EXCEPTION '% has no owner to isolate a child through', t.through
      USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = format('Isolate it first: SELECT * FROM steward.isolate(%L);', t.through);
  END IF;
  IF t.owner_column = 'user_id' THEN
    t.owner_column := parent.owner_column;
  END IF;
  t.owner_type := parent.owner_type;
  t.members := parent.members;
  t.members_group := parent.members_group;
  t.members_identity := parent.members_identity;
  RETURN t;
END
$$;
COMMENT ON FUNCTION steward.inherit_terms(steward.isolation_terms) IS
'The terms of a child that is isolated through a parent: owner column, type and members are the parent''s. Error: 55000 when the parent is not isolated.';

CREATE FUNCTION steward.referenced_type(target regclass) RETURNS regtype
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key name[] := steward.primary_key(target);
BEGIN
  IF target IS NOT NULL AND cardinality(key) IS DISTINCT FROM 1 THEN
    RAISE EXCEPTION '% has no primary key of one column for an owner to reference', target
      USING ERRCODE = 'invalid_foreign_key', HINT = 'Leave "references" away and add the foreign key yourself.';
  END IF;
  RETURN steward.column_type(target, key[1]);
END
$$;
COMMENT ON FUNCTION steward.referenced_type(regclass) IS 'The type of the one-column primary key that an owner column references. Error: 42830.';

CREATE FUNCTION steward.check_owner_type(relation regclass, t steward.isolation_terms) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF t.owner_column IS NULL THEN
    RETURN;
  END IF;
  IF steward.identity_call(t.owner_type) IS NULL THEN
    RAISE EXCEPTION 'column "%" of % has type %, which cannot be compared with an identity', t.owner_column, relation, t.owner_type
      USING ERRCODE = 'datatype_mismatch', HINT = 'An owner column is of type uuid, text, varchar, smallint, integer or bigint.';
  END IF;
  IF EXISTS (SELECT FROM pg_attribute AS a JOIN pg_collation AS c ON c.oid = a.attcollation
             WHERE a.attrelid = relation AND a.attname = t.owner_column AND NOT c.collisdeterministic) THEN
    RAISE EXCEPTION 'column "%" of % has a nondeterministic collation', t.owner_column, relation
      USING ERRCODE = 'datatype_mismatch', DETAIL = 'Identities that differ would count as equal.',
            HINT = format('ALTER TABLE %s ALTER COLUMN %I TYPE text COLLATE "C";', relation, t.owner_column);
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_owner_type(regclass, steward.isolation_terms) IS
'Refuses an owner column whose values cannot be compared exactly with an identity. Error: 42804.';

CREATE FUNCTION steward.check_members(t steward.isolation_terms) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  missing name;
BEGIN
  IF t.members IS NULL THEN
    RETURN;
  END IF;
  SELECT c INTO missing FROM unnest(ARRAY[t.members_group, t.members_identity]) AS c
  WHERE steward.column_type(t.members, c) IS NULL LIMIT 1;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'the membership table % has no column "%"', t.members, missing
      USING ERRCODE = 'undefined_column', HINT = 'Name its columns: members_group => ''team_id'', members_identity => ''user_id''.';
  END IF;
  IF steward.identity_call(steward.column_type(t.members, t.members_identity)) IS NULL THEN
    RAISE EXCEPTION 'column "%" of % cannot be compared with an identity', t.members_identity, t.members
      USING ERRCODE = 'datatype_mismatch';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_members(steward.isolation_terms) IS 'Refuses a membership table without its two columns. Errors: 42703, 42804.';

CREATE FUNCTION steward.describe_terms(t steward.isolation_terms) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN concat_ws(', ', 'owner_column => ' || quote_nullable(t.owner_column), 'through => ' || quote_literal(t.through),
                 'members => ' || quote_literal(t.members), 'readers => ' || quote_literal(t.readers),
                 'writers => ' || quote_literal(t.writers));
COMMENT ON FUNCTION steward.describe_terms(steward.isolation_terms) IS 'The terms that shape the policies, as the parameters of isolate.';

-- On other terms than before: released first, since what was there before belongs to the first terms.
CREATE FUNCTION steward.merge_terms(relation regclass, t steward.isolation_terms) RETURNS steward.isolation_terms
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known steward.isolation_terms;
BEGIN
  SELECT (i.terms).* INTO known FROM steward.isolated AS i WHERE i.relation = merge_terms.relation;
  IF NOT FOUND THEN
    RETURN t;
  END IF;
  IF (known.owner_column, known.through, known.members, known.readers, known.writers)
     IS DISTINCT FROM (t.owner_column, t.through, t.members, t.readers, t.writers) THEN
    RAISE EXCEPTION '% is isolated on other terms', relation
      USING ERRCODE = 'object_not_in_prerequisite_state',
            DETAIL = format('They are: %s.', steward.describe_terms(known)),
            HINT = format('Release it first: SELECT * FROM steward.release(%L);', relation);
  END IF;
  -- Roles that were dropped since are forgotten.
  t.roles := ARRAY(SELECT rolname FROM pg_roles WHERE rolname = ANY (known.roles || t.roles) ORDER BY 1);
  t.admins := ARRAY(SELECT rolname FROM pg_roles WHERE rolname = ANY (known.admins || t.admins) ORDER BY 1);
  t."references" := coalesce(t."references", known."references");
  t.on_delete := CASE WHEN known."references" IS NULL THEN t.on_delete ELSE known.on_delete END;
  RETURN t;
END
$$;
COMMENT ON FUNCTION steward.merge_terms(regclass, steward.isolation_terms) IS
'The terms together with those a table is isolated on already: roles are added, what shapes the policies must be the same. Error: 55000.';

CREATE FUNCTION steward.complete_terms(relation regclass, t steward.isolation_terms) RETURNS steward.isolation_terms
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM steward.check_isolable(relation);
  t.roles := ARRAY(SELECT DISTINCT r FROM unnest(t.roles) AS r ORDER BY 1);
  t.admins := ARRAY(SELECT DISTINCT r FROM unnest(t.admins) AS r ORDER BY 1);
  IF t.readers = 'everyone' AND t.writers = 'nobody' THEN
    t.owner_column := NULL;
  END IF;
  PERFORM steward.check_choices(t);
  t := steward.inherit_terms(t);
  t.owner_type := coalesce(steward.column_type(relation, t.owner_column), t.owner_type,
                           steward.referenced_type(t."references"), 'uuid'::regtype);
  t.members_group := coalesce(t.members_group, t.owner_column);
  PERFORM steward.check_owner_type(relation, t), steward.check_members(t);
  RETURN steward.merge_terms(relation, t);
END
$$;
COMMENT ON FUNCTION steward.complete_terms(regclass, steward.isolation_terms) IS
'The terms, checked, and completed from the catalog, the parent and the record. Errors: those of the checks.';
