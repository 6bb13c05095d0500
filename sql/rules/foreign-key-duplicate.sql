-- The second one only costs: each write checks both.
CREATE FUNCTION steward.rule_foreign_key_duplicate(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s says the same as %I', k.name, k.table_identity, o.name),
    format('ALTER TABLE %s DROP CONSTRAINT %I', k.table_identity, k.name))
  FROM steward.catalog_foreign_key AS k
       CROSS JOIN LATERAL (
         SELECT o.name FROM steward.catalog_foreign_key AS o
         WHERE o.relation = k.relation AND o.referenced = k.referenced AND (o.name COLLATE "C", o.oid) < (k.name COLLATE "C", k.oid)
           AND (SELECT array_agg(x ORDER BY x) FROM unnest(o.columns, o.referenced_columns) AS x)
               = (SELECT array_agg(x ORDER BY x) FROM unnest(k.columns, k.referenced_columns) AS x)
         ORDER BY o.name COLLATE "C" LIMIT 1) AS o
$$;
SELECT steward.add_rule('foreign-key-duplicate', 'warning', 'Two foreign keys that say the same');
