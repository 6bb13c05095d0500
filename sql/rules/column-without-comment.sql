-- One finding for each table: which of its columns nobody has described. Keys and times say what they are.
CREATE FUNCTION steward.rule_column_without_comment(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('%s column%s of %s %s no comment: %s', count(*), CASE count(*) WHEN 1 THEN '' ELSE 's' END, min(c.table_identity),
           CASE count(*) WHEN 1 THEN 'has' ELSE 'have' END, string_agg(quote_ident(c.name), ', ' ORDER BY c.number)),
    'COMMENT ON COLUMN ... IS ''...''')
  FROM steward.catalog_column AS c
       LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.relation AND d.objsubid = c.number
  WHERE NOT c.is_inherited AND coalesce(btrim(d.description), '') = '' AND NOT options -> 'except' ? c.name
  GROUP BY c.relation
$$;
SELECT steward.add_rule('column-without-comment', 'note', 'A table with columns that have no comment',
  options => '{"except": ["id", "user_id", "created_at", "updated_at", "deleted_at"]}');
