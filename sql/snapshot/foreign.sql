-- Facts of foreign data wrappers, servers and user mappings. An option named like a password is neither shown nor
-- compared: the mapping says only that there is one.
CREATE FUNCTION steward.foreign_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'foreign data wrapper', quote_ident(w.fdwname), NULL::text, '2328:' || w.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(w.fdwowner)),
           'handler', nullif(w.fdwhandler, 0)::regproc::text, 'validator', nullif(w.fdwvalidator, 0)::regproc::text,
           'server_options', (SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(w.fdwoptions) AS o)))
  FROM pg_foreign_data_wrapper AS w
  WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 2328 AND d.objid = w.oid AND d.deptype = 'e')
  UNION ALL
  SELECT 'server', quote_ident(s.srvname), NULL, '1417:' || s.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(s.srvowner)), 'wrapper', quote_ident(w.fdwname),
           'server_type', s.srvtype, 'version', s.srvversion,
           'server_options', (SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(s.srvoptions) AS o)))
  FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
  WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 1417 AND d.objid = s.oid AND d.deptype = 'e')
  UNION ALL
  SELECT 'user mapping', format('FOR %s SERVER %I', CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END, m.srvname),
         format('server %I', m.srvname), '1418:' || m.umid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'server_options', (SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(m.umoptions) AS o
                              WHERE o.option_name !~* 'password|secret|token|key'),
           'secrets', (SELECT jsonb_agg(o.option_name ORDER BY o.option_name COLLATE "C") FROM pg_options_to_table(m.umoptions) AS o
                       WHERE o.option_name ~* 'password|secret|token|key')))
  FROM pg_user_mappings AS m
$facts$;
COMMENT ON FUNCTION steward.foreign_facts() IS
'Facts of foreign data wrappers, servers and user mappings: owner, options. Of options named like a password only the name.';
