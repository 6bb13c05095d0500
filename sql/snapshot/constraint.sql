-- Facts of constraints of tables and domains. Those that came from a parent are the parent's; NOT NULL is the column's.
CREATE FUNCTION steward.constraint_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'constraint',
         CASE WHEN t.oid IS NULL THEN format('%I ON %I.%I', k.conname, n.nspname, c.relname)
              ELSE format('%I ON DOMAIN %I.%I', k.conname, tn.nspname, t.typname) END,
         CASE WHEN t.oid IS NOT NULL THEN format('domain %I.%I', tn.nspname, t.typname)
              WHEN c.relkind = 'f' THEN format('foreign table %I.%I', n.nspname, c.relname)
              ELSE format('table %I.%I', n.nspname, c.relname) END,
         '2606:' || k.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'type', CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
                                  WHEN 'x' THEN 'exclude' ELSE 'check' END,
           -- PostgreSQL 15 and 17 do not keep a varchar IN list through deparse and parse again: the cast moves
           -- from the array to its elements. Both mean the same; the definition says it in the form that stays.
           'definition', pg_get_constraintdef(k.oid),
           'references', CASE WHEN k.confrelid <> 0 THEN (SELECT format('table %I.%I', rn.nspname, r.relname)
             FROM pg_class AS r JOIN pg_namespace AS rn ON rn.oid = r.relnamespace WHERE r.oid = k.confrelid) END,
           -- An index that is no constraint may have a constraint's as its part.
           'attached_to', coalesce(
             (SELECT format('constraint %I ON %I.%I', pk.conname, pn.nspname, pc.relname)
              FROM pg_constraint AS pk JOIN pg_class AS pc ON pc.oid = pk.conrelid
              JOIN pg_namespace AS pn ON pn.oid = pc.relnamespace WHERE pk.oid = k.conparentid),
             (SELECT format('index %I.%I', pn.nspname, p.relname)
              FROM pg_inherits AS h JOIN pg_class AS p ON p.oid = h.inhparent
              JOIN pg_namespace AS pn ON pn.oid = p.relnamespace WHERE h.inhrelid = i.indexrelid)),
           'index', CASE WHEN i.indexrelid IS NOT NULL THEN format('%I.%I', n.nspname, ic.relname) END,
           'options', CASE WHEN ic.reloptions IS NOT NULL THEN
             (SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(ic.reloptions) AS o) END,
           'option_order', CASE WHEN ic.reloptions IS NOT NULL THEN
             (SELECT jsonb_agg(o.option_name) FROM pg_options_to_table(ic.reloptions) AS o HAVING count(*) > 1) END,
           -- A check that is not valid here may be so in partitions and children: those made with it.
           'valid_in', CASE WHEN k.contype = 'c' AND NOT k.convalidated THEN
             (SELECT jsonb_agg(format('%I.%I', bn.nspname, b.relname) ORDER BY bn.nspname COLLATE "C", b.relname COLLATE "C")
              FROM pg_constraint AS below JOIN pg_class AS b ON b.oid = below.conrelid JOIN pg_namespace AS bn ON bn.oid = b.relnamespace
              WHERE below.conname = k.conname AND below.contype = 'c' AND below.convalidated AND below.coninhcount > 0
                AND below.conrelid IN (
                  WITH RECURSIVE child AS (
                    SELECT i.inhrelid FROM pg_inherits AS i WHERE i.inhparent = k.conrelid
                    UNION SELECT i.inhrelid FROM pg_inherits AS i JOIN child ON child.inhrelid = i.inhparent)
                  SELECT child.inhrelid FROM child)) END,
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace AS s WHERE s.oid = ic.reltablespace),
           'invalid', nullif(NOT i.indisvalid, false),
           'clustered', nullif(i.indisclustered, false),
           'replica_identity', nullif(i.indisreplident, false),
           'index_comment', obj_description(i.indexrelid, 'pg_class')))
  FROM pg_constraint AS k
  LEFT JOIN (pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace) ON c.oid = k.conrelid
  LEFT JOIN (pg_type AS t JOIN pg_namespace AS tn ON tn.oid = t.typnamespace) ON t.oid = k.contypid
  LEFT JOIN (pg_index AS i JOIN pg_class AS ic ON ic.oid = i.indexrelid)
         ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
  WHERE /* of k.conrelid or k.contypid */ k.contype IN ('c', 'p', 'u', 'f', 'x')
    AND (k.conislocal OR k.conindid <> 0 AND k.contype IN ('p', 'u', 'x')) AND (k.conparentid = 0 OR k.contype <> 'f')
    AND coalesce(n.nspname, tn.nspname) !~ '^pg_'
    AND coalesce(n.nspname, tn.nspname) NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS e
                    WHERE e.deptype = 'e' AND e.objsubid = 0 AND e.classid = 1259 AND e.objid = k.conrelid)
    AND NOT EXISTS (SELECT FROM pg_depend AS e
                    WHERE e.deptype = 'e' AND e.objsubid = 0 AND e.classid = 1247 AND e.objid = k.contypid)
$facts$;
COMMENT ON FUNCTION steward.constraint_facts() IS
'Facts of constraints: type, definition, the table a foreign key refers to; of those that have an index, its name, options, comment and marks.';
