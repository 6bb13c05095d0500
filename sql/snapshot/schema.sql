-- Facts of schemas. The system's own and steward's are none. public has a comment that nobody wrote.
CREATE FUNCTION steward.schema_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'schema', quote_ident(n.nspname), NULL::text, '2615:' || n.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object('owner', quote_ident(pg_get_userbyid(n.nspowner)),
           'own_comment', CASE n.nspname WHEN 'public' THEN 'standard public schema' END))
  FROM pg_namespace AS n
  WHERE /* of n.oid */ n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 2615 AND d.objid = n.oid AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.schema_facts() IS 'Facts of schemas: owner.';
