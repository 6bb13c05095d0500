-- As ANALYZE saw the column: what is NULL in most rows is seldom looked for, and fills the index.
CREATE FUNCTION steward.rule_index_mostly_null(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s: %I is NULL in %s %% of the rows', i.name, i.table_identity, c.name, round(s.null_frac * 100)),
    format('make it partial: WHERE %I IS NOT NULL', c.name))
  FROM steward.catalog_index AS i
       JOIN steward.catalog_column AS c ON c.relation = i.relation AND c.number = i.keys[1]
       JOIN steward.catalog_statistics() AS s ON s.schema_name = c.schema_name AND s.table_name = c.table_name AND s.column_name = c.name
  WHERE s.null_frac * 100 >= (options ->> 'percent')::numeric AND i.predicate IS NULL AND NOT i.is_constraint AND NOT i.is_unique
    AND i.method IN ('btree', 'hash') AND i.table_tuples >= (options ->> 'rows')::numeric
$$;
SELECT steward.add_rule('index-mostly-null', 'note', 'A full index on a column that is mostly NULL',
                        options => '{"percent": 80, "rows": 1000}');
