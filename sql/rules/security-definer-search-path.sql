-- It runs with its owner's rights and the caller's search_path: whoever calls it decides which tables and operators it uses.
CREATE FUNCTION steward.rule_security_definer_search_path(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_proc', f.oid, NULL, format('%s is SECURITY DEFINER with the caller''s search_path', f.identity),
    'set it in the function; pg_temp stands last, or temporary tables come first',
    format('ALTER %s %s SET search_path = pg_catalog, %I, pg_temp;', f.word, f.identity, f.schema_name),
    format('ALTER %s %s RESET search_path;', f.word, f.identity))
  FROM steward.catalog_function AS f
  WHERE f.is_definer AND NOT EXISTS (SELECT FROM unnest(f.settings) AS s WHERE s LIKE 'search\_path=%')
$$;
SELECT steward.add_rule('security-definer-search-path', 'warning', 'A SECURITY DEFINER function without a search_path');
