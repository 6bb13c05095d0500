-- Allowed, and sometimes meant; but readers expect a reference to hold the key.
CREATE FUNCTION steward.rule_foreign_key_to_non_primary_key(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s refers to %s (%s), which is not its primary key', k.name, k.table_identity,
           steward.relation_identity(k.referenced), steward.column_list(k.referenced, k.referenced_columns)),
    'refer to the primary key, unless this unique key never changes')
  FROM steward.catalog_foreign_key AS k
       JOIN pg_constraint AS p ON p.conrelid = k.referenced AND p.contype = 'p'
  -- A key that holds the primary key and more, (tenant, id), ties a child to its parent's tenant.
  WHERE NOT (k.referenced_columns @> p.conkey)
$$;
SELECT steward.add_rule('foreign-key-to-non-primary-key', 'note', 'A foreign key to columns that are not the primary key');
