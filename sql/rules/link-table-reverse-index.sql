-- The key serves the way there; the way back, and the other side's deletes, need an index that leads with the other column.
-- Where its foreign key already lacks one (foreign-key-without-index), that is told there.
CREATE FUNCTION steward.rule_link_table_reverse_index(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', l.oid, l.oid,
    format('link table %s has no index that leads with %I', l.identity, a.attname),
    steward.index_hint(l.oid, ARRAY[c]), steward.index_fix(l.oid, ARRAY[c]), steward.index_undo(l.oid, ARRAY[c]),
    part => c)
  FROM steward.catalog_link_table AS l
       CROSS JOIN LATERAL unnest(l.columns) AS c
       JOIN pg_attribute AS a ON a.attrelid = l.oid AND a.attnum = c
  WHERE NOT EXISTS (SELECT FROM steward.catalog_index AS i
                    WHERE i.relation = l.oid AND i.is_valid AND i.predicate IS NULL AND i.keys[1] = c)
$$;
SELECT steward.add_rule('link-table-reverse-index', 'warning', 'A link table that can be read in one direction only');
