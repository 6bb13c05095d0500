-- Empty after a crash, and absent on standbys.
CREATE FUNCTION steward.rule_table_unlogged(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('%s is unlogged: a crash empties it', t.identity),
    format('ALTER TABLE %s SET LOGGED rewrites it', t.identity))
  FROM steward.catalog_relation AS t WHERE t.kind IN ('r', 'p') AND t.persistence = 'u'
$$;
SELECT steward.add_rule('table-unlogged', 'note', 'An unlogged table');
