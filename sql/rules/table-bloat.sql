-- An estimate, as for indexes.
CREATE FUNCTION steward.rule_table_bloat(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid,
    format('%s has %s, about %s would do', t.identity, pg_size_pretty(t.pages * 8192::bigint), pg_size_pretty((n.needed * 8192)::bigint)),
    'see that autovacuum keeps up with it; pg_repack or VACUUM FULL give the room back')
  FROM steward.catalog_table AS t
       CROSS JOIN LATERAL (
         SELECT ceil(t.tuples * (28 + sum(s.avg_width * (1 - s.null_frac))) / 8168) + 1 AS needed
         FROM pg_stats AS s WHERE s.schemaname = t.schema_name AND s.tablename = t.name AND NOT s.inherited) AS n
  WHERE t.kind = 'r' AND t.tuples > 0 AND t.pages >= (options ->> 'pages')::integer AND t.pages > n.needed * (options ->> 'times')::numeric
$$;
SELECT steward.add_rule('table-bloat', 'note', 'A table much larger than its rows need', false, '{"pages": 1000, "times": 2}');
