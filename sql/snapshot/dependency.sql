-- What needs what, in the server's own addresses, and under which fact an address without one of its own is found:
-- a row type under its table, an array under its element, an identity's sequence under its column.
CREATE FUNCTION steward.dependencies()
RETURNS TABLE (address text, needs text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT d.classid || ':' || d.objid || ':' || d.objsubid, d.refclassid || ':' || d.refobjid || ':' || d.refobjsubid
  FROM pg_depend AS d
  WHERE d.deptype IN ('n', 'a', 'i', 'x') AND (d.objid >= 16384 AND (d.refobjid >= 16384 OR d.refobjid = 2200))
    AND d.classid <> 2606
  UNION ALL
  SELECT '2606:' || d.objid || ':0', d.refclassid || ':' || d.refobjid || ':' || d.refobjsubid
  FROM pg_depend AS d
  WHERE d.classid = 2606 AND d.deptype IN ('n', 'a') AND d.objid >= 16384 AND d.refobjid >= 16384
  UNION ALL
  SELECT d.classid || ':' || d.objid || ':acl', '3079:' || d.refobjid || ':0' FROM pg_depend AS d WHERE d.refclassid = 3079 AND d.deptype = 'e'
  UNION ALL
  SELECT '1259:' || i.inhrelid || ':0', '1259:' || i.inhparent || ':0'
  FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p', 'f')
$facts$;
COMMENT ON FUNCTION steward.dependencies() IS 'What each object needs, as class:oid:column of both: pg_depend, and inheritance.';

CREATE FUNCTION steward.address_aliases()
RETURNS TABLE (address text, target text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT '1247:' || t.oid || ':0',
         CASE WHEN t.typrelid <> 0 THEN '1259:' || t.typrelid || ':0' ELSE '1247:' || t.typelem || ':0' END
  FROM pg_type AS t
  WHERE t.oid >= 16384 AND (t.typrelid <> 0 AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
                            OR t.typrelid = 0 AND t.typelem >= 16384
                               AND NOT EXISTS (SELECT FROM pg_class AS c JOIN pg_type AS e ON c.oid = e.typrelid
                                               WHERE e.oid = t.typelem AND c.relkind <> 'c'))
  UNION ALL  -- arrays of row types
  SELECT '1247:' || t.oid || ':0', '1259:' || c.oid || ':0'
  FROM pg_type AS t JOIN pg_type AS e ON e.oid = t.typelem JOIN pg_class AS c ON c.oid = e.typrelid AND c.relkind <> 'c'
  WHERE t.oid >= 16384
  UNION ALL
  SELECT '1247:' || r.rngmultitypid || ':0', '1247:' || r.rngtypid || ':0' FROM pg_range AS r WHERE r.rngtypid >= 16384
  UNION ALL  -- the functions that make values of a range and of its multirange
  SELECT '1255:' || d.objid || ':0', '1247:' || r.rngtypid || ':0'
  FROM pg_range AS r JOIN pg_depend AS d ON d.refclassid = 1247 AND d.refobjid IN (r.rngtypid, r.rngmultitypid)
  WHERE r.rngtypid >= 16384 AND d.classid = 1255 AND d.deptype = 'i'
  UNION ALL
  SELECT '1259:' || t.typrelid || ':0', '1247:' || t.oid || ':0'
  FROM pg_type AS t JOIN pg_class AS c ON c.oid = t.typrelid AND c.relkind = 'c'
  UNION ALL
  SELECT '1259:' || t.typrelid || ':' || a.attnum, '1247:' || t.oid || ':0'
  FROM pg_type AS t JOIN pg_class AS c ON c.oid = t.typrelid AND c.relkind = 'c' JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
  UNION ALL
  SELECT '2604:' || d.oid || ':0', '1259:' || d.adrelid || ':' || d.adnum FROM pg_attrdef AS d
  UNION ALL
  SELECT '1259:' || a.attrelid || ':' || a.attnum, '1259:' || a.attrelid || ':0'
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
  WHERE c.relkind IN ('v', 'm', 'S', 'i', 'I') AND a.attnum > 0 AND a.attrelid >= 16384
  UNION ALL
  SELECT '1259:' || k.conindid || ':0', '2606:' || k.oid || ':0' FROM pg_constraint AS k WHERE k.contype IN ('p', 'u', 'x')
  UNION ALL
  SELECT '1259:' || d.objid || ':0', '1259:' || d.refobjid || ':' || d.refobjsubid
  FROM pg_depend AS d WHERE d.classid = 1259 AND d.refclassid = 1259 AND d.deptype = 'i' AND d.refobjsubid > 0
  UNION ALL
  SELECT '2618:' || r.oid || ':0', '1259:' || r.ev_class || ':0' FROM pg_rewrite AS r WHERE r.rulename = '_RETURN' AND r.oid >= 16384
  UNION ALL  -- operators and functions of operator classes and families
  SELECT d.classid || ':' || d.objid || ':0', d.refclassid || ':' || d.refobjid || ':0'
  FROM pg_depend AS d WHERE d.classid IN (2602, 2603) AND d.refclassid IN (2616, 2753)
  UNION ALL
  SELECT '6106:' || r.oid || ':0', '6104:' || r.prpubid || ':0' FROM pg_publication_rel AS r
  UNION ALL
  SELECT '6237:' || r.oid || ':0', '6104:' || r.pnpubid || ':0' FROM pg_publication_namespace AS r
  UNION ALL
  SELECT d.classid || ':' || d.objid || ':0', '3079:' || d.refobjid || ':0'
  FROM pg_depend AS d WHERE d.deptype = 'e' AND d.refclassid = 3079
$facts$;
COMMENT ON FUNCTION steward.address_aliases() IS
'Addresses that are no fact of their own and the one under which they are found.';
