-- Every query of the application asks for it.
CREATE FUNCTION steward.rule_user_id_indexed(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('no index leads with the owner column %s.%I', c.table_identity, c.name),
    steward.index_hint(c.relation, ARRAY[c.number]), steward.index_fix(c.relation, ARRAY[c.number]),
      steward.index_undo(c.relation, ARRAY[c.number]),
    part => c.number)
  FROM steward.catalog_column AS c
  WHERE c.name = options ->> 'owner_column'
    AND NOT EXISTS (SELECT FROM steward.catalog_index AS i
                    WHERE i.relation = c.relation AND i.is_valid AND i.predicate IS NULL AND i.keys[1] = c.number
                      AND (i.method = 'btree' OR i.method = 'hash'))
$$;
SELECT steward.add_rule('user-id-indexed', 'error', 'An owner column that no index leads with');
