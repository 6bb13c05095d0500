-- Facts of extensions. What an extension made is its own affair: members are no facts. The comment that
-- CREATE EXTENSION writes by itself is none of the user's.
CREATE FUNCTION steward.extension_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'extension', quote_ident(e.extname), NULL::text, '3079:' || e.oid || ':0',
         jsonb_build_object('schema', quote_ident(n.nspname), 'version', e.extversion,
                            'relocatable', e.extrelocatable,
                            'own_comment', (SELECT a.comment FROM pg_available_extensions() AS a WHERE a.name = e.extname))
  FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
  WHERE e.extname NOT IN ('plpgsql', 'pg_steward')
$facts$;
COMMENT ON FUNCTION steward.extension_facts() IS
'Facts of extensions: schema, version, relocatable, and the comment its control file gives it. plpgsql, which is in every new database, and pg_steward are left out.';
