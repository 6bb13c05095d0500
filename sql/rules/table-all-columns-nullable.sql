-- Every row may be empty.
CREATE FUNCTION steward.rule_table_all_columns_nullable(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('all %s columns of %s but its key may be NULL', count(*),
                                                                  min(c.table_identity)),
    'say NOT NULL of what a row cannot be without')
  FROM steward.catalog_column AS c
       LEFT JOIN pg_constraint AS k ON k.conrelid = c.relation AND k.contype = 'p'
  WHERE k.conkey IS NULL OR c.number <> ALL (k.conkey)
  GROUP BY c.relation HAVING bool_and(NOT c.not_null) AND count(*) > 1
$$;
SELECT steward.add_rule('table-all-columns-nullable', 'note', 'A table whose columns may all be NULL');
