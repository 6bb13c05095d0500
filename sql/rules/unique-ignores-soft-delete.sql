-- Whoever deleted the account cannot come back with the same address.
CREATE FUNCTION steward.rule_unique_ignores_soft_delete(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('unique index %I of %s counts deleted rows too', i.name, i.table_identity),
    format('CREATE UNIQUE INDEX CONCURRENTLY ... WHERE %I IS NULL, then drop this one', c.name))
  FROM steward.catalog_index AS i JOIN steward.catalog_column AS c ON c.relation = i.relation AND options -> 'soft_delete_columns' ? c.name
  WHERE i.is_unique AND NOT i.is_primary AND NOT i.is_referenced AND c.number <> ALL (i.keys)
    AND (i.predicate IS NULL OR i.predicate !~ format('\m%s\M', c.name))
    -- What the database makes up (a token, a public id) does not come back.
    AND NOT EXISTS (SELECT FROM steward.catalog_column AS g
                    WHERE g.relation = i.relation AND g.number = ANY (i.keys)
                      AND (g.has_default AND g.type = 'uuid'::regtype OR g.identity_kind <> ''))
$$;
SELECT steward.add_rule('unique-ignores-soft-delete', 'warning', 'A unique index that counts softly deleted rows');
