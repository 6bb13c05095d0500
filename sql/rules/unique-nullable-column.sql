-- NULLs differ from each other: (1, NULL) may be there twice. Often meant for one column, seldom for several.
CREATE FUNCTION steward.rule_unique_nullable_column(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('unique index %I of %s allows any number of rows where %s is NULL', i.name, i.table_identity, n.columns),
    'NULLS NOT DISTINCT, or NOT NULL for the column, unless this is meant')
  FROM steward.catalog_index AS i
       CROSS JOIN LATERAL (
         SELECT string_agg(quote_ident(a.attname), ' or ' ORDER BY a.attnum) AS columns FROM pg_attribute AS a
         WHERE a.attrelid = i.relation AND a.attnum = ANY (i.keys) AND NOT a.attnotnull
           AND coalesce(i.predicate, '') !~ format('\m%s IS (NOT )?NULL', a.attname)) AS n
  WHERE i.is_unique AND NOT i.nulls_not_distinct AND n.columns IS NOT NULL AND i.key_count >= (options ->> 'columns')::integer
$$;
SELECT steward.add_rule('unique-nullable-column', 'note', 'A unique index over a column that may be NULL', options => '{"columns": 1}');
