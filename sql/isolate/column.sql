-- The owner column of a table: added, filled, NOT NULL, with the identity as default, indexed, referencing its owner.
CREATE FUNCTION steward.free_name(schema oid, base text, suffix text) RETURNS name
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stem text := base;
  candidate text;
BEGIN
  FOR n IN 0 .. 999 LOOP
    LOOP
      candidate := stem || CASE WHEN n = 0 THEN '' ELSE n::text END || suffix;
      EXIT WHEN octet_length(candidate) <= 63;
      stem := left(stem, -1);
    END LOOP;
    EXIT WHEN NOT EXISTS (SELECT FROM pg_class WHERE relname = candidate AND relnamespace = schema)
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = candidate AND connamespace = schema);
  END LOOP;
  RETURN candidate;
END
$$;
COMMENT ON FUNCTION steward.free_name(oid, text, text) IS
'A name for a new index or constraint of a schema: base and suffix, shortened to 63 bytes, numbered when it is taken.';

CREATE FUNCTION steward.column_is_not_null(relation regclass, column_name name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN coalesce((SELECT a.attnotnull FROM pg_attribute AS a
                 WHERE a.attrelid = relation AND a.attname = column_name AND NOT a.attisdropped), false);
COMMENT ON FUNCTION steward.column_is_not_null(regclass, name) IS 'Whether the column is there and declared NOT NULL.';

CREATE FUNCTION steward.has_ownerless_rows(relation regclass, t steward.isolation_terms) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found boolean;
BEGIN
  IF steward.column_is_not_null(relation, t.owner_column) THEN
    RETURN false;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %s)', relation,
                 CASE WHEN steward.column_type(relation, t.owner_column) IS NULL THEN 'true'
                      ELSE format('%I IS NULL', t.owner_column) END) INTO found;
  RETURN found;
END
$$;
COMMENT ON FUNCTION steward.has_ownerless_rows(regclass, steward.isolation_terms) IS
'Whether the table has rows to fill an owner into. Reads the table; locks: AccessShareLock.';

-- Under FORCE, an owner reads no rows of his own table: neither a backfill nor the check of a foreign key would be right.
-- Nobody else sees the pause: the table is locked until the end of the transaction.
CREATE FUNCTION steward.unforced(relations regclass[], section integer, moment text) RETURNS SETOF steward.isolation_action
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT section, format(CASE moment WHEN 'before' THEN 'let the owner of %s see its rows' ELSE 'bind the owner of %s again' END, c.oid::regclass),
         format('ALTER TABLE %s %s ROW LEVEL SECURITY', c.oid::regclass, CASE moment WHEN 'before' THEN 'NO FORCE' ELSE 'FORCE' END), '[]'::jsonb
  FROM pg_class AS c
  WHERE c.oid = ANY (relations) AND c.relforcerowsecurity AND row_security_active(c.oid) AND pg_has_role(c.relowner, 'USAGE')
  ORDER BY c.oid::regclass::text
$$;
COMMENT ON FUNCTION steward.unforced(regclass[], integer, text) IS
'The statements before, or after, one that must see all rows of these tables; none for a caller whom their row security does not bind. moment: before or after.';

-- A cursor takes one query only: what is not an expression of this table fails here, before anything is done.
CREATE FUNCTION steward.check_expression(relation regclass, expression text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  probe refcursor;
BEGIN
  OPEN probe FOR EXECUTE format('SELECT (%s) FROM %s LIMIT 0', expression, relation);
  CLOSE probe;
END
$$;
COMMENT ON FUNCTION steward.check_expression(regclass, text) IS
'Refuses text that is not one SQL expression over the table''s columns. Names in it are looked up in pg_catalog: qualify others. Errors: 42601, 42703 and others of the parser.';

-- The parent's owner is found by the columns that the foreign key had before it carried the owner.
CREATE FUNCTION steward.parent_join(relation regclass, parent regclass, child text DEFAULT 'child') RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT string_agg(format('%s.%I = parent.%I', child, c.attname, p.attname), ' AND ' ORDER BY k.position)
        FROM (SELECT f.* FROM pg_constraint AS f
              WHERE f.contype = 'f' AND f.conrelid = relation AND f.confrelid = parent ORDER BY f.conname LIMIT 1) AS f,
             unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (mine, theirs, position), pg_attribute AS c, pg_attribute AS p
        WHERE c.attrelid = f.conrelid AND c.attnum = k.mine AND p.attrelid = f.confrelid AND p.attnum = k.theirs
          AND p.attname IS DISTINCT FROM (SELECT (i.terms).owner_column FROM steward.isolated AS i WHERE i.relation = parent));
