-- What a failed CREATE INDEX CONCURRENTLY leaves: every write maintains it, no query uses it. The parent of a
-- partitioned index is invalid until its last partition is attached; a build that goes on holds a lock on the table.
CREATE FUNCTION steward.rule_index_invalid(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s is invalid: a build of it failed', i.name, i.table_identity),
    CASE WHEN i.name ~ '_cc(new|old)\d*$' THEN 'a leftover of REINDEX CONCURRENTLY: drop it' ELSE 'build it again' END,
    format(CASE WHEN i.name ~ '_cc(new|old)\d*$' AND NOT i.is_constraint THEN 'DROP INDEX CONCURRENTLY %s;'
           ELSE 'REINDEX INDEX CONCURRENTLY %s;' END, i.identity))
  FROM steward.catalog_index AS i
  WHERE NOT i.is_valid AND i.kind = 'i'
    AND NOT EXISTS (SELECT FROM pg_locks AS l
                    WHERE l.locktype = 'relation' AND l.relation = i.relation AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.pid <> pg_backend_pid())
$$;
SELECT steward.add_rule('index-invalid', 'error', 'An index that a failed build left invalid');
