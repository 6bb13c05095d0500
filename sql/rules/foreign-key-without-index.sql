-- Deleting or updating a referenced row looks for the rows that refer to it: without an index, through the whole table.
-- Only an index that this very query can use counts: valid, leading with exactly these columns in any order, of a method
-- that finds equality, and not partial, but for IS NOT NULL of one of them, which the comparison implies.
CREATE FUNCTION steward.rule_foreign_key_without_index(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH lacking AS (
    SELECT k.* FROM steward.catalog_foreign_key AS k
    WHERE NOT EXISTS (
      SELECT FROM steward.catalog_index AS i
      WHERE i.relation = k.relation AND i.is_valid AND i.keys[1:cardinality(k.columns)] @> k.columns
        AND (i.method = 'btree' OR i.method = 'hash' AND cardinality(k.columns) = 1)
        AND (i.predicate IS NULL
             OR i.predicate IN (SELECT format('(%I IS NOT NULL)', a.attname) FROM pg_attribute AS a
                                WHERE a.attrelid = k.relation AND a.attnum = ANY (k.columns)))))
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s (%s) has no index that a delete in %s could use', k.name, k.table_identity,
           steward.column_list(k.relation, k.columns), steward.relation_identity(k.referenced)),
    steward.index_hint(k.relation, k.columns), steward.index_fix(k.relation, k.columns), steward.index_undo(k.relation, k.columns))
  FROM lacking AS k
  -- Two foreign keys over the same columns lack one index.
  WHERE NOT EXISTS (SELECT FROM lacking AS o WHERE o.relation = k.relation AND o.columns <@ k.columns AND o.columns @> k.columns
                    AND o.oid < k.oid)
$$;
SELECT steward.add_rule('foreign-key-without-index', 'error', 'A foreign key without an index on its columns');
