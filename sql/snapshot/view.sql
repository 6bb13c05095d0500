-- Facts of views and materialized views.
CREATE FUNCTION steward.view_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END,
         format('%I.%I', n.nspname, c.relname), 'schema ' || quote_ident(n.nspname), '1259:' || c.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(c.relowner)),
           'query', rtrim(pg_get_viewdef(c.oid), E'; \n'),
           'columns', (SELECT jsonb_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                                        || CASE WHEN a.attcollation <> t.typcollation THEN ' ' || a.attcollation::regcollation ELSE '' END
                                        ORDER BY a.attnum)
                       FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
                       WHERE a.attrelid = c.oid AND a.attnum > 0),
           'options', (SELECT jsonb_object_agg(o.option_name, o.option_value)
                       FROM (SELECT option_name, option_value FROM pg_options_to_table(c.reloptions)
                             UNION ALL
                             SELECT 'toast.' || option_name, option_value
                             FROM pg_class AS t, pg_options_to_table(t.reloptions)
                             WHERE t.oid = c.reltoastrelid) AS o),
           'option_order', (SELECT jsonb_agg(o.option_name) FROM pg_options_to_table(c.reloptions) AS o HAVING count(*) > 1),
           'access_method', (SELECT quote_ident(am.amname) FROM pg_am AS am WHERE am.oid = c.relam AND am.amname <> 'heap'),
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
           'unpopulated', nullif(NOT c.relispopulated, false)))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('v', 'm') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 1259 AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.view_facts() IS
'Facts of views and materialized views: owner, query, columns with their types, options, access method, tablespace.';
