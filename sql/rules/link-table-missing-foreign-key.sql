-- Called after two tables, keyed by two columns that are called after them, and only one of them, or none, refers.
CREATE FUNCTION steward.rule_link_table_missing_foreign_key(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('link table %s has no foreign key on %I', c.table_identity, c.name),
    format('ALTER TABLE %s ADD FOREIGN KEY (%I) REFERENCES ... ON DELETE CASCADE NOT VALID, then VALIDATE CONSTRAINT', c.table_identity,
           c.name),
    part => c.number, remedy => format('reference of %s.%I', c.table_identity, c.name))
  FROM pg_constraint AS k
       JOIN steward.catalog_column AS c ON c.relation = k.conrelid AND c.number = ANY (k.conkey)
  WHERE k.contype IN ('p', 'u') AND cardinality(k.conkey) = 2
    AND c.name ~ '._id$' AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = c.relation AND f.contype = 'f'
                                         AND c.number = ANY (f.conkey))
    -- Both name another, and nothing else is in the table but what links carry.
    AND (SELECT count(*) FROM steward.catalog_column AS o WHERE o.relation = c.relation AND o.number = ANY (k.conkey)
         AND o.name ~ '._id$') = 2
    AND NOT EXISTS (SELECT FROM steward.catalog_column AS o
                    WHERE o.relation = c.relation AND o.number <> ALL (k.conkey)
                      AND o.name <> ALL ('{id,created_at,updated_at,created_by,updated_by,deleted_at,inserted_at,position}'))
$$;
SELECT steward.add_rule('link-table-missing-foreign-key', 'warning', 'A link table with a column that refers to nothing');
