-- Its functions stand among yours, in every search_path. One that cannot be moved is not told.
CREATE FUNCTION steward.rule_extension_in_public(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_extension', e.oid, NULL, format('extension %I is in schema public', e.extname),
    format('ALTER EXTENSION %I SET SCHEMA extensions, and add that to the search_path of those who use it', e.extname))
  FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE n.nspname = 'public' AND e.extrelocatable
$$;
SELECT steward.add_rule('extension-in-public', 'note', 'An extension in schema public');
