-- Keys, foreign keys and unique indexes are not inherited. Partitions are another thing.
CREATE FUNCTION steward.rule_table_inheritance(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('%s inherits from %s', t.identity,
                                                        string_agg(steward.relation_identity(i.inhparent), ', ' ORDER BY i.inhseqno)),
    'declarative partitioning, or a foreign key to what is common')
  FROM pg_inherits AS i JOIN steward.catalog_table AS t ON t.oid = i.inhrelid GROUP BY t.oid, t.identity
$$;
SELECT steward.add_rule('table-inheritance', 'warning', 'A table that inherits from another');
