-- A finding as a rule gives it: the address of the object, and what to say of it. Names, severity and waivers come
-- later, in one place for all rules (sql/hygiene.sql).
CREATE TYPE steward.found AS (
  class     oid,
  object    oid,
  part      integer,
  relation  oid,
  message   text,
  hint      text,
  fix       text,
  undo      text,
  level     text,
  name      text,
  remedy    text
);
COMMENT ON TYPE steward.found IS
'What a rule found: the object (class, object, part, as in pg_depend; name where it is none of the catalog''s), the table it belongs to, '
'what is wrong, what to do, SQL that mends it safely and SQL that takes this back, a severity where it is not the rule''s own, and what '
'has to be done for it in words of our own, where other rules ask for the same and there is no SQL to tell by.';

CREATE FUNCTION steward.blame(class regclass, object oid, relation oid, message text, hint text DEFAULT NULL, fix text DEFAULT NULL,
  undo text DEFAULT NULL, part integer DEFAULT 0, level text DEFAULT NULL, name text DEFAULT NULL,
  remedy text DEFAULT NULL) RETURNS steward.found
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ROW (class::oid, object, part, relation, message, hint, fix, undo, level, name, remedy)::steward.found;
COMMENT ON FUNCTION steward.blame(regclass, oid, oid, text, text, text, text, integer, text, text, text) IS
'Makes a finding of its parts. class and object: the address, as in pg_depend, part the column''s number. '
'relation: the table it belongs to.';

-- The directions of an index read backwards: each key's order, and where its NULLs are, turned round.
CREATE FUNCTION steward.turned(directions int2[]) RETURNS int2[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT pg_catalog.array_agg((u.direction OPERATOR(pg_catalog.#) 3::pg_catalog.int2)::pg_catalog.int2 ORDER BY u.place)
        FROM pg_catalog.unnest(directions) WITH ORDINALITY AS u (direction, place));
COMMENT ON FUNCTION steward.turned(int2[]) IS 'The indoption of an index that gives the same rows in the opposite order.';

-- For messages and for the SQL of fixes.
CREATE FUNCTION steward.relation_identity(relation oid) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation);
COMMENT ON FUNCTION steward.relation_identity(oid) IS 'A relation''s name with its schema, quoted where it must be.';

CREATE FUNCTION steward.column_list(relation oid, columns int2[]) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY c.place)
        FROM pg_catalog.unnest(columns) WITH ORDINALITY AS c (number, place)
             JOIN pg_catalog.pg_attribute AS a ON a.attrelid = relation AND a.attnum = c.number);
COMMENT ON FUNCTION steward.column_list(oid, int2[]) IS
'The names of a relation''s columns, in that order, quoted where they must be: a, b.';

-- As the server makes the name of an index: what does not fit is cut from the middle parts.
CREATE FUNCTION steward.index_name(relation oid, columns int2[]) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT CASE WHEN pg_catalog.octet_length(whole) <= 63 AND NOT EXISTS
                      (SELECT FROM pg_catalog.pg_class AS o WHERE o.relname = whole AND o.relnamespace = t.relnamespace) THEN whole
                    ELSE pg_catalog.left(whole, 50) || '_' || pg_catalog.left(pg_catalog.md5(whole), 8) END
        FROM pg_catalog.pg_class AS t,
             LATERAL (SELECT t.relname || '_' || pg_catalog.string_agg(a.attname, '_' ORDER BY c.place) || '_idx'
                      FROM pg_catalog.unnest(columns) WITH ORDINALITY AS c (number, place)
                           JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = c.number) AS n (whole)
        WHERE t.oid = relation);
COMMENT ON FUNCTION steward.index_name(oid, int2[]) IS 'A name for a new index on these columns that is not taken.';

CREATE FUNCTION steward.index_fix(relation oid, columns int2[], method text DEFAULT 'btree', predicate text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT CASE WHEN t.relkind <> 'p' THEN
                 pg_catalog.format('CREATE INDEX CONCURRENTLY %I ON %I.%I%s (%s)%s;', steward.index_name(relation, columns), n.nspname,
                                   t.relname,
                                   CASE WHEN method = 'btree' THEN '' ELSE ' USING ' || method END, steward.column_list(relation, columns),
                                   CASE WHEN predicate IS NULL THEN '' ELSE ' WHERE ' || predicate END) END
        FROM pg_catalog.pg_class AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace WHERE t.oid = relation);
COMMENT ON FUNCTION steward.index_fix(oid, int2[], text, text) IS
'The statement that makes an index without keeping writers away; NULL for a partitioned table, where it takes '
'several (steward.index_hint).';

CREATE FUNCTION steward.index_undo(relation oid, columns int2[]) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT CASE WHEN t.relkind <> 'p' THEN
                 pg_catalog.format('DROP INDEX CONCURRENTLY %I.%I;', n.nspname, steward.index_name(relation, columns)) END
        FROM pg_catalog.pg_class AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace WHERE t.oid = relation);
COMMENT ON FUNCTION steward.index_undo(oid, int2[]) IS 'The statement that takes steward.index_fix() back.';

CREATE FUNCTION steward.index_hint(relation oid, columns int2[]) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT pg_catalog.format(CASE WHEN t.relkind = 'p'
                 THEN 'CREATE INDEX ON ONLY %s (%s), then CREATE INDEX CONCURRENTLY on each partition and ALTER INDEX ... ATTACH PARTITION'
                 ELSE 'CREATE INDEX CONCURRENTLY ON %s (%s)' END, steward.relation_identity(relation),
                   steward.column_list(relation, columns))
        FROM pg_catalog.pg_class AS t WHERE t.oid = relation);
COMMENT ON FUNCTION steward.index_hint(oid, int2[]) IS 'How to make an index on a table in use.';

-- The drop of an index that nothing needs, and the way back. What stands on it is looked up by its dependencies:
-- pg_constraint has no index on conindid, and this is asked once for each finding.
CREATE FUNCTION steward.drop_index_fix(index oid) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                                 WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = index
                                   AND d.classid = 'pg_catalog.pg_constraint'::regclass)
                      OR EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                                 WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = index
                                   AND d.refclassid = 'pg_catalog.pg_constraint'::regclass) THEN NULL
                    ELSE pg_catalog.format(CASE WHEN x.relkind = 'I' THEN 'DROP INDEX %s;' ELSE 'DROP INDEX CONCURRENTLY %s;' END,
                                           steward.relation_identity(index)) END
        FROM pg_catalog.pg_class AS x WHERE x.oid = index);
COMMENT ON FUNCTION steward.drop_index_fix(oid) IS
'The statement that drops an index; NULL when a constraint or a foreign key stands on it.';

CREATE FUNCTION steward.drop_index_undo(index oid) RETURNS text
LANGUAGE sql STABLE
RETURN pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(index), '^CREATE (UNIQUE )?INDEX (?!.* ON ONLY )',
                                 'CREATE \1INDEX CONCURRENTLY ') || ';';
COMMENT ON FUNCTION steward.drop_index_undo(oid) IS 'The statement that makes the index again, without keeping writers away.';
