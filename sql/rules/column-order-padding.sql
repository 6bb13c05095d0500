-- Bytes between columns that must begin at multiples of eight. Worth a thought for a table of billions of rows.
CREATE FUNCTION steward.rule_column_order_padding(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE fixed AS MATERIALIZED (
    SELECT a.attrelid, a.attlen::integer AS length, CASE a.attalign WHEN 'd' THEN 8 WHEN 'i' THEN 4 WHEN 's' THEN 2 ELSE 1 END AS alignment,
           row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS n
    FROM steward.catalog_table AS t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attlen > 0),
  laid AS (
    SELECT attrelid, n, length AS ends, 0 AS lost FROM fixed WHERE n = 1
    UNION ALL
    SELECT f.attrelid, f.n, l.ends + (f.alignment - l.ends % f.alignment) % f.alignment + f.length,
           l.lost + (f.alignment - l.ends % f.alignment) % f.alignment
    FROM laid AS l JOIN fixed AS f ON f.attrelid = l.attrelid AND f.n = l.n + 1)
  SELECT steward.blame('pg_class', attrelid, attrelid, format('every row of %s has %s bytes between its columns',
                                                              steward.relation_identity(attrelid), max(lost)),
    'in a new table: columns of eight bytes first, then four, two, one, and those of any length last')
  FROM laid GROUP BY attrelid HAVING max(lost) >= (options ->> 'bytes')::integer
$$;
SELECT steward.add_rule('column-order-padding', 'note', 'A table whose order of columns wastes room', false, '{"bytes": 16}');
