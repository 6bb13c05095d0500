-- Cosmetic: people read a table from the left.
CREATE FUNCTION steward.rule_primary_key_columns_not_first(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid,
    format('the primary key columns of %s (%s) are not its first columns', t.identity, steward.column_list(t.oid, k.conkey)),
    'write them first when the table is made; it is not worth a rewrite')
  FROM pg_constraint AS k JOIN steward.catalog_table AS t ON t.oid = k.conrelid
  WHERE k.contype = 'p'
    AND EXISTS (SELECT FROM pg_attribute AS a
                WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnum <> ALL (k.conkey)
                  AND a.attnum < (SELECT max(n) FROM unnest(k.conkey) AS n))
$$;
SELECT steward.add_rule('primary-key-columns-not-first', 'note', 'A primary key whose columns are not the table''s first', false);
