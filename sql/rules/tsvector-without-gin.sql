-- Without it every search reads every document.
CREATE FUNCTION steward.rule_tsvector_without_gin(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I has no GIN index', c.table_identity, c.name),
    format('CREATE INDEX CONCURRENTLY ON %s USING gin (%I)', c.table_identity, c.name),
    steward.index_fix(c.relation, ARRAY[c.number], 'gin'), steward.index_undo(c.relation, ARRAY[c.number]), part => c.number)
  FROM steward.catalog_column AS c
  WHERE c.type = 'tsvector'::regtype
    AND NOT EXISTS (SELECT FROM steward.catalog_index AS i
                    WHERE i.relation = c.relation AND i.is_valid AND i.method IN ('gin', 'gist', 'rum')
                      AND (c.number = ANY (i.keys) OR i.expressions ~ format('\m%s\M', c.name)))
$$;
SELECT steward.add_rule('tsvector-without-gin', 'warning', 'A tsvector without an index that can search it');
