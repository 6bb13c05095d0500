-- When was this made, and when was it changed last? Links need neither; what the server has only ever seen inserted
-- needs no time of change.
CREATE FUNCTION steward.rule_table_without_timestamps(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('%s has no %s', t.identity, concat_ws(' and no ', m.created, m.updated)),
    format('ALTER TABLE %s ADD COLUMN %s timestamptz NOT NULL DEFAULT now()', t.identity, coalesce(m.created, m.updated)))
  FROM steward.catalog_table AS t
       CROSS JOIN LATERAL (
         SELECT bool_or(options -> 'created' ? a.attname::text) AS created, bool_or(options -> 'updated' ? a.attname::text) AS updated
         FROM pg_attribute AS a WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped) AS h
       CROSS JOIN LATERAL (
         SELECT CASE WHEN NOT h.created THEN options -> 'created' ->> 0 END AS created,
                CASE WHEN NOT h.updated AND NOT (pg_stat_get_tuples_inserted(t.oid) >= 1000 AND pg_stat_get_tuples_updated(t.oid) = 0)
                     THEN options -> 'updated' ->> 0 END AS updated) AS m
  WHERE coalesce(m.created, m.updated) IS NOT NULL
    -- A child of old-style inheritance gets them from its parent.
    AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = t.oid)
    AND NOT EXISTS (SELECT FROM steward.catalog_link_table AS l WHERE l.oid = t.oid)
$$;
SELECT steward.add_rule('table-without-timestamps', 'warning', 'A table that does not say when its rows were made and changed',
  options => '{"created": ["created_at", "inserted_at", "created_on", "created"], "updated": ["updated_at", "modified_at", "updated_on", "updated", "last_update"]}');
