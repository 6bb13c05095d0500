-- A large table that is read from end to end, again and again.
CREATE FUNCTION steward.rule_table_missing_index_by_stats(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid,
    format('%s (about %s rows) was read from end to end %s times', t.identity, t.tuples::bigint, s.seq_scan),
    'find the queries that do (auto_explain, pg_stat_statements) and index what they look for')
  FROM steward.catalog_relation AS t JOIN pg_stat_all_tables AS s ON s.relid = t.oid
  WHERE t.kind IN ('r', 'm') AND t.tuples >= (options ->> 'rows')::numeric AND s.seq_scan >= (options ->> 'scans')::numeric
    AND s.seq_scan > coalesce(s.idx_scan, 0) AND s.seq_tup_read >= s.seq_scan * (options ->> 'rows')::numeric / 2
$$;
SELECT steward.add_rule('table-missing-index-by-stats', 'note', 'A large table that queries read from end to end',
  options => '{"rows": 10000, "scans": 1000}');
