-- The same keys, classes, collations, order, included columns, predicate and uniqueness. Ascending and descending are
-- the same when every key is turned round: an index is read both ways. Compared by what the catalog says of them, never
-- by their text. What stays is the one that a constraint, a foreign key or a replica identity stands on.
CREATE FUNCTION steward.rule_index_duplicate(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH ranked AS MATERIALIZED (
    SELECT i.*, ROW (NOT i.is_primary, NOT i.is_constraint, NOT i.is_referenced, NOT i.is_replica_identity, i.name COLLATE "C",
                     i.oid) AS rank
    FROM steward.catalog_index AS i WHERE i.is_valid)
  SELECT DISTINCT ON (x.oid) steward.blame('pg_class', x.oid, x.relation,
    format('index %I of %s is the same as %I', x.name, x.table_identity, y.name),
    CASE WHEN x.is_constraint THEN format('drop the constraint that it is part of: ALTER TABLE %s DROP CONSTRAINT %I', x.table_identity,
                                          x.name)
         ELSE format('DROP INDEX CONCURRENTLY %s', x.identity) END,
    steward.drop_index_fix(x.oid), steward.drop_index_undo(x.oid))
  FROM ranked AS x
       JOIN ranked AS y ON y.relation = x.relation AND y.method = x.method AND y.keys = x.keys AND y.rank < x.rank
  WHERE x.classes = y.classes AND x.collations = y.collations AND x.included @> y.included AND x.included <@ y.included
    AND x.predicate IS NOT DISTINCT FROM y.predicate AND x.expressions IS NOT DISTINCT FROM y.expressions
    AND (x.directions = y.directions OR x.method = 'btree' AND steward.turned(x.directions) = y.directions)
    AND x.is_unique = y.is_unique AND x.nulls_not_distinct = y.nulls_not_distinct AND x.is_immediate = y.is_immediate
  ORDER BY x.oid, y.rank
$$;
SELECT steward.add_rule('index-duplicate', 'warning', 'Two indexes of the same definition');
