-- The primary key is an index. A partial one, or one that carries more columns, may be meant, and is only noted.
CREATE FUNCTION steward.rule_index_on_primary_key(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', x.oid, x.relation,
    format('index %I of %s repeats the primary key%s', x.name, x.table_identity,
           CASE WHEN n.more THEN ', for some rows or with more columns' ELSE '' END),
    CASE WHEN n.more THEN 'see whether the primary key''s own index does as well' ELSE format('DROP INDEX CONCURRENTLY %s', x.identity) END,
    CASE WHEN NOT n.more THEN steward.drop_index_fix(x.oid) END, CASE WHEN NOT n.more THEN steward.drop_index_undo(x.oid) END,
    level => CASE WHEN n.more THEN 'note' END)
  FROM steward.catalog_index AS x
       JOIN steward.catalog_index AS p ON p.relation = x.relation AND p.is_primary AND x.oid <> p.oid AND x.keys = p.keys
       CROSS JOIN LATERAL (SELECT x.predicate IS NOT NULL OR x.included <> '{}' AS more) AS n
  WHERE x.method = 'btree' AND x.classes = p.classes AND x.collations = p.collations AND NOT x.is_constraint AND NOT x.is_replica_identity
    AND x.is_valid
$$;
SELECT steward.add_rule('index-on-primary-key', 'warning', 'An index on the columns of the primary key');
