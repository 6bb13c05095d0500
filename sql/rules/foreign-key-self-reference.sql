-- Trees are normal; but they need care in exports, bulk loads and deletes.
CREATE FUNCTION steward.rule_foreign_key_self_reference(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s refers to its own table', k.name, k.table_identity),
    'see that nothing can become its own ancestor, and that deletes end')
  FROM steward.catalog_foreign_key AS k WHERE k.relation = k.referenced
$$;
SELECT steward.add_rule('foreign-key-self-reference', 'note', 'A foreign key to its own table', false);
