-- The ways one identity may try to reach another's row, for one table. Each is a statement as an application would send it.
--   reads    returns a number: of rows that should not be seen
--   changes  must leave the victim's rows as they are
--   refused  must fail
--   tells    must not fail in the way that gives the victim's value away (first: the SQLSTATE that would)
-- The owner himself tries the same statement where control is true: what does not work for him either proves nothing.
CREATE TYPE steward.attempt AS (attempt text, kind text, control boolean, statement text, first text);
COMMENT ON TYPE steward.attempt IS
'A way to try: what it is, how it is judged (reads, changes, refused, tells), whether the owner must succeed with it, the statement, and for "tells" the SQLSTATE that tells, else a statement that goes before.';

-- What the attempts are made of: the table, its owner column, the victim's row, and values for new rows.
CREATE TYPE steward.target AS (
  relation regclass, terms steward.isolation_terms, role name, victim jsonb, intruder jsonb,
  victim_row jsonb, intruder_row jsonb, victim_new jsonb, intruder_new jsonb);
COMMENT ON TYPE steward.target IS
'What a proof works on: the table and its terms, the application''s role, both owners ({"identity": ..., "group": ...}), a row of each, and values for another row of each.';

CREATE FUNCTION steward.row_key(relation regclass, found jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT steward.key_condition(jsonb_object_agg(k, found -> k))
        FROM unnest(coalesce(steward.primary_key(relation), '{tableoid,ctid}'::name[])) AS k);
COMMENT ON FUNCTION steward.row_key(regclass, jsonb) IS 'The condition that finds this row, named r, by its primary key, or by its place.';

CREATE FUNCTION steward.reading_attempts(g steward.target) RETURNS SETOF steward.attempt
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.attempt, a.kind, a.control, format(a.statement, g.relation, p.owned, p.by_key, p.by_place, p.not_mine, (g.terms).owner_column,
                                              g.relation),
         a.first
  FROM (SELECT format('r.%I = %L', (g.terms).owner_column, steward.owner_value(g.terms, g.victim)) AS owned,
               steward.row_key(g.relation, g.victim_row) AS by_key,
               format('r.ctid = %L AND r.tableoid = %L', g.victim_row ->> 'ctid', g.victim_row ->> 'tableoid') AS by_place,
               format('r.%I <> %L', (g.terms).owner_column, steward.owner_value(g.terms, g.intruder)) AS not_mine) AS p,
       (VALUES
    ('read by owner', 'reads', true, 'SELECT count(*) FROM %1$s AS r WHERE %2$s', NULL),
    ('read by key', 'reads', true, 'SELECT count(*) FROM %1$s AS r WHERE %3$s', NULL),
    ('read by place (ctid)', 'reads', true, 'SELECT count(*) FROM %1$s AS r WHERE %4$s', NULL),
    ('read what is not one''s own', 'reads', true, 'SELECT count(*) FROM %1$s AS r WHERE %5$s', NULL),
    ('read through a join', 'reads', true, 'SELECT count(*) FROM %1$s AS r JOIN %1$s AS other ON other.%6$I = r.%6$I WHERE %2$s', NULL),
    ('read by locking rows', 'reads', true, 'SELECT count(*) FROM (SELECT FROM %1$s AS r WHERE %3$s FOR UPDATE) AS locked', NULL),
    ('read by sharing a lock', 'reads', true, 'SELECT count(*) FROM (SELECT FROM %1$s AS r WHERE %3$s FOR KEY SHARE) AS locked', NULL),
    ('read with row_security off', 'reads', false, 'SELECT count(*) FROM %1$s AS r WHERE %2$s', 'SET LOCAL row_security = off'),
    ('read with another plan', 'reads', true, 'SELECT count(*) FROM %1$s AS r WHERE %2$s',
     'SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off'),
    ('see a row in an error', 'reads', true, 'SELECT count(*) FROM %1$s AS r WHERE %5$s AND r::text::xid8 IS NOT NULL', NULL),
    ('learn by a division by zero', 'tells', true, 'SELECT count(*) FROM %1$s AS r WHERE 1 / (CASE WHEN %2$s THEN 0 ELSE 1 END) = 1',
     '22012'),
    ('read the planner''s statistics', 'reads', false,
     'SELECT count(*) FROM pg_catalog.pg_stats AS s JOIN pg_catalog.pg_namespace AS n ON n.nspname = s.schemaname '
     'JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = s.tablename '
     'WHERE c.oid = %7$L::pg_catalog.regclass AND s.most_common_vals IS NOT NULL', NULL))
    AS a (attempt, kind, control, statement, first)
