-- The day after the last partition, INSERT fails, or everything goes into the default one.
CREATE FUNCTION steward.rule_partition_window_exhausted(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('the partitions of %s end at %s', t.identity, w.ends),
    'make partitions ahead, from a schedule')
  FROM steward.catalog_table AS t
       JOIN pg_partitioned_table AS p ON p.partrelid = t.oid AND p.partstrat = 'r' AND p.partnatts = 1
       JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = p.partattrs[0]
            AND a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
       CROSS JOIN LATERAL (
         SELECT max(b.upper) AS ends, bool_or(b.bound LIKE '%TO (MAXVALUE)') AS endless
         FROM (SELECT e AS bound, (regexp_match(e, ' TO \(''(?!infinity)([^'']+)''\)'))[1] AS upper
               FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid, pg_get_expr(c.relpartbound, c.oid) AS e
               WHERE i.inhparent = t.oid) AS b) AS w
  WHERE NOT w.endless AND w.ends::timestamptz < now() + make_interval(days => (options ->> 'days')::integer)
$$;
SELECT steward.add_rule('partition-window-exhausted', 'warning', 'A table partitioned by date whose last partition soon ends',
                        options => '{"days": 14}');
