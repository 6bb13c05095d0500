-- A b-tree serves every leading part of its keys. Unique indexes promise something and stay; so does what a constraint,
-- a foreign key or a replica identity stands on. A short index may be kept on purpose, small and hot: sizes are shown.
CREATE FUNCTION steward.rule_index_redundant_prefix(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH tree AS MATERIALIZED (SELECT * FROM steward.catalog_index AS i WHERE i.is_valid AND i.method = 'btree')
  SELECT DISTINCT ON (x.oid) steward.blame('pg_class', x.oid, x.relation,
    format('index %I of %s is the beginning of %I', x.name, x.table_identity, y.name),
    format('drop it unless it is kept small on purpose: %s, used %s times; %I: %s, used %s times', pg_size_pretty(x.pages * 8192::bigint),
           pg_stat_get_numscans(x.oid), y.name, pg_size_pretty(y.pages * 8192::bigint), pg_stat_get_numscans(y.oid)),
    steward.drop_index_fix(x.oid), steward.drop_index_undo(x.oid))
  FROM tree AS x JOIN tree AS y ON y.relation = x.relation AND y.oid <> x.oid AND y.keys[1] = x.keys[1]
  WHERE NOT x.is_unique AND NOT x.is_constraint AND NOT x.is_referenced AND NOT x.is_replica_identity
    AND y.key_count >= x.key_count AND y.keys[1:x.key_count] = x.keys
    AND y.classes[1:x.key_count] = x.classes AND y.collations[1:x.key_count] = x.collations
    AND (y.directions[1:x.key_count] = x.directions OR y.directions[1:x.key_count] = steward.turned(x.directions))
    AND y.keys || y.included @> x.included AND x.predicate IS NOT DISTINCT FROM y.predicate
    AND (x.expressions IS NULL OR x.expressions = y.expressions)
    AND (y.key_count > x.key_count OR cardinality(y.included) > cardinality(x.included))
  ORDER BY x.oid, y.key_count, y.name COLLATE "C"
$$;
SELECT steward.add_rule('index-redundant-prefix', 'warning', 'An index that is the leading part of another');
