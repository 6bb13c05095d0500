-- Each write maintains all of them.
CREATE FUNCTION steward.rule_table_too_many_indexes(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('%s has %s indexes', t.identity, n.indexes),
    'see index-unused and index-redundant-prefix')
  FROM steward.catalog_table AS t
       JOIN (SELECT i.indrelid, count(*) AS indexes FROM pg_index AS i GROUP BY 1) AS n ON n.indrelid = t.oid
  WHERE n.indexes > (options ->> 'indexes')::integer
$$;
SELECT steward.add_rule('table-too-many-indexes', 'note', 'A table with many indexes', options => '{"indexes": 10}');
