-- An estimate, from the rows and widths that ANALYZE saw: not hygiene, but asked for.
CREATE FUNCTION steward.rule_index_bloat(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s has %s, about %s would do', i.name, i.table_identity, pg_size_pretty(i.pages * 8192::bigint),
           pg_size_pretty((n.needed * 8192)::bigint)),
    format('REINDEX INDEX CONCURRENTLY %s', i.identity))
  FROM steward.catalog_index AS i
       CROSS JOIN LATERAL (
         -- A tuple: line pointer, header, keys; a page is nine tenths full.
         SELECT ceil(i.tuples * (4 + 8 + sum(coalesce(s.avg_width, 8))) / (8192 * 0.9)) + 1 AS needed
         FROM pg_attribute AS a
              LEFT JOIN pg_stats AS s ON s.schemaname = i.schema_name AND s.tablename = i.table_name AND s.attname = a.attname
                AND NOT s.inherited
         WHERE a.attrelid = i.relation AND a.attnum = ANY (i.keys || i.included)) AS n
  WHERE i.kind = 'i' AND i.method = 'btree' AND i.expressions IS NULL AND i.tuples > 0
    AND i.pages >= (options ->> 'pages')::integer AND i.pages > n.needed * (options ->> 'times')::numeric
$$;
SELECT steward.add_rule('index-bloat', 'note', 'An index much larger than its rows need', false, '{"pages": 1000, "times": 2}');