COMMENT ON FUNCTION steward.parent_join(regclass, regclass, text) IS
'The condition that joins a child, by that name, to its parent by the first of its foreign keys there, without the owner; NULL when it has none.';

CREATE FUNCTION steward.backfill_statement(relation regclass, t steward.isolation_terms) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent_owner name := (SELECT (i.terms).owner_column FROM steward.isolated AS i WHERE i.relation = t.through);
BEGIN
  IF t.backfill IS NOT NULL THEN
    PERFORM steward.check_expression(relation, t.backfill);
    RETURN format('UPDATE %s SET %I = (%s) WHERE %2$I IS NULL', relation, t.owner_column, t.backfill);
  ELSIF t.through IS NOT NULL THEN
    RETURN format('UPDATE %s AS child SET %I = parent.%I FROM %s AS parent WHERE child.%2$I IS NULL AND %5$s', relation,
                  t.owner_column, parent_owner, t.through, steward.parent_join(relation, t.through));
  END IF;
  RAISE EXCEPTION 'table % has rows without an owner', relation
    USING ERRCODE = 'not_null_violation',
          HINT = format('Say whose they are, with an expression over its columns: backfill => %L', 'created_by');
END
$$;
COMMENT ON FUNCTION steward.backfill_statement(regclass, steward.isolation_terms) IS
'The UPDATE that gives rows without an owner theirs: from the expression given, or from the parent. Error: 23502 when nothing says whose they are.';

CREATE FUNCTION steward.plan_backfill(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  section integer := CASE WHEN t.online THEN 2 ELSE 1 END;
  statement text;
BEGIN
  IF NOT steward.has_ownerless_rows(relation, t) THEN
    RETURN;
  END IF;
  statement := steward.backfill_statement(relation, t);
  RETURN QUERY SELECT * FROM steward.unforced(ARRAY[t.through], section, 'before');
  RETURN QUERY SELECT section, format('give the rows of %s their owner', relation), statement, '[]'::jsonb;
  RETURN QUERY SELECT * FROM steward.unforced(ARRAY[t.through], section, 'after');
  IF NOT t.online AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND tgdeferrable AND NOT tgisinternal) THEN
    RETURN QUERY SELECT section, 'run what the backfill deferred', 'SET CONSTRAINTS ALL IMMEDIATE', '[]'::jsonb;
  END IF;
END
$$;
COMMENT ON FUNCTION steward.plan_backfill(regclass, steward.isolation_terms) IS 'What fills the owner into rows that have none. Error: 23502.';

CREATE FUNCTION steward.plan_not_null(relation regclass, t steward.isolation_terms, part text)
RETURNS SETOF steward.isolation_action
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.section, a.what, format(a.statement, relation, t.owner_column, k.name),
         CASE a.part WHEN 'declare' THEN jsonb_build_array(jsonb_build_object('kind', 'constraint', 'name', k.name)) ELSE '[]' END
  FROM (SELECT steward.free_name(c.relnamespace, c.relname, '_' || t.owner_column || '_not_null') AS name
        FROM pg_class AS c WHERE c.oid = relation) AS k,
       (VALUES ('declare', true, 1, 'promise an owner for new rows',
                'ALTER TABLE %1$s ADD CONSTRAINT %3$I CHECK (%2$I IS NOT NULL) NOT VALID'),
               ('enforce', true, 3, 'check that every row has an owner', 'ALTER TABLE %1$s VALIDATE CONSTRAINT %3$I'),
               ('enforce', true, 3, 'make the owner NOT NULL', 'ALTER TABLE %1$s ALTER COLUMN %2$I SET NOT NULL'),
               ('enforce', true, 3, 'drop the check that NOT NULL replaces', 'ALTER TABLE %1$s DROP CONSTRAINT %3$I'),
               ('enforce', false, 1, 'make the owner NOT NULL', 'ALTER TABLE %1$s ALTER COLUMN %2$I SET NOT NULL'))
         AS a (part, online, section, what, statement)
  WHERE a.part = plan_not_null.part AND a.online = coalesce(t.online, false)
    AND NOT steward.column_is_not_null(relation, t.owner_column)
