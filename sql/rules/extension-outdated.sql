-- The files on the server are newer than what the database uses.
CREATE FUNCTION steward.rule_extension_outdated(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_extension', e.oid, NULL, format('extension %I is of version %s, the server has %s', e.extname, e.extversion,
                                                           a.default_version),
    format('read what changed, then ALTER EXTENSION %I UPDATE', e.extname))
  FROM pg_extension AS e JOIN pg_available_extensions() AS a ON a.name = e.extname WHERE a.default_version <> e.extversion
$$;
SELECT steward.add_rule('extension-outdated', 'note', 'An extension older than the server''s files');
