-- If a is unique, (a, b) cannot fail to be. It may serve an order, an ON CONFLICT or a foreign key all the same.
CREATE FUNCTION steward.rule_index_superset_of_unique(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (x.oid) steward.blame('pg_class', x.oid, x.relation,
    format('unique index %I of %s adds nothing to %I, which is unique on fewer columns', x.name, x.table_identity, u.name),
    'keep it if queries need its order or ON CONFLICT names it; else an ordinary index will do, or none')
  FROM steward.catalog_index AS x
       JOIN steward.catalog_index AS u ON u.relation = x.relation AND u.oid <> x.oid AND x.keys @> u.keys
  WHERE x.is_unique AND u.is_unique AND u.is_valid AND x.is_valid AND u.predicate IS NULL AND u.expressions IS NULL
    AND x.expressions IS NULL
    AND cardinality(x.keys) > cardinality(u.keys) AND NOT x.is_referenced AND NOT x.is_primary AND NOT x.is_replica_identity
    AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = u.relation AND a.attnum = ANY (u.keys) AND NOT a.attnotnull)
    -- The key of a partitioned table must hold the partition key.
    AND x.table_kind <> 'p'
  ORDER BY x.oid, u.key_count, u.name COLLATE "C"
$$;
SELECT steward.add_rule('index-superset-of-unique', 'note', 'A unique index over more columns than already are unique');
