-- Facts of columns. An internal key that the server itself writes into attoptions (pg_attver) differs in each
-- database and says nothing. The position counts in no hash: it cannot be changed. Columns of views are facts
-- only where something was said of them. NOT NULL is an attribute, also where the server keeps it as a constraint.
CREATE FUNCTION steward.column_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'column', format('%I.%I.%I', n.nspname, c.relname, a.attname),
         CASE c.relkind WHEN 'f' THEN 'foreign table ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view '
                        ELSE 'table ' END || format('%I.%I', n.nspname, c.relname),
         '1259:' || c.oid || ':' || a.attnum,
         jsonb_strip_nulls(CASE WHEN c.relkind IN ('v', 'm') THEN '{}'::jsonb ELSE jsonb_build_object(
           'type', format_type(a.atttypid, a.atttypmod),
           'enum', nullif(t.typtype = 'e', false),
           'not_null', nullif(a.attnotnull, false),
           'collation', CASE WHEN a.attcollation <> t.typcollation THEN
             (SELECT format('%I.%I', cn.nspname, l.collname)
              FROM pg_collation AS l JOIN pg_namespace AS cn ON cn.oid = l.collnamespace WHERE l.oid = a.attcollation) END,
           'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
           'virtual', nullif(a.attgenerated = 'v', false),
           -- From 17 on, partitions share their parent's identity and have no sequence of their own.
           'identity', CASE WHEN NOT c.relispartition OR EXISTS (
               SELECT FROM pg_depend AS o WHERE o.classid = 1259 AND o.refclassid = 1259 AND o.refobjid = c.oid
                                            AND o.refobjsubid = a.attnum AND o.deptype = 'i')
             THEN CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END END,
           'sequence', CASE WHEN a.attidentity <> '' THEN
             (SELECT jsonb_build_object('name', format('%I.%I', sn.nspname, sc.relname), 'start', s.seqstart,
                       'increment', s.seqincrement, 'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache,
                       'cycle', s.seqcycle, 'unlogged', nullif(sc.relpersistence = 'u', false))
              FROM pg_depend AS o JOIN pg_sequence AS s ON s.seqrelid = o.objid
              JOIN pg_class AS sc ON sc.oid = s.seqrelid JOIN pg_namespace AS sn ON sn.oid = sc.relnamespace
              WHERE o.classid = 1259 AND o.refclassid = 1259 AND o.refobjid = c.oid AND o.refobjsubid = a.attnum
                AND o.deptype = 'i') END,
           'server_options', CASE WHEN a.attfdwoptions IS NOT NULL THEN
             (SELECT jsonb_object_agg(o.option_name, o.option_value)
              FROM pg_options_to_table(a.attfdwoptions) AS o) END,
           'inherited', nullif(a.attinhcount > 0, false),
           'local', CASE WHEN a.attinhcount > 0 AND NOT c.relispartition THEN nullif(a.attislocal, false) END) END
         || CASE WHEN c.relkind = 'v' THEN '{}'::jsonb ELSE jsonb_build_object(
           'storage', CASE WHEN a.attstorage <> t.typstorage THEN
             CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
           'own_storage',
             CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END,
           'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
           'statistics', nullif(a.attstattarget, -1),
           'options', CASE WHEN a.attoptions IS NOT NULL THEN
             (SELECT jsonb_object_agg(o.option_name, o.option_value)
              FROM pg_options_to_table(a.attoptions) AS o WHERE o.option_name <> 'pg_attver') END,
           'option_order', CASE WHEN a.attoptions IS NOT NULL THEN
             (SELECT jsonb_agg(o.option_name) FROM pg_options_to_table(a.attoptions) AS o
              WHERE o.option_name <> 'pg_attver' HAVING count(*) > 1) END) END
         || jsonb_build_object(
           'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
           'position', a.attnum))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE /* of c.oid */ c.relkind IN ('r', 'p', 'f', 'v', 'm')
    AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND (c.relkind IN ('r', 'p', 'f') OR d.oid IS NOT NULL OR a.attacl IS NOT NULL
         OR c.relkind = 'm' AND (a.attstorage <> t.typstorage OR a.attcompression <> '' OR a.attstattarget >= 0
                                 OR EXISTS (SELECT FROM unnest(a.attoptions) AS o WHERE o NOT LIKE 'pg\_attver=%'))
         OR EXISTS (SELECT FROM pg_description AS s
                    WHERE s.classoid = 1259 AND s.objoid = c.oid AND s.objsubid = a.attnum))
    AND NOT EXISTS (SELECT FROM pg_depend AS e
                    WHERE e.classid = 1259 AND e.objid = c.oid AND e.objsubid = 0 AND e.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.column_facts() IS
'Facts of columns: type, NOT NULL, collation, default, generation, identity with its sequence, storage, compression, statistics target, options, inheritance, position.';