$$;
COMMENT ON FUNCTION steward.reading_attempts(steward.target) IS 'The ways to read a row that is another''s.';

CREATE FUNCTION steward.side_readings(g steward.target) RETURNS SETOF steward.attempt
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('read %s %s', CASE WHEN m.is_partition THEN 'partition' ELSE 'child' END, m.relid), 'reads', false,
         format('SELECT count(*) FROM %s AS r WHERE r.%I = %L', m.relid, (g.terms).owner_column, steward.owner_value(g.terms, g.victim)),
           NULL
  FROM steward.table_tree(g.relation) AS m WHERE m.relid <> g.relation
  UNION ALL
  SELECT format('read view %s', v.view), 'reads', false,
         format('SELECT count(*) FROM %s AS r WHERE r::text LIKE %L', v.view, '%' || steward.owner_value(g.terms, g.victim) || '%'), NULL
  FROM steward.reaching_views() AS v
  WHERE v.relation = g.relation AND length(steward.owner_value(g.terms, g.victim)) > 5
  UNION ALL
  SELECT format('read sequence %s', s.sequence), 'reads', false,
         format('SELECT (has_sequence_privilege(%1$L, ''SELECT'') OR has_sequence_privilege(%1$L, ''UPDATE''))::integer', s.sequence), NULL
  FROM (SELECT DISTINCT d.objid::regclass AS sequence FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = g.relation AND d.deptype IN ('a', 'i')) AS s
$$;
COMMENT ON FUNCTION steward.side_readings(steward.target) IS 'The ways to read around the table: its partitions and children, views over it, its sequences.';

CREATE FUNCTION steward.writing_attempts(g steward.target) RETURNS SETOF steward.attempt
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.attempt, a.kind, a.control AND NOT (a.statement = '%6$s' AND steward.has_key(g.relation, ARRAY[(g.terms).owner_column])),
         format(a.statement, g.relation, p.by_key, p.owner, p.victim, p.my_key, p.insert_for, p.insert_none), NULL
  FROM (SELECT steward.row_key(g.relation, g.victim_row) AS by_key, steward.row_key(g.relation, g.intruder_row) AS my_key,
               quote_ident((g.terms).owner_column) AS owner, quote_literal(steward.owner_value(g.terms, g.victim)) AS victim,
               steward.insert_statement(g.relation, g.victim_new) AS insert_for,
               steward.insert_statement(g.relation, g.intruder_new || jsonb_build_object((g.terms).owner_column,
                                                                                         NULL)) AS insert_none) AS p,
       (VALUES
    ('insert for another', 'changes', true, '%6$s'),
    ('insert without an owner', 'refused', false, '%7$s'),
    ('update by key', 'changes', true, 'UPDATE %1$s AS r SET %3$s = %3$s WHERE %2$s'),
    ('update and return', 'reads', true, 'WITH u AS (UPDATE %1$s AS r SET %3$s = %3$s WHERE %2$s RETURNING 1) SELECT count(*) FROM u'),
    ('update every row', 'changes', true, 'UPDATE %1$s AS r SET %3$s = %3$s'),
    ('update through a join', 'changes', true, 'UPDATE %1$s AS r SET %3$s = r.%3$s FROM %1$s AS other WHERE other.%3$s = r.%3$s AND %2$s'),
    ('take a row over', 'changes', false, 'UPDATE %1$s AS r SET %3$s = DEFAULT WHERE %2$s'),
    ('move a row to another', 'changes', false, 'UPDATE %1$s AS r SET %3$s = %4$s WHERE %5$s'),
    ('move every row to another', 'changes', false, 'UPDATE %1$s AS r SET %3$s = %4$s'),
    ('delete by key', 'changes', true, 'DELETE FROM %1$s AS r WHERE %2$s'),
    ('delete and return', 'reads', true, 'WITH d AS (DELETE FROM %1$s AS r WHERE %2$s RETURNING 1) SELECT count(*) FROM d'),
    ('delete every row', 'changes', true, 'DELETE FROM %1$s AS r'),
    ('merge into a row', 'changes', true, 'MERGE INTO %1$s AS r USING (SELECT 1) AS s ON %2$s WHEN MATCHED THEN UPDATE SET %3$s = r.%3$s'),
    ('merge a row away', 'changes', true, 'MERGE INTO %1$s AS r USING (SELECT 1) AS s ON %2$s WHEN MATCHED THEN DELETE'))
    AS a (attempt, kind, control, statement)
  -- A child of a group's row is given its parent's group.
  WHERE a.statement <> '%7$s' OR (g.terms).members IS NULL OR (g.terms).through IS NULL
