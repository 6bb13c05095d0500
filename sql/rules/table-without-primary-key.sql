-- Rows that cannot be named cannot be replicated, deduplicated or updated one by one. A unique key of NOT NULL columns
-- is nearly one, and is offered. Children of old-style inheritance do not inherit their parent's key: they are told too.
CREATE FUNCTION steward.rule_table_without_primary_key(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid,
    format('table %s has no primary key', t.identity),
    CASE WHEN u.name IS NOT NULL THEN format('its unique index %I would do: ALTER TABLE %s ADD PRIMARY KEY (%s)', u.name, t.identity,
                                             u.columns)
         ELSE format('ALTER TABLE %s ADD COLUMN id ..., or ADD PRIMARY KEY (...) over the columns that tell its rows apart',
                     t.identity) END)
  FROM steward.catalog_table AS t
       LEFT JOIN LATERAL (
         SELECT i.name, steward.column_list(t.oid, i.keys) AS columns FROM steward.catalog_index AS i
         WHERE i.relation = t.oid AND i.is_unique AND i.is_valid AND i.is_immediate AND i.predicate IS NULL AND i.expressions IS NULL
           AND i.method = 'btree' AND NOT EXISTS (SELECT FROM pg_attribute AS a
                                                  WHERE a.attrelid = t.oid AND a.attnum = ANY (i.keys) AND NOT a.attnotnull)
         ORDER BY i.key_count, i.name COLLATE "C" LIMIT 1) AS u ON true
  WHERE NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = t.oid AND k.contype = 'p')
$$;
SELECT steward.add_rule('table-without-primary-key', 'error', 'A table without a primary key');
