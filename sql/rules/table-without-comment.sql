-- A blank one is none.
CREATE FUNCTION steward.rule_table_without_comment(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('%s has no comment', t.identity),
                       format('COMMENT ON TABLE %s IS ''...''', t.identity))
  FROM steward.catalog_table AS t
       LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = t.oid AND d.objsubid = 0
  WHERE coalesce(btrim(d.description), '') = ''
$$;
SELECT steward.add_rule('table-without-comment', 'note', 'A table without a comment');