$$;
COMMENT ON FUNCTION steward.plan_not_null(regclass, steward.isolation_terms, text) IS
'What makes the owner column NOT NULL. Online, by way of a CHECK that is validated under a lock that lets writers go on. part: declare (before the backfill) or enforce (after it).';

CREATE FUNCTION steward.plan_default(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 1, format('let new rows of %s belong to the identity', relation),
         format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', relation, t.owner_column, wanted.call), '[]'::jsonb
  FROM (SELECT steward.identity_call(t.owner_type) AS call) AS wanted
  LEFT JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = t.owner_column AND NOT a.attisdropped
  LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE t.members IS NULL AND coalesce(a.attidentity, '') = '' AND coalesce(a.attgenerated, '') = ''
    AND pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM wanted.call
$$;
COMMENT ON FUNCTION steward.plan_default(regclass, steward.isolation_terms) IS
'What makes the identity the default of the owner column. Not with members, where a row belongs to a group, nor where the server generates the value.';

CREATE FUNCTION steward.has_owner_index(relation regclass, owner_column name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
               JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS m ON m.oid = c.relam
               WHERE i.indrelid = relation AND a.attname = owner_column AND i.indisvalid AND i.indpred IS NULL
                 AND m.amname = 'btree');
COMMENT ON FUNCTION steward.has_owner_index(regclass, name) IS
'Whether a valid B-tree index of the whole table begins with the owner column.';

CREATE FUNCTION steward.plan_owner_index(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kind "char" := (SELECT relkind FROM pg_class WHERE oid = relation);
  index_name name;
BEGIN
  IF steward.has_owner_index(relation, t.owner_column) THEN
    RETURN;
  END IF;
  SELECT steward.free_name(relnamespace, relname, '_' || t.owner_column || '_idx') INTO index_name FROM pg_class WHERE oid = relation;
  IF t.online THEN
    RETURN QUERY
      SELECT 2, format('index %s by owner', m.relid), format('CREATE INDEX CONCURRENTLY %I ON %s (%I)',
               steward.free_name(c.relnamespace, c.relname, '_' || t.owner_column || '_idx'), m.relid, t.owner_column), '[]'::jsonb
      FROM steward.table_tree(relation) AS m JOIN pg_class AS c ON c.oid = m.relid
      WHERE c.relkind = 'r' AND (m.relid = relation OR m.is_partition) AND NOT steward.has_owner_index(m.relid, t.owner_column);
  END IF;
  IF NOT t.online OR kind = 'p' THEN
    RETURN QUERY SELECT CASE WHEN t.online THEN 3 ELSE 1 END, format('index %s by owner', relation),
                        format('CREATE INDEX %I ON %s (%I)', index_name, relation, t.owner_column), '[]'::jsonb;
  END IF;
  RETURN QUERY SELECT 0, NULL, NULL, jsonb_build_array(jsonb_build_object('kind', 'index', 'name', index_name));
END
$$;
COMMENT ON FUNCTION steward.plan_owner_index(regclass, steward.isolation_terms) IS
'What makes an index that begins with the owner, unless there is one. Online it is built concurrently, partition by partition, and the partitioned index then takes those over.';

-- A row of a group takes the group from its parent, as the one who inserts it sees the parent.
CREATE FUNCTION steward.fill_owner() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner text;
BEGIN
  EXECUTE TG_ARGV[1] INTO owner USING NEW;
  RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], owner));
END
$$;
COMMENT ON FUNCTION steward.fill_owner() IS
'Trigger of a child isolated through a parent whose rows belong to groups: fills the owner column (first argument) by a query over the new row (second argument) when the INSERT leaves it out.';

