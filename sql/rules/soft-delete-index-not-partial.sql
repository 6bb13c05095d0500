-- Queries leave deleted rows out; an index that holds them is larger than what is looked for.
CREATE FUNCTION steward.rule_soft_delete_index_not_partial(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s holds deleted rows too', i.name, i.table_identity),
    format('make it partial: WHERE %I IS NULL', c.name))
  FROM steward.catalog_index AS i JOIN steward.catalog_column AS c ON c.relation = i.relation AND options -> 'soft_delete_columns' ? c.name
  WHERE NOT i.is_constraint AND NOT i.is_unique AND i.method IN ('btree', 'hash', 'gin', 'gist') AND c.number <> ALL (i.keys)
    AND (i.predicate IS NULL OR i.predicate !~ format('\m%s\M', c.name))
    -- Foreign keys look for deleted rows too.
    AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = i.relation AND f.contype = 'f'
                    AND i.keys[1:cardinality(f.conkey)] @> f.conkey)
$$;
SELECT steward.add_rule('soft-delete-index-not-partial', 'note', 'An index that holds softly deleted rows too');
