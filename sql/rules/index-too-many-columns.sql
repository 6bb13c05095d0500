-- Large, slow to maintain, and useful to one query.
CREATE FUNCTION steward.rule_index_too_many_columns(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation, format('index %I of %s has %s keys', i.name, i.table_identity, i.key_count),
    'keep the keys that narrow the search; others can be INCLUDEd')
  FROM steward.catalog_index AS i WHERE NOT i.is_unique AND NOT i.is_constraint AND i.key_count > (options ->> 'columns')::integer
$$;
SELECT steward.add_rule('index-too-many-columns', 'note', 'An index with many keys', options => '{"columns": 4}');
