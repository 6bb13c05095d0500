-- What is in it must be looked through, under a lock, whenever a partition is added.
CREATE FUNCTION steward.rule_default_partition_not_empty(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('the default partition of %s, %s, has rows', t.identity,
                                                        steward.relation_identity(p.partdefid)),
    'move them into partitions of their own: DETACH the default, add the partitions, INSERT what was in it')
  FROM steward.catalog_table AS t
       JOIN pg_partitioned_table AS p ON p.partrelid = t.oid
       JOIN pg_class AS d ON d.oid = p.partdefid AND d.relkind = 'r'
  WHERE d.reltuples > 0 OR d.reltuples < 0 AND pg_relation_size(d.oid) > 0
$$;
SELECT steward.add_rule('default-partition-not-empty', 'warning', 'A default partition that has rows');
