-- Without it, two rows can say the same, and every count over the link is wrong.
CREATE FUNCTION steward.rule_link_table_composite_primary_key(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', l.oid, l.oid,
    format('the primary key of link table %s is not (%s)%s', l.identity, steward.column_list(l.oid, l.columns),
           CASE WHEN u.known THEN ', though they are unique together' ELSE ': the same link can be made twice' END),
    format('ALTER TABLE %s ADD PRIMARY KEY (%s)', l.identity, steward.column_list(l.oid, l.columns)),
    level => CASE WHEN u.known THEN 'note' END)
  FROM steward.catalog_link_table AS l
       CROSS JOIN LATERAL (
         SELECT EXISTS (SELECT FROM steward.catalog_index AS i
                        WHERE i.relation = l.oid AND i.is_unique AND i.is_valid AND i.predicate IS NULL AND i.key_count = 2
                          AND i.keys @> l.columns) AS known) AS u
  WHERE NOT EXISTS (SELECT FROM pg_constraint AS k
                    WHERE k.conrelid = l.oid AND k.contype = 'p' AND k.conkey @> l.columns AND k.conkey <@ l.columns)
$$;
SELECT steward.add_rule('link-table-composite-primary-key', 'warning', 'A link table whose primary key is not its two references');
