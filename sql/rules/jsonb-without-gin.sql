-- Only where it is searched by content; whoever looks at single keys indexes the expressions.
CREATE FUNCTION steward.rule_jsonb_without_gin(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I (about %s rows) has no index', c.table_identity, c.name,
                                                                  c.tuples::bigint),
    format('if queries look inside with @>: CREATE INDEX CONCURRENTLY ON %s USING gin (%I jsonb_path_ops)', c.table_identity, c.name),
    part => c.number)
  FROM steward.catalog_column AS c
  WHERE c.type = 'jsonb'::regtype AND c.tuples >= (options ->> 'rows')::numeric
    AND NOT EXISTS (SELECT FROM steward.catalog_index AS i
                    WHERE i.relation = c.relation AND i.is_valid AND (c.number = ANY (i.keys) OR i.expressions ~ format('\m%s\M', c.name)))
$$;
SELECT steward.add_rule('jsonb-without-gin', 'note', 'A jsonb column of a large table without an index', options => '{"rows": 10000}');
