-- The same name for different things, or the same thing in different types: joins then cast, and indexes are not used.
-- Between text and varchar no cast stands in an index's way.
CREATE FUNCTION steward.rule_column_type_inconsistent(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS MATERIALIZED (
    SELECT c.relation, c.number, c.name, c.schema_name, c.table_identity,
           CASE c.type WHEN 'varchar'::regtype THEN 'text'::regtype ELSE c.type END AS type
    FROM steward.catalog_column AS c
    WHERE CASE WHEN c.tuples >= 0 THEN c.name ~ (options ->> 'pattern') END AND NOT c.is_inherited  -- the pattern for tables' columns only
      -- entries.entry_id is not what elsewhere refers to entries, unless it is their key: it came from outside.
      AND NOT (c.table_name IN (left(c.name, -3), left(c.name, -3) || 's', left(c.name, -3) || 'es',
                                regexp_replace(left(c.name, -3), 'y$', 'ies'))
               AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.relation AND k.contype = 'p'
                               AND c.number = ANY (k.conkey)))),
  usual AS (
    SELECT DISTINCT ON (schema_name, name) schema_name, name, type, tables
    FROM (SELECT schema_name, name, type, count(*) AS tables FROM named GROUP BY 1, 2, 3) AS counted
    ORDER BY schema_name, name, tables DESC, format_type(type, NULL) COLLATE "C")
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I is %s, in %s other table%s %s', c.table_identity, c.name, format_type(c.type, NULL), u.tables,
           CASE u.tables WHEN 1 THEN '' ELSE 's' END,
           format_type(u.type, NULL)),
    'give columns of one meaning one type', part => c.number)
  FROM named AS c JOIN usual AS u ON u.schema_name = c.schema_name AND u.name = c.name AND u.type <> c.type
$$;
SELECT steward.add_rule('column-type-inconsistent', 'note', 'Columns of one name with different types',
                        options => '{"pattern": "(.._id|^created_at|^updated_at)$"}');
