-- For every function. A SQL function with a setting is no longer inlined: so it is off by default.
CREATE FUNCTION steward.rule_function_search_path(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_proc', f.oid, NULL, format('%s runs with the caller''s search_path', f.identity),
    format('ALTER %s %s SET search_path = pg_catalog, %I, pg_temp', f.word, f.identity, f.schema_name))
  FROM steward.catalog_function AS f
  WHERE NOT f.is_definer AND f.language NOT IN ('c', 'internal') AND NOT EXISTS (SELECT FROM unnest(f.settings) AS s
    WHERE s LIKE 'search\_path=%')
$$;
SELECT steward.add_rule('function-search-path', 'note', 'A function without a search_path', false);
