-- It excludes no row, and keeps the planner from using the index where it cannot prove the predicate.
CREATE FUNCTION steward.rule_index_unneeded_predicate(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s is for %I IS NOT NULL, which is so of every row', i.name, i.table_identity, a.attname),
    'make it without the predicate, and drop this one',
    CASE WHEN i.kind = 'i' AND NOT i.is_unique AND i.included = '{}' AND i.expressions IS NULL AND i.method = 'btree'
      AND 0 = ALL (i.directions)
         THEN steward.index_fix(i.relation, i.keys) || ' ' || steward.drop_index_fix(i.oid) END,
    CASE WHEN i.kind = 'i' AND NOT i.is_unique AND i.included = '{}' AND i.expressions IS NULL AND i.method = 'btree'
      AND 0 = ALL (i.directions)
         THEN steward.drop_index_undo(i.oid) || ' ' || steward.index_undo(i.relation, i.keys) END)
  FROM steward.catalog_index AS i
       JOIN pg_attribute AS a ON a.attrelid = i.relation AND a.attnum > 0 AND a.attnotnull
         AND i.predicate = format('(%I IS NOT NULL)', a.attname)
$$;
SELECT steward.add_rule('index-unneeded-predicate', 'note', 'A partial index whose predicate holds for every row');
