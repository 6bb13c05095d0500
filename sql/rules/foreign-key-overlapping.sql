-- Two keys over a common column to the same table usually mean that one is a leftover. A composite key that narrows
-- another (tenant and id beside tenant) is deliberate when it refers to another table, and is not told.
CREATE FUNCTION steward.rule_foreign_key_overlapping(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s has columns in common with %I, which refers to the same table', k.name, k.table_identity, o.name),
    'keep the one that says what is meant')
  FROM steward.catalog_foreign_key AS k
       CROSS JOIN LATERAL (
         SELECT o.name FROM steward.catalog_foreign_key AS o
         WHERE o.relation = k.relation AND o.referenced = k.referenced AND o.columns && k.columns
           AND (cardinality(o.columns), o.name COLLATE "C") < (cardinality(k.columns), k.name COLLATE "C")
           AND NOT (o.columns @> k.columns AND o.columns <@ k.columns)
         ORDER BY cardinality(o.columns), o.name COLLATE "C" LIMIT 1) AS o
$$;
SELECT steward.add_rule('foreign-key-overlapping', 'warning', 'Two foreign keys to one table with columns in common');
