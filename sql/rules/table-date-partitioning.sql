-- A log of hundreds of millions of rows is deleted from by the row, or by dropping a partition.
CREATE FUNCTION steward.rule_table_date_partitioning(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('%s only grows (about %s rows) and is not partitioned', t.identity,
                                                        t.tuples::bigint),
    format('partition it by %I: a new table of the same shape, whose partition the old one becomes', d.name))
  FROM steward.catalog_table AS t
       JOIN pg_stat_all_tables AS s ON s.relid = t.oid
       CROSS JOIN LATERAL (SELECT c.name FROM steward.catalog_column AS c
                           WHERE c.relation = t.oid AND c.type IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
                             AND c.not_null
                           ORDER BY c.name ~ '^(created|inserted|occurred|logged)' DESC, c.number LIMIT 1) AS d
  WHERE t.kind = 'r' AND t.tuples >= (options ->> 'rows')::numeric AND s.n_tup_upd + s.n_tup_del <= s.n_tup_ins / 100
$$;
SELECT steward.add_rule('table-date-partitioning', 'note', 'A large table that only grows, without partitions',
                        options => '{"rows": 100000000}');
