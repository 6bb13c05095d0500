-- Facts of tables: ordinary, partitioned, partitions, foreign. Columns, constraints, indexes have facts of their own.
-- The order of options says nothing and is in no hash; new ones are set in it.
CREATE FUNCTION steward.table_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END,
         format('%I.%I', n.nspname, c.relname), 'schema ' || quote_ident(n.nspname), '1259:' || c.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(c.relowner)),
           'unlogged', nullif(c.relpersistence = 'u', false),
           'partition_by', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
           'bound', CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
           'inherits', (SELECT jsonb_agg(format('%I.%I', pn.nspname, p.relname) ORDER BY i.inhseqno)
                        FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent
                        JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
                        WHERE i.inhrelid = c.oid),
           'of_type', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
           'options', (SELECT jsonb_object_agg(o.option_name, o.option_value)
                       FROM (SELECT option_name, option_value FROM pg_options_to_table(c.reloptions)
                             WHERE c.reloptions IS NOT NULL
                             UNION ALL
                             SELECT 'toast.' || option_name, option_value
                             FROM pg_class AS t, pg_options_to_table(t.reloptions)
                             WHERE t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL) AS o),
           'option_order', CASE WHEN c.reloptions IS NOT NULL THEN
             (SELECT jsonb_agg(o.option_name) FROM pg_options_to_table(c.reloptions) AS o HAVING count(*) > 1) END,
           'row_security', nullif(c.relrowsecurity, false),
           'force_row_security', nullif(c.relforcerowsecurity, false),
           'replica_identity', CASE WHEN c.relkind <> 'f' THEN CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' END END,
           'access_method', (SELECT quote_ident(am.amname) FROM pg_am AS am WHERE am.oid = c.relam AND am.amname <> 'heap'),
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
           'server', quote_ident(s.srvname),
           'server_options', (SELECT jsonb_object_agg(o.option_name, o.option_value)
                              FROM pg_options_to_table(f.ftoptions) AS o)))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_foreign_table AS f ON f.ftrelid = c.oid
  LEFT JOIN pg_foreign_server AS s ON s.oid = f.ftserver
  WHERE /* of c.oid */ c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 1259 AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.table_facts() IS
'Facts of tables, partitions and foreign tables: owner, partition key and bound, parents, type, storage options, row security flags, replica identity, access method, tablespace, server.';