$$;
COMMENT ON FUNCTION steward.writing_attempts(steward.target) IS 'The ways to write a row that is another''s, or to make one of one''s own another''s.';

CREATE FUNCTION steward.keys_of(g steward.target)
RETURNS TABLE (name name, columns name[], is_primary boolean, insert_mine text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT x.relname, c.columns, k.indisprimary,
         steward.insert_statement(g.relation, g.intruder_new || (SELECT jsonb_object_agg(n, g.victim_row -> n) FROM unnest(c.columns) AS n))
  FROM pg_index AS k JOIN pg_class AS x ON x.oid = k.indexrelid,
       LATERAL (SELECT steward.column_names(g.relation, (k.indkey::smallint[])[0:k.indnkeyatts - 1])) AS c (columns)
  WHERE k.indrelid = g.relation AND k.indisunique AND k.indexprs IS NULL AND k.indpred IS NULL AND k.indimmediate
    AND (g.terms).owner_column <> ALL (c.columns)
    AND (SELECT bool_and(g.victim_row ->> n IS NOT NULL) FROM unnest(c.columns) AS n)
$$;
COMMENT ON FUNCTION steward.keys_of(steward.target) IS
'The unique keys of the table without the owner, and the insert of a row of one''s own under the other''s key.';

CREATE FUNCTION steward.key_attempts(g steward.target) RETURNS SETOF steward.attempt
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('upsert on the other''s key %s', k.name), 'changes', false,
         format('%s ON CONFLICT (%s) DO UPDATE SET %I = EXCLUDED.%3$I', k.insert_mine, steward.column_list(k.columns),
                (g.terms).owner_column), NULL
  FROM steward.keys_of(g) AS k
  UNION ALL
  SELECT format('learn from unique key %s', k.name), 'tells', false, k.insert_mine, CASE WHEN k.is_primary THEN 'known' ELSE '23505' END
  FROM steward.keys_of(g) AS k
  UNION ALL
  SELECT format('hang a row on the other''s %s', f.parent), 'refused', false,
         steward.insert_statement(g.relation, g.intruder_new ||
           (SELECT jsonb_object_agg(m.key, g.victim_row -> m.key) FROM jsonb_each_text(f.map) AS m
            WHERE m.key <> (g.terms).owner_column)), NULL
  FROM steward.foreign_key_maps(g.relation) AS f
  -- A key that names an owner as such (an assignee) is meant to name others.
  JOIN steward.isolated AS i ON i.relation = f.parent AND (i.terms).readers = 'owner'
    AND (f.map ? (g.terms).owner_column OR (i.terms).owner_column NOT IN (SELECT value FROM jsonb_each_text(f.map)))
  WHERE (SELECT count(*) > 0 AND bool_and(g.victim_row ->> m.key IS NOT NULL AND g.intruder_new ? m.key)
         FROM jsonb_object_keys(f.map) AS m (key) WHERE m.key <> (g.terms).owner_column)
$$;
COMMENT ON FUNCTION steward.key_attempts(steward.target) IS 'The ways to use unique and foreign keys, which see all rows.';

CREATE FUNCTION steward.privileged_attempts(g steward.target) RETURNS SETOF steward.attempt
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.attempt, 'refused', false, format(a.statement, g.relation,
                                             (SELECT min(polname::text) FROM pg_policy WHERE polrelid = g.relation), g.role), NULL
  FROM (VALUES
    ('truncate', 'TRUNCATE %1$s'),
    ('turn row security off', 'ALTER TABLE %1$s DISABLE ROW LEVEL SECURITY'),
    ('release the owner from it', 'ALTER TABLE %1$s NO FORCE ROW LEVEL SECURITY'),
    ('drop a policy', 'DROP POLICY %2$I ON %1$s'),
    ('add a policy', 'CREATE POLICY steward_prove ON %1$s USING (true)'),
    ('plant a trigger', 'CREATE TRIGGER steward_prove BEFORE UPDATE ON %1$s FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()'),
    ('plant a rule', 'CREATE RULE steward_prove AS ON INSERT TO %1$s DO ALSO NOTHING'),
    ('take the table', 'ALTER TABLE %1$s OWNER TO %3$I')) AS a (attempt, statement)
  UNION ALL
  SELECT 'become the table''s owner', 'reads', false,
         format('SELECT pg_has_role(%L, relowner, ''MEMBER'')::integer FROM pg_class WHERE oid = %L::regclass', g.role, g.relation), NULL
  UNION ALL
  SELECT 'hold privileges beyond', 'reads', false,
         format('SELECT count(*) FROM unnest(''{TRUNCATE,REFERENCES,TRIGGER}''::text[]) AS p WHERE has_table_privilege(%L, %L, p)',
                g.role, g.relation), NULL
$$;
COMMENT ON FUNCTION steward.privileged_attempts(steward.target) IS 'What only the owner of a table may do.';

CREATE FUNCTION steward.identity_attempts(g steward.target) RETURNS SETOF steward.attempt
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'act as the other', 'refused', false, format('SELECT steward.act_as(%L)', g.victim ->> 'identity'), NULL
  UNION ALL
  SELECT 'act as an admin', 'refused', false, 'SELECT steward.act_as_admin()', NULL
  UNION ALL
  SELECT 'prove as the other', 'refused', false, format('SELECT steward.prove_as(%L)', g.victim ->> 'identity'), NULL
  UNION ALL
  SELECT format('join %s', (g.terms).members), 'refused', false,
         steward.insert_statement((g.terms).members, steward.make_values((g.terms).members,
           jsonb_build_object((g.terms).members_group, g.victim -> 'group', (g.terms).members_identity, g.intruder -> 'identity'),
             g.intruder)), NULL
  WHERE (g.terms).members IS NOT NULL
$$;
COMMENT ON FUNCTION steward.identity_attempts(steward.target) IS 'The ways to become another: the identity is sealed, and nobody joins a group by himself.';

CREATE FUNCTION steward.shared_attempts(g steward.target) RETURNS SETOF steward.attempt
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.attempt, 'changes', false, format(a.statement, g.relation, steward.insert_statement(g.relation, g.intruder_new), c.attname), NULL
  FROM (SELECT attname FROM pg_attribute WHERE attrelid = g.relation AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        AND attidentity <> 'a'
        ORDER BY attnum LIMIT 1) AS c,
       (VALUES ('insert a row', '%2$s'), ('update every row', 'UPDATE %1$s SET %3$I = %3$I'), ('delete every row', 'DELETE FROM %1$s'))
         AS a (attempt, statement)
$$;
COMMENT ON FUNCTION steward.shared_attempts(steward.target) IS 'The ways to write a table that everybody reads and nobody writes.';

CREATE FUNCTION steward.attempts(g steward.target) RETURNS SETOF steward.attempt
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (g.terms).owner_column IS NULL THEN
    RETURN QUERY SELECT * FROM steward.shared_attempts(g);
  ELSE
    IF (g.terms).readers = 'owner' THEN
      RETURN QUERY SELECT * FROM steward.reading_attempts(g);
      RETURN QUERY SELECT * FROM steward.side_readings(g);
    END IF;
    RETURN QUERY SELECT * FROM steward.writing_attempts(g);
    IF (g.terms).readers = 'owner' AND (g.terms).writers = 'owner' THEN
      RETURN QUERY SELECT * FROM steward.key_attempts(g);
    END IF;
    RETURN QUERY SELECT * FROM steward.identity_attempts(g);
  END IF;
  RETURN QUERY SELECT * FROM steward.privileged_attempts(g);
END
$$;
COMMENT ON FUNCTION steward.attempts(steward.target) IS 'Every way to try on this table, on its terms.';
