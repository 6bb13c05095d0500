-- Facts of publications.
CREATE FUNCTION steward.publication_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'publication', quote_ident(p.pubname), NULL::text, '6104:' || p.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(p.pubowner)),
           'all_tables', nullif(p.puballtables, false),
           'publish', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                                CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
           'via_root', nullif(p.pubviaroot, false),
           'objects', (SELECT jsonb_agg(o.clause ORDER BY o.clause COLLATE "C")
             FROM (SELECT format('TABLE ONLY %I.%I', n.nspname, c.relname)
                          || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                                               FROM pg_attribute AS a
                                               WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)) || ')', '')
                          || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')
                   FROM pg_publication_rel AS r JOIN pg_class AS c ON c.oid = r.prrelid
                   JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid
                   UNION ALL
                   SELECT format('TABLES IN SCHEMA %I', n.nspname)
                   FROM pg_publication_namespace AS s JOIN pg_namespace AS n ON n.oid = s.pnnspid
                   WHERE s.pnpubid = p.oid) AS o (clause))))
  FROM pg_publication AS p
  WHERE /* of p.oid */ NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 6104 AND d.objid = p.oid AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.publication_facts() IS
'Facts of publications: owner, what is published of which tables and schemas.';
