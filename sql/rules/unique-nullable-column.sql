-- NULLs differ from each other: (1, NULL) may be there twice. Seldom meant for several columns; a single one that may be
-- NULL (a token that not everybody has) is meant so, unless there are many rows and no NULL.
CREATE FUNCTION steward.rule_unique_nullable_column(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('unique index %I of %s allows any number of rows where %s is NULL', i.name, i.table_identity, n.columns),
    CASE i.key_count WHEN 1 THEN 'no row has NULL there: make the column NOT NULL'
      ELSE 'NULLS NOT DISTINCT, or NOT NULL for the column, unless this is meant' END)
  FROM steward.catalog_index AS i
       CROSS JOIN LATERAL (
         SELECT string_agg(quote_ident(a.attname), ' or ' ORDER BY a.attnum) AS columns FROM pg_attribute AS a
         WHERE a.attrelid = i.relation AND a.attnum = ANY (i.keys) AND NOT a.attnotnull
           AND coalesce(i.predicate, '') !~ format('\m%s IS (NOT )?NULL', a.attname)) AS n
  WHERE i.is_unique AND NOT i.nulls_not_distinct AND n.columns IS NOT NULL AND i.key_count >= (options ->> 'columns')::integer
    -- A materialized view's columns cannot be NOT NULL.
    AND i.table_kind <> 'm'
    AND (i.key_count > 1 OR i.table_tuples >= 100
         AND EXISTS (SELECT FROM pg_attribute AS a JOIN steward.catalog_statistics() AS s ON s.column_name = a.attname
                     WHERE s.schema_name = i.schema_name AND s.table_name = i.table_name AND s.null_frac = 0
                       AND a.attrelid = i.relation AND a.attnum = i.keys[1]))
$$;
SELECT steward.add_rule('unique-nullable-column', 'note', 'A unique index over a column that may be NULL', options => '{"columns": 1}');
