-- What it takes, gives, and fails with.
CREATE FUNCTION steward.rule_function_without_comment(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_proc', f.oid, NULL, format('%s %s has no comment', lower(f.word), f.identity),
    format('COMMENT ON %s %s IS ''...''', f.word, f.identity))
  FROM steward.catalog_function AS f WHERE coalesce(btrim(obj_description(f.oid, 'pg_proc')), '') = ''
$$;
SELECT steward.add_rule('function-without-comment', 'note', 'A function without a comment');
