-- What stands in the catalogs of a database and is no fact, by name and with the reason: no difference goes unsaid because
-- nobody looked. What belongs to the cluster (roles, memberships, tablespaces) is no database's and is not listed.
CREATE FUNCTION steward.uncompared()
RETURNS TABLE (kind text, identity text, reason text, address text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  WITH here AS (
    SELECT b.oid, b.datacl, b.datdba FROM pg_database AS b WHERE b.datname = current_database()
  ), member AS (
    SELECT d.objid AS oid, quote_ident(e.extname) AS extension
    FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 1259 AND d.objsubid = 0 AND d.refclassid = 3079 AND d.deptype = 'e' AND e.extname <> 'pg_steward'
  ), found (kind, identity, reason, address) AS (
    SELECT 'subscription', quote_ident(s.subname), 'its connection may hold a password', '6100:' || s.oid || ':0'
    FROM pg_subscription AS s JOIN here ON here.oid = s.subdbid
    UNION ALL
    SELECT 'large objects', count(*)::text, 'they are data', '2613:0:0' FROM pg_largeobject_metadata HAVING count(*) > 0
    UNION ALL
    SELECT 'setting', split_part(c.line, '=', 1) ||
             CASE s.setrole WHEN 0 THEN ' of the database' ELSE ' of role ' || quote_ident(pg_get_userbyid(s.setrole)) END,
           'ALTER DATABASE and ALTER ROLE IN DATABASE name the database', '2964:' || s.setrole || ':0'
    FROM here JOIN pg_db_role_setting AS s ON s.setdatabase = here.oid CROSS JOIN LATERAL unnest(s.setconfig) AS c (line)
    UNION ALL
    SELECT 'privileges', 'of the database', 'GRANT ON DATABASE names the database', '1262:' || here.oid || ':0'
    FROM here WHERE here.datacl IS DISTINCT FROM acldefault('d', here.datdba) AND here.datacl IS NOT NULL
    UNION ALL
    SELECT 'comment', 'on the database', 'COMMENT ON DATABASE names the database', '1262:' || here.oid || ':0'
    FROM here WHERE shobj_description(here.oid, 'pg_database') IS NOT NULL
    UNION ALL
    SELECT 'security label', 'on the database', 'SECURITY LABEL ON DATABASE names the database', '1262:' || here.oid || ':0'
    FROM here WHERE EXISTS (SELECT FROM pg_shseclabel AS l WHERE l.classoid = 1262 AND l.objoid = here.oid)
    UNION ALL
    SELECT 'policy', format('%I ON %s', p.polname, p.polrelid::regclass), 'it is on a table of extension ' || m.extension, '3256:' || p.oid || ':0'
    FROM pg_policy AS p JOIN member AS m ON m.oid = p.polrelid
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 3256 AND d.objid = p.oid AND d.deptype = 'e')
  )
  SELECT f.kind, f.identity, f.reason, f.address FROM found AS f ORDER BY f.kind COLLATE "C", f.identity COLLATE "C"
$facts$;
COMMENT ON FUNCTION steward.uncompared() IS
'What is in this database and in no snapshot: kind, name, why, address (catalog:oid:0). Of settings and subscriptions the name only. Locks: AccessShareLock on catalogs.';
