-- No row of either table can be the first, unless a constraint may wait until COMMIT.
CREATE FUNCTION steward.rule_foreign_key_cycle(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE edge AS MATERIALIZED (
    SELECT DISTINCT k.relation, k.referenced FROM steward.catalog_foreign_key AS k
    WHERE k.relation <> k.referenced AND NOT k.is_deferrable
      AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = k.relation AND a.attnum = ANY (k.columns) AND NOT a.attnotnull)),
  -- Only what refers and is referred to can be in a cycle: without this, deep chains are walked from every table.
  inner_edge AS MATERIALIZED (
    SELECT e.* FROM edge AS e
    WHERE EXISTS (SELECT FROM edge AS o WHERE o.referenced = e.relation)
      AND EXISTS (SELECT FROM edge AS o WHERE o.relation = e.referenced)),
  walk AS (
    SELECT relation AS start, referenced AS at, ARRAY[relation] AS path FROM inner_edge
    UNION ALL
    SELECT w.start, e.referenced, w.path || e.relation
    FROM walk AS w JOIN inner_edge AS e ON e.relation = w.at
    -- A cycle is told once, at its table with the lowest oid.
    WHERE w.at > w.start AND e.relation <> ALL (w.path) AND cardinality(w.path) < 8)
  SELECT steward.blame('pg_class', w.start, w.start,
    format('no first row is possible: %s', (SELECT string_agg(steward.relation_identity(p), ' -> ' ORDER BY n)
                                            FROM unnest(w.path || w.start) WITH ORDINALITY AS u (p, n))),
    'make one of these foreign keys DEFERRABLE INITIALLY DEFERRED, or its column nullable')
  FROM walk AS w WHERE w.at = w.start
$$;
SELECT steward.add_rule('foreign-key-cycle', 'note', 'Foreign keys in a circle that no first row can satisfy');
