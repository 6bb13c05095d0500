-- Only this server's own statistics are known: a standby may use it. So it is told only of tables that are read a lot,
-- on a server that has counted for some time, and never of an index that keeps a promise.
CREATE FUNCTION steward.rule_index_unused(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s (%s) was not used in %s scans of its table', i.name, i.table_identity, pg_size_pretty(i.pages * 8192::bigint),
           s.scans),
    'see that no standby and no rare report uses it, then DROP INDEX CONCURRENTLY')
  FROM steward.catalog_index AS i
       CROSS JOIN LATERAL (
         SELECT coalesce(pg_stat_get_numscans(i.relation), 0) + coalesce(sum(pg_stat_get_numscans(x.indexrelid)), 0) AS scans
         FROM pg_index AS x WHERE x.indrelid = i.relation) AS s
  WHERE i.kind = 'i' AND i.is_valid AND NOT i.is_unique AND NOT i.is_constraint AND NOT i.is_replica_identity AND i.expressions IS NULL
    AND i.pages >= (options ->> 'pages')::integer AND coalesce(pg_stat_get_numscans(i.oid), 0) = 0
    AND s.scans >= (options ->> 'scans')::numeric AND NOT pg_is_in_recovery()
    AND NOT EXISTS (SELECT FROM pg_stat_database AS d
                    WHERE d.datname = current_database() AND d.stats_reset > now() - make_interval(days => (options ->> 'days')::integer))
    AND NOT EXISTS (SELECT FROM pg_constraint AS f
                    WHERE f.conrelid = i.relation AND f.contype = 'f' AND i.keys[1:cardinality(f.conkey)] @> f.conkey)
$$;
SELECT steward.add_rule('index-unused', 'note', 'An index that no query has used', options => '{"pages": 128, "scans": 1000, "days": 14}');
