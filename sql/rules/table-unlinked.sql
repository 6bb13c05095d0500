-- Often a log, a queue or a setting; sometimes a forgotten reference.
CREATE FUNCTION steward.rule_table_unlinked(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('no foreign key leads to or from %s', t.identity),
    'add the foreign keys it has in the application''s mind')
  FROM steward.catalog_table AS t
  WHERE NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.contype = 'f' AND k.conrelid = t.oid)
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.contype = 'f' AND k.confrelid = t.oid)
$$;
SELECT steward.add_rule('table-unlinked', 'note', 'A table without any foreign key in or out', false);