CREATE FUNCTION steward.plan_fill(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN t.online THEN 3 ELSE 1 END, format('let new rows of %s take the owner of their %s', plan_fill.relation, t.through),
         format('CREATE TRIGGER steward_fill_owner BEFORE INSERT ON %s FOR EACH ROW WHEN (NEW.%I IS NULL) EXECUTE FUNCTION steward.fill_owner(%L, %L)',
                plan_fill.relation, t.owner_column, t.owner_column,
                format('SELECT parent.%I FROM %s AS parent WHERE %s', (i.terms).owner_column, i.relation,
                       steward.parent_join(plan_fill.relation, t.through, '($1)'))),
         jsonb_build_array(jsonb_build_object('kind', 'trigger', 'name', 'steward_fill_owner'))
  FROM steward.isolated AS i
  WHERE i.relation = t.through AND t.members IS NOT NULL
    AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = plan_fill.relation AND tgname = 'steward_fill_owner')
$$;
COMMENT ON FUNCTION steward.plan_fill(regclass, steward.isolation_terms) IS
'What fills the owner of a new child from its parent, where rows belong to groups and the identity cannot be the default.';

CREATE FUNCTION steward.plan_reference(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_class record;
  constraint_name name;
  staged boolean;
  section integer := CASE WHEN t.online THEN 3 ELSE 1 END;
BEGIN
  IF t."references" IS NULL
     OR EXISTS (SELECT FROM pg_constraint AS f JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
                WHERE f.contype = 'f' AND f.conrelid = relation AND f.confrelid = t."references"
                  AND cardinality(f.conkey) = 1 AND a.attname = t.owner_column) THEN
    RETURN;
  END IF;
  SELECT relnamespace, relname, relkind INTO of_class FROM pg_class WHERE oid = relation;
  constraint_name := steward.free_name(of_class.relnamespace, of_class.relname, '_' || t.owner_column || '_fkey');
  staged := t.online AND of_class.relkind = 'r';
  RETURN QUERY SELECT * FROM steward.unforced(ARRAY[relation, t."references"], section, 'before');
  RETURN QUERY SELECT section, format('let the owner be one of %s', t."references"),
    format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %s (%I) ON DELETE %s%s', relation, constraint_name,
           t.owner_column, t."references", (steward.primary_key(t."references"))[1], upper(t.on_delete),
           CASE WHEN staged THEN ' NOT VALID' ELSE '' END),
    jsonb_build_array(jsonb_build_object('kind', 'constraint', 'name', constraint_name));
  IF staged THEN
    RETURN QUERY SELECT 3, 'check that every owner is there',
                        format('ALTER TABLE %s VALIDATE CONSTRAINT %I', relation, constraint_name), '[]'::jsonb;
  END IF;
  RETURN QUERY SELECT * FROM steward.unforced(ARRAY[relation, t."references"], section, 'after');
END
$$;
COMMENT ON FUNCTION steward.plan_reference(regclass, steward.isolation_terms) IS
'What makes the owner column reference the table of owners, unless a foreign key does.';

CREATE FUNCTION steward.plan_owner_column(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF t.owner_column IS NULL THEN
    RETURN;
  END IF;
  IF t.through IS NOT NULL AND steward.parent_join(relation, t.through) IS NULL THEN
    RAISE EXCEPTION '% has no foreign key to %', relation, t.through
      USING ERRCODE = 'invalid_foreign_key', HINT = 'A child is isolated through a parent that it references: add the foreign key first.';
  END IF;
  IF steward.column_type(relation, t.owner_column) IS NULL THEN
    RETURN QUERY SELECT 1, format('add the owner column to %s', relation),
                        format('ALTER TABLE %s ADD COLUMN %I %s', relation, t.owner_column, t.owner_type),
                        jsonb_build_array(jsonb_build_object('kind', 'column', 'name', t.owner_column));
  END IF;
  RETURN QUERY SELECT * FROM steward.plan_default(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_not_null(relation, t, 'declare');
  RETURN QUERY SELECT * FROM steward.plan_backfill(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_not_null(relation, t, 'enforce');
END
$$;
COMMENT ON FUNCTION steward.plan_owner_column(regclass, steward.isolation_terms) IS
'What gives a table its owner column, filled, NOT NULL, with the identity as default. Errors: 23502, 42830.';
