-- Facts of extended statistics. The server lists columns in the order of the table, which is not compared: here it is that of their names.
CREATE FUNCTION steward.statistics_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'statistics', format('%I.%I', n.nspname, s.stxname), 'schema ' || quote_ident(n.nspname), '3381:' || s.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(s.stxowner)),
           'create', coalesce(replace(d.text, ' ON ' || k.as_made, ' ON ' || k.by_name), d.text),
           'target', nullif(s.stxstattarget, -1)))
  FROM pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
  CROSS JOIN LATERAL (SELECT pg_get_statisticsobjdef(s.oid)) AS d (text)
  CROSS JOIN LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
                             string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C")
                      FROM pg_attribute AS a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[])) AS k (as_made, by_name)
  WHERE /* of s.oid */ n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 3381 AND d.objid = s.oid AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.statistics_facts() IS 'Facts of extended statistics: owner, definition, target.';
