-- Where schemas are modules, or tenants, a reference across them ties the two together.
CREATE FUNCTION steward.rule_foreign_key_cross_schema(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s refers to another schema: %s', k.name, k.table_identity, steward.relation_identity(k.referenced)),
    'keep it where the two are deployed together')
  FROM steward.catalog_foreign_key AS k
       JOIN pg_class AS a ON a.oid = k.relation JOIN pg_class AS b ON b.oid = k.referenced
  WHERE a.relnamespace <> b.relnamespace
$$;
SELECT steward.add_rule('foreign-key-cross-schema', 'note', 'A foreign key to a table of another schema', false);
