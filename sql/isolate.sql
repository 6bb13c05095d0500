-- isolate: a plan made from the catalog, then done statement by statement as the caller, who owns the table.
CREATE FUNCTION steward.table_tree(relation regclass) RETURNS TABLE (relid regclass, depth_rank bigint, is_partition boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE tree AS (
    SELECT relation AS relid, ARRAY[''] AS path
    UNION ALL
    SELECT i.inhrelid::regclass, tree.path || i.inhrelid::regclass::text FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.relid)
  SELECT tree.relid, row_number() OVER (ORDER BY min(tree.path)), c.relispartition
  FROM tree JOIN pg_class AS c ON c.oid = tree.relid
  WHERE c.relkind IN ('r', 'p')
  GROUP BY tree.relid, c.relispartition
$$;
COMMENT ON FUNCTION steward.table_tree(regclass) IS
'A table with its partitions and inheritance children at every depth, parents first. Row security is that of the table a query names, so each needs its own.';

-- A child gets its columns, NOT NULL and partitioned indexes from its parent; the rest is its own.
CREATE FUNCTION steward.plan_child(relation regclass, root regclass, is_partition boolean, t steward.isolation_terms)
RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF t.owner_column IS NOT NULL THEN
    IF steward.column_type(relation, t.owner_column) IS NOT NULL AND NOT EXISTS (SELECT FROM steward.plan_default(root, t)) THEN
      RETURN QUERY SELECT * FROM steward.plan_default(relation, t);
    END IF;
    RETURN QUERY SELECT * FROM steward.plan_foreign_keys(relation, t);
    IF NOT is_partition THEN
      RETURN QUERY SELECT * FROM steward.plan_owner_index(relation, t);
      RETURN QUERY SELECT * FROM steward.plan_reference(relation, t);
      RETURN QUERY SELECT * FROM steward.plan_fill(relation, t);
    END IF;
  END IF;
  RETURN QUERY SELECT * FROM steward.plan_policies(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_revokes(relation, t);
END
$$;
COMMENT ON FUNCTION steward.plan_child(regclass, regclass, boolean,
                                       steward.isolation_terms) IS 'What isolates a partition or an inheritance child.';

CREATE FUNCTION steward.plan_root(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT * FROM steward.plan_owner_column(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_foreign_keys(relation, t);
  -- A key on itself, made for its own foreign keys, begins with the owner and serves as its index.
  IF t.owner_column IS NOT NULL AND NOT EXISTS (SELECT FROM steward.open_foreign_keys(relation, t) WHERE parent = relation) THEN
    RETURN QUERY SELECT * FROM steward.plan_owner_index(relation, t);
  END IF;
  RETURN QUERY SELECT * FROM steward.plan_reference(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_fill(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_members_check(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_policies(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_revokes(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_grants(relation, t);
  RETURN QUERY SELECT * FROM steward.plan_usage(relation, t);
END
$$;
COMMENT ON FUNCTION steward.plan_root(regclass, steward.isolation_terms) IS 'What isolates a table itself, without its children.';

CREATE FUNCTION steward.plan_table(relation regclass, root regclass, is_partition boolean, t steward.isolation_terms)
RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  actions steward.isolation_action[];
  recorded jsonb := to_jsonb(t) - 'backfill' - 'online';
  made jsonb;
BEGIN
  actions := CASE WHEN relation = root THEN ARRAY(SELECT a FROM steward.plan_root(relation, t) AS a)
                  ELSE ARRAY(SELECT a FROM steward.plan_child(relation, root, is_partition, t) AS a) END;
  IF NOT EXISTS (SELECT FROM unnest(actions) AS a WHERE a.statement IS NOT NULL)
     AND EXISTS (SELECT FROM steward.isolated AS i
                 WHERE i.relation = plan_table.relation AND i.root = plan_table.root
                   AND to_jsonb(i.terms) - 'backfill' - 'online' = recorded) THEN
    RETURN;
  END IF;
  made := (SELECT coalesce(jsonb_agg(m), '[]') FROM unnest(actions) AS a, jsonb_array_elements(a.makes) AS m);
  RETURN QUERY SELECT 1, format('record how %s is', relation),
                      format('SELECT steward.remember_isolation(%L, %L, %L, %L)', relation, root, jsonb_strip_nulls(recorded), made), made;
  RETURN QUERY SELECT a.section, a.what, a.statement, a.makes FROM unnest(actions) AS a WHERE a.statement IS NOT NULL;
  RETURN QUERY SELECT CASE WHEN t.online THEN 3 ELSE 1 END, format('record how %s is isolated', relation),
                      format('SELECT steward.settle_isolation(%L)', relation), '[]'::jsonb;
END
$$;
COMMENT ON FUNCTION steward.plan_table(regclass, regclass, boolean, steward.isolation_terms) IS
'What isolates one table, between the statements that record it; no row when it is isolated on these terms.';

CREATE FUNCTION steward.plan_isolation(relation regclass, t steward.isolation_terms)
RETURNS TABLE (n bigint, section integer, what text, statement text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
#variable_conflict use_column
BEGIN
  t := steward.complete_terms(relation, t);
  RETURN QUERY
    -- What was before is recorded of all of them first: a change of the parent changes its children.
    SELECT row_number() OVER (ORDER BY a.section, a.n > 1, m.depth_rank, a.n), a.section, a.what, a.statement
    FROM steward.table_tree(relation) AS m,
         LATERAL steward.plan_table(m.relid, relation, m.is_partition, t) WITH ORDINALITY AS a (section, what, statement, makes, n)
    ORDER BY 1;
END
$$;
COMMENT ON FUNCTION steward.plan_isolation(regclass, steward.isolation_terms) IS
'The statements that isolate a table and its children on these terms, in their order. Errors: those of complete_terms and of each part.';

-- A plan holds as long as nobody else changes the table: the second of two calls waits, and finds it done.
CREATE FUNCTION steward.hold_table(relation regclass, dry_run boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT dry_run AND EXISTS (SELECT FROM pg_class WHERE oid = relation AND relkind IN ('r', 'p') AND pg_has_role(relowner, 'USAGE')) THEN
    EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', relation);
  END IF;
END
$$;
COMMENT ON FUNCTION steward.hold_table(regclass, boolean) IS
'Keeps others from changing a table of the caller''s until the transaction ends; readers and writers go on. Nothing on a dry run. Locks: ShareUpdateExclusiveLock on the table.';

CREATE FUNCTION steward.isolate(
  relation regclass, owner_column name DEFAULT 'user_id', "references" regclass DEFAULT NULL, on_delete text DEFAULT 'cascade',
  through regclass DEFAULT NULL, backfill text DEFAULT NULL, owner_type regtype DEFAULT NULL,
  members regclass DEFAULT NULL, members_group name DEFAULT NULL, members_identity name DEFAULT 'user_id',
  readers text DEFAULT 'owner', writers text DEFAULT 'owner', roles name[] DEFAULT '{}', admins name[] DEFAULT '{}',
  online boolean DEFAULT false, dry_run boolean DEFAULT false)
RETURNS TABLE (n bigint, section integer, what text, statement text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
#variable_conflict use_column
DECLARE
  t steward.isolation_terms;
  action record;
BEGIN
  t := (owner_column, owner_type, "references", on_delete, through, backfill, members, members_group, members_identity,
        readers, writers, roles, admins, online);
  IF online AND NOT dry_run THEN
    RAISE EXCEPTION 'isolate cannot build indexes concurrently itself: it runs in a transaction'
      USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Add dry_run => true, and put each section of what it returns into a revision (section 2: transaction=off).';
  END IF;
  PERFORM steward.hold_table(relation, dry_run);
  FOR action IN SELECT * FROM unnest(ARRAY(SELECT p FROM steward.plan_isolation(relation, t) AS p))
                AS p (n bigint, section integer, what text, statement text) LOOP
    IF NOT dry_run THEN
      EXECUTE action.statement;
    END IF;
    RETURN QUERY SELECT action.n, action.section, action.what, action.statement;
  END LOOP;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 0::bigint, NULL::integer, format('%s is isolated already: nothing to do', relation), NULL::text;
  END IF;
END
$$;
COMMENT ON FUNCTION steward.isolate(regclass, name, regclass, text, regclass, text, regtype, regclass, name, name, text, text,
                                    name[], name[], boolean, boolean) IS
'Makes the rows of a table belong to their owners (docs/isolation.md). relation: a table, with its partitions. owner_column: added when it is not there, in type owner_type, the type of what "references" names, or uuid. through: a parent whose owner the row shares. backfill: an expression for rows that have no owner. members, members_group, members_identity: rows belong to a group whose members are listed there. readers: owner or everyone; writers: owner or nobody. roles: who works with the table; admins: who sees everything, recorded. online: sections for large tables, with dry_run only. dry_run: says what would be done. Returns what it did, statement by statement; run again, nothing. Errors: 42501, 42809, 22023, 42704, 42804, 23502, 42830, 55000, 0A000. Locks: ShareUpdateExclusiveLock on the table, and when something is to be done AccessExclusiveLock; ShareRowExclusiveLock on those it references, AccessExclusiveLock for a caller whom their row security binds.';
