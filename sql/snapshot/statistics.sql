-- Facts of extended statistics.
CREATE FUNCTION steward.statistics_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'statistics', format('%I.%I', n.nspname, s.stxname), 'schema ' || quote_ident(n.nspname), '3381:' || s.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(s.stxowner)),
           'create', pg_get_statisticsobjdef(s.oid),
           'target', nullif(s.stxstattarget, -1)))
  FROM pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
  WHERE /* of s.oid */ n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 3381 AND d.objid = s.oid AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.statistics_facts() IS 'Facts of extended statistics: owner, definition, target.';
