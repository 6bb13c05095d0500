-- Comments, security labels and ties to extensions (ALTER ... DEPENDS ON EXTENSION), as attributes of what they are on.
CREATE FUNCTION steward.comment_attributes()
RETURNS TABLE (address text, name text, value jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT d.classoid || ':' || d.objoid || ':' || d.objsubid, 'comment', to_jsonb(d.description)
  FROM pg_description AS d
  WHERE /* part of d.objoid */ (d.objoid >= 16384 OR d.classoid = 2615 AND d.objoid = 2200 AND d.description <> 'standard public schema')
  UNION ALL
  SELECT '2615:2200:0', 'comment', '""' WHERE obj_description(2200, 'pg_namespace') IS NULL
  UNION ALL  -- as CREATE EXTENSION does not leave it
  SELECT '3079:' || e.oid || ':0', 'comment', '""' FROM pg_extension AS e WHERE obj_description(e.oid, 'pg_extension') IS NULL
  UNION ALL
  SELECT l.classoid || ':' || l.objoid || ':' || l.objsubid, 'label', jsonb_object_agg(quote_ident(l.provider), l.label)
  FROM pg_seclabel AS l GROUP BY 1
  UNION ALL
  SELECT d.classid || ':' || d.objid || ':0', 'depends_on_extension', jsonb_agg(DISTINCT quote_ident(e.extname) ORDER BY quote_ident(e.extname))
  FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
  WHERE d.refclassid = 3079 AND d.deptype = 'x' GROUP BY 1
$facts$;
COMMENT ON FUNCTION steward.comment_attributes() IS 'Comments and security labels of each object, and the extensions that it goes with.';
