-- As configured: for indexes and constraints a template, from which the right name follows ({table}, {columns}, {reftable});
-- for tables, columns and schemas a regular expression. Names that the server shortens are left alone.
CREATE FUNCTION steward.rule_name_pattern(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS (
    SELECT 'pg_constraint'::regclass AS class, k.oid, r.oid AS relation, r.identity, r.name AS table_name, k.conname::text AS name,
           k.conkey AS columns,
           f.relname::text AS referenced, options ->> CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'f' THEN 'foreign_key' WHEN 'u'
             THEN 'unique' WHEN 'c' THEN 'check' END AS template
    FROM pg_constraint AS k JOIN steward.catalog_relation AS r ON r.oid = k.conrelid LEFT JOIN pg_class AS f ON f.oid = k.confrelid
    WHERE k.contype IN ('p', 'f', 'u', 'c') AND k.conparentid = 0 AND k.conislocal
    UNION ALL
    SELECT 'pg_class', i.oid, i.relation, i.table_identity, i.table_name, i.name, i.keys, NULL, options ->> 'index'
    FROM steward.catalog_index AS i WHERE NOT i.is_constraint AND i.expressions IS NULL),
  expected AS (
    SELECT n.*, replace(replace(replace(n.template, '{table}', n.table_name), '{reftable}', coalesce(n.referenced, '')), '{columns}',
                        coalesce(replace(replace(steward.column_list(n.relation, n.columns), '"', ''), ', ', '_'), '')) AS wanted
    FROM named AS n WHERE n.template IS NOT NULL),
  -- Two may want one name, or somebody has it: of an index in the schema, of a constraint on the table.
  free AS (
    SELECT e.*, count(*) OVER (PARTITION BY e.class, e.wanted, CASE e.class WHEN 'pg_class'::regclass THEN t.relnamespace
                               ELSE e.relation END) = 1
                AND NOT EXISTS (SELECT FROM pg_class AS o WHERE o.relnamespace = t.relnamespace AND o.relname = e.wanted)
                AND NOT EXISTS (SELECT FROM pg_constraint AS o WHERE o.conrelid = e.relation AND o.conname = e.wanted) AS is_free,
           CASE WHEN e.class = 'pg_class'::regclass THEN format('ALTER INDEX %I.', s.nspname)
             ELSE format('ALTER TABLE %s RENAME CONSTRAINT ', e.identity) END AS alter
    FROM expected AS e JOIN pg_class AS t ON t.oid = e.relation JOIN pg_namespace AS s ON s.oid = t.relnamespace)
  SELECT steward.blame(e.class, e.oid, e.relation, format('%I of %s is not called %I', e.name, e.identity, e.wanted),
                       'rename it: the lock is short',
    CASE WHEN e.is_free THEN format(CASE e.class WHEN 'pg_class'::regclass THEN '%s%I RENAME TO %I;' ELSE '%s%I TO %I;' END, e.alter,
                                    e.name, e.wanted) END,
    CASE WHEN e.is_free THEN format(CASE e.class WHEN 'pg_class'::regclass THEN '%s%I RENAME TO %I;' ELSE '%s%I TO %I;' END, e.alter,
                                    e.wanted, e.name) END)
  FROM free AS e WHERE e.name !~ ('^' || regexp_replace(e.wanted, '([.^$*+?()[{\\|])', '\\\1', 'g') || '[0-9]*$')
    AND octet_length(e.wanted) <= 63
  UNION ALL
  SELECT steward.blame('pg_class', t.oid, t.oid, format('the name %s does not match %s', t.identity, options ->> 'table'),
                       'rename it when its clients are changed anyway')
  FROM steward.catalog_table AS t WHERE t.name !~ (options ->> 'table')
  UNION ALL
  SELECT steward.blame('pg_class', c.relation, c.relation, format('the name %s.%I does not match %s', c.table_identity, c.name,
                                                                  options ->> 'column'),
    'rename it when its clients are changed anyway', part => c.number)
  FROM steward.catalog_column AS c WHERE c.name !~ (options ->> 'column')
  UNION ALL
  SELECT steward.blame('pg_namespace', s.oid, NULL, format('the name of schema %I does not match %s', s.name, options ->> 'schema'),
                       'rename it when its clients are changed anyway')
  FROM steward.catalog_schema AS s WHERE s.name <> 'public' AND s.name !~ (options ->> 'schema')
$$;
SELECT steward.add_rule('name-pattern', 'note', 'A name that does not follow the configured pattern',
  options => '{"primary_key": null, "foreign_key": null, "unique": null, "check": null, "index": null, "table": null, "column": null, "schema": null}');
