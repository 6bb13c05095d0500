-- Facts of types: enums, composites, ranges, domains. Row types of tables are the tables'. Base types need C and
-- are reported, not modelled.
CREATE FUNCTION steward.type_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END,
         format('%I.%I', n.nspname, t.typname), 'schema ' || quote_ident(n.nspname), '1247:' || t.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(t.typowner)),
           'form', CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' WHEN 'd' THEN 'domain'
                                  WHEN 'b' THEN 'base' ELSE 'shell' END,
           'unmodelled', nullif(t.typtype IN ('b', 'p'), false),
           'labels', CASE WHEN t.typtype = 'e' THEN
             (SELECT coalesce(jsonb_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_enum AS e WHERE e.enumtypid = t.oid) END,
           'attributes', CASE WHEN t.typtype = 'c' THEN
             (SELECT coalesce(jsonb_agg(jsonb_build_object('name', quote_ident(a.attname), 'type', format_type(a.atttypid, a.atttypmod),
                       'collation', CASE WHEN a.attcollation <> at.typcollation THEN a.attcollation::regcollation::text END,
                       'comment', col_description(a.attrelid, a.attnum)) ORDER BY a.attnum), '[]')
              FROM pg_attribute AS a JOIN pg_type AS at ON at.oid = a.atttypid
              WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END,
           'range', CASE WHEN t.typtype = 'r' THEN
             (SELECT concat_ws(', ', 'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
                       (SELECT format('SUBTYPE_OPCLASS = %I.%I', on_.nspname, o.opcname) FROM pg_opclass AS o
                        JOIN pg_namespace AS on_ ON on_.oid = o.opcnamespace WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
                       (SELECT format('COLLATION = %s', l.oid::regcollation) FROM pg_collation AS l
                        WHERE l.oid = r.rngcollation AND l.collname <> 'default'),
                       'CANONICAL = ' || nullif(r.rngcanonical::oid, 0)::regproc::text,
                       'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff::oid, 0)::regproc::text,
                       (SELECT format('MULTIRANGE_TYPE_NAME = %I.%I', mn.nspname, m.typname) FROM pg_type AS m
                        JOIN pg_namespace AS mn ON mn.oid = m.typnamespace WHERE m.oid = r.rngmultitypid))
              FROM pg_range AS r WHERE r.rngtypid = t.oid) END,
           'type', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
           'collation', CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END,
           'default', CASE WHEN t.typtype = 'd' THEN coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) END,
           'not_null', CASE WHEN t.typtype = 'd' THEN nullif(t.typnotnull, false) END))
  FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
  LEFT JOIN pg_class AS c ON c.oid = t.typrelid LEFT JOIN pg_type AS b ON b.oid = t.typbasetype
  WHERE /* of t.oid */ t.typtype IN ('e', 'c', 'r', 'd', 'b', 'p') AND coalesce(c.relkind, 'c') = 'c' AND (t.typelem = 0 OR t.typsubscript <> 'array_subscript_handler'::regproc)
    AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 1247 AND d.objid = t.oid AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.type_facts() IS
'Facts of types and domains: owner and form; the labels of an enum, the attributes of a composite, the options of a range, the type, default and nullability of a domain. Base and shell types are marked as unmodelled.';
