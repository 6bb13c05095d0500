-- Facts of types: enums, composites, ranges, domains, base types, shells. Row types of tables are the tables'. Nobody can own a shell.
CREATE FUNCTION steward.type_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END,
         format('%I.%I', n.nspname, t.typname), 'schema ' || quote_ident(n.nspname), '1247:' || t.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', CASE WHEN t.typisdefined THEN quote_ident(pg_get_userbyid(t.typowner)) END,
           'form', CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' WHEN 'd' THEN 'domain'
                                  WHEN 'b' THEN 'base' ELSE 'shell' END,
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
           'base', CASE WHEN t.typtype = 'b' THEN concat_ws(', ',
             'INPUT = ' || t.typinput, 'OUTPUT = ' || t.typoutput, 'RECEIVE = ' || nullif(t.typreceive::oid, 0)::regproc,
             'SEND = ' || nullif(t.typsend::oid, 0)::regproc, 'TYPMOD_IN = ' || nullif(t.typmodin::oid, 0)::regproc,
             'TYPMOD_OUT = ' || nullif(t.typmodout::oid, 0)::regproc, 'ANALYZE = ' || nullif(t.typanalyze::oid, 0)::regproc,
             'SUBSCRIPT = ' || nullif(t.typsubscript::oid, 0)::regproc,
             'INTERNALLENGTH = ' || CASE t.typlen WHEN -1 THEN 'VARIABLE' ELSE t.typlen::text END, CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
             'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double' END,
             'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END,
             'CATEGORY = ' || quote_literal(t.typcategory::text), CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
             'DEFAULT = ' || quote_literal(t.typdefault), 'ELEMENT = ' || format_type(nullif(t.typelem, 0), NULL),
             'DELIMITER = ' || quote_literal(t.typdelim::text), CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END) END,
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
'Facts of types and domains: owner and form; the labels of an enum, the attributes of a composite, the options of a range, the options of a base type, the type, default and nullability of a domain.';
