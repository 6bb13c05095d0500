-- Facts of indexes, but for those that belong to a constraint.
CREATE FUNCTION steward.index_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'index', format('%I.%I', n.nspname, c.relname),
         CASE t.relkind WHEN 'm' THEN 'materialized view ' ELSE 'table ' END || format('%I.%I', n.nspname, t.relname),
         '1259:' || c.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'definition', pg_get_indexdef(c.oid),
           'partitioned', nullif(c.relkind = 'I', false),
           -- What is attached gives its parts to the indexes in this order.
           'position', CASE WHEN c.relkind = 'I' THEN
             (SELECT count(*) FROM pg_index AS o WHERE o.indrelid = i.indrelid AND o.indexrelid <= i.indexrelid) END,
           'invalid', nullif(NOT i.indisvalid, false),
           'attached_to', (SELECT format('index %I.%I', pn.nspname, p.relname)
                           FROM pg_inherits AS h JOIN pg_class AS p ON p.oid = h.inhparent
                           JOIN pg_namespace AS pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid),
           'clustered', nullif(i.indisclustered, false),
           'replica_identity', nullif(i.indisreplident, false),
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
           'statistics', (SELECT jsonb_object_agg(a.attnum, a.attstattarget) FROM pg_attribute AS a
                          WHERE a.attrelid = c.oid AND a.attstattarget >= 0)))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_index AS i ON i.indexrelid = c.oid JOIN pg_class AS t ON t.oid = i.indrelid
  WHERE /* of i.indrelid */ c.relkind IN ('i', 'I') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 1259 AND d.objsubid = 0 AND d.deptype = 'e' AND d.objid = c.oid)
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 1259 AND d.objsubid = 0 AND d.deptype = 'e' AND d.objid = t.oid)
$facts$;
COMMENT ON FUNCTION steward.index_facts() IS
'Facts of indexes that are not a constraint''s: definition, whether partitioned, invalid, attached, clustered on, the replica identity.';
