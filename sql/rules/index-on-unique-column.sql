-- A unique constraint is an index.
CREATE FUNCTION steward.rule_index_on_unique_column(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (x.oid) steward.blame('pg_class', x.oid, x.relation,
    format('index %I of %s repeats the unique index %I', x.name, x.table_identity, u.name),
    format('DROP INDEX CONCURRENTLY %s', x.identity), steward.drop_index_fix(x.oid), steward.drop_index_undo(x.oid))
  FROM steward.catalog_index AS x
       JOIN steward.catalog_index AS u ON u.relation = x.relation AND u.is_unique AND NOT u.is_primary AND u.keys = x.keys
         AND u.oid <> x.oid
  WHERE NOT x.is_unique AND x.method = 'btree' AND u.method = 'btree' AND u.is_valid AND x.is_valid AND NOT x.is_replica_identity
    AND x.classes = u.classes AND x.collations = u.collations AND u.included @> x.included
    AND x.predicate IS NOT DISTINCT FROM u.predicate AND x.expressions IS NOT DISTINCT FROM u.expressions
  ORDER BY x.oid, u.name COLLATE "C"
$$;
SELECT steward.add_rule('index-on-unique-column', 'warning', 'An index on columns that are unique already');
