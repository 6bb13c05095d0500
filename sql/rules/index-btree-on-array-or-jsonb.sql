-- A b-tree compares the whole value: it serves = and ORDER BY, not @>, ? or ANY. Unique ones mean the whole value.
CREATE FUNCTION steward.rule_index_btree_on_array_or_jsonb(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (i.oid) steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s is a b-tree over %I, which is %s', i.name, i.table_identity, c.name, format_type(c.type, NULL)),
    format('for @>, ? and ANY: CREATE INDEX CONCURRENTLY ON %s USING gin (%I)', i.table_identity, c.name))
  FROM steward.catalog_index AS i
       JOIN steward.catalog_column AS c ON c.relation = i.relation AND c.number = ANY (i.keys)
       JOIN pg_type AS t ON t.oid = c.type
  WHERE i.method = 'btree' AND NOT i.is_unique AND (t.oid = 'jsonb'::regtype OR t.typcategory = 'A' AND t.typelem <> 0)
  ORDER BY i.oid, c.number
$$;
SELECT steward.add_rule('index-btree-on-array-or-jsonb', 'warning', 'A b-tree over an array or jsonb');
