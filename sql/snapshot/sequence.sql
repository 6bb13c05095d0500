-- Facts of sequences, but for those of identity columns. Where a sequence stands is data, not schema.
CREATE FUNCTION steward.sequence_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'sequence', format('%I.%I', n.nspname, c.relname), 'schema ' || quote_ident(n.nspname),
         '1259:' || c.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(c.relowner)),
           'unlogged', nullif(c.relpersistence = 'u', false),
           'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
           'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle,
           'owned_by', (SELECT format('column %I.%I.%I', tn.nspname, t.relname, a.attname)
                        FROM pg_depend AS d JOIN pg_class AS t ON t.oid = d.refobjid
                        JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
                        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                        WHERE d.classid = 1259 AND d.objid = c.oid AND d.refclassid = 1259 AND d.deptype = 'a')))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_sequence AS s ON s.seqrelid = c.oid
  WHERE /* of c.oid */ n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 1259 AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype IN ('e', 'i'))
$facts$;
COMMENT ON FUNCTION steward.sequence_facts() IS
'Facts of sequences: owner, type, start, increment, bounds, cache, cycle, and the column that owns it. Not the value it stands at.';
