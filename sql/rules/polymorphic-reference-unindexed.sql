-- x_type and x_id together are looked up for every parent, and no foreign key asks for the index.
CREATE FUNCTION steward.rule_polymorphic_reference_unindexed(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.relation, i.relation,
    format('%s has no index on (%I, %I), which together refer to other tables', i.table_identity, t.name, i.name),
    steward.index_hint(i.relation, ARRAY[t.number, i.number]), steward.index_fix(i.relation, ARRAY[t.number, i.number]),
    steward.index_undo(i.relation, ARRAY[t.number, i.number]), part => i.number)
  FROM steward.catalog_column AS i
       JOIN steward.catalog_column AS t ON t.relation = i.relation AND i.name LIKE '%_\_id' AND t.name LIKE '%_\_type'
         AND t.name = left(i.name, -3) || '_type'
  WHERE NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = i.relation AND f.contype = 'f' AND i.number = ANY (f.conkey))
    AND NOT EXISTS (SELECT FROM steward.catalog_index AS x
                    WHERE x.relation = i.relation AND x.is_valid AND x.predicate IS NULL
                      AND (x.keys[1:2] @> ARRAY[t.number, i.number] OR x.keys[1] = i.number))
$$;
SELECT steward.add_rule('polymorphic-reference-unindexed', 'warning', 'A polymorphic reference (x_type, x_id) without an index');
