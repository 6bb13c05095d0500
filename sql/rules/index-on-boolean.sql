-- Two values split a table in two: a partial index on the rare one is small and sure to be used.
CREATE FUNCTION steward.rule_index_on_boolean(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s leads with the boolean %I', i.name, i.table_identity, c.name),
    format('index what queries look for beside it, WHERE %I (or WHERE NOT %I)', c.name, c.name))
  FROM steward.catalog_index AS i JOIN steward.catalog_column AS c ON c.relation = i.relation AND c.number = i.keys[1]
  WHERE c.type = 'boolean'::regtype AND NOT i.is_unique AND NOT i.is_constraint
$$;
SELECT steward.add_rule('index-on-boolean', 'note', 'An index that leads with a boolean');
