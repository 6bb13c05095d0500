-- Privileges, as an attribute of what they are on, and the facts of default privileges. acl is left out where it is
-- what an owner has anyway; acl_default is that, to tell the one from the other. A grantee who has all privileges of
-- the kind is said to have ALL: which they are differs between releases of the server. (aclexplode takes no empty array.)
CREATE FUNCTION steward.privilege_attributes()
RETURNS TABLE (address text, name text, value jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  WITH given (address, owner, acl, standard) AS (
    SELECT '1259:' || oid || ':0', relowner, relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)
    FROM pg_class WHERE /* of oid */ relacl IS NOT NULL AND oid >= 16384
    UNION ALL
    SELECT '1259:' || attrelid || ':' || attnum, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = attrelid), attacl, '{}'
    FROM pg_attribute WHERE /* of attrelid */ attacl IS NOT NULL AND attrelid >= 16384
    UNION ALL
    SELECT '1255:' || oid || ':0', proowner, proacl, acldefault('f', proowner) FROM pg_proc WHERE /* of oid */ proacl IS NOT NULL AND oid >= 16384
    UNION ALL
    SELECT '1247:' || oid || ':0', typowner, typacl, acldefault('T', typowner) FROM pg_type WHERE /* of oid */ typacl IS NOT NULL AND oid >= 16384
    UNION ALL
    -- public and its privileges are the server's own until somebody changes them.
    SELECT '2615:' || oid || ':0', nspowner, nspacl,
           CASE oid WHEN 2200 THEN (SELECT initprivs FROM pg_init_privs AS i WHERE i.classoid = 2615 AND i.objoid = 2200)
                    ELSE acldefault('n', nspowner) END
    FROM pg_namespace WHERE /* of oid */ nspacl IS NOT NULL
    UNION ALL
    SELECT '2612:' || oid || ':0', lanowner, lanacl, acldefault('l', lanowner) FROM pg_language WHERE lanacl IS NOT NULL
    UNION ALL
    SELECT '2328:' || oid || ':0', fdwowner, fdwacl, acldefault('F', fdwowner) FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT '1417:' || oid || ':0', srvowner, srvacl, acldefault('S', srvowner) FROM pg_foreign_server WHERE srvacl IS NOT NULL
    UNION ALL
    -- The sequence of an identity is told of with its column.
    SELECT '1259:' || d.refobjid || ':' || d.refobjsubid || ':sequence', c.relowner, c.relacl, acldefault('s', c.relowner)
    FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid
    WHERE /* of d.refobjid */ d.classid = 1259 AND d.refclassid = 1259 AND d.refobjsubid > 0 AND d.deptype = 'i'
      AND c.relkind = 'S' AND c.relacl IS NOT NULL AND c.oid >= 16384
  ), granted AS (
    SELECT g.address, a.which, x.grantee, array_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END
                                                    ORDER BY x.privilege_type COLLATE "C") AS held
    FROM given AS g
    CROSS JOIN LATERAL (VALUES ('acl', g.acl), ('acl_default', g.standard)) AS a (which, acl)
    CROSS JOIN LATERAL (SELECT e.grantee, e.privilege_type, bool_or(e.is_grantable) AS is_grantable
                        FROM aclexplode(nullif(a.acl, '{}')) AS e WHERE a.which = 'acl_default' OR e.grantor = g.owner GROUP BY 1, 2) AS x
    GROUP BY 1, 2, 3
  ), complete AS (
    SELECT g.address, array_agg(DISTINCT x.privilege_type COLLATE "C" ORDER BY x.privilege_type COLLATE "C") AS held
    FROM given AS g CROSS JOIN LATERAL aclexplode(nullif(g.standard, '{}')) AS x
    GROUP BY 1
  ), said AS (
    SELECT g.address, g.which,
           jsonb_object_agg(CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
             CASE WHEN c.held <> '{USAGE}' AND c.held = g.held THEN '["ALL"]'
                  WHEN c.held <> '{USAGE}' AND (SELECT array_agg(h || '*') FROM unnest(c.held) AS h) = g.held THEN '["ALL*"]'
                  ELSE to_jsonb(g.held) END) AS acl
    FROM granted AS g LEFT JOIN complete AS c USING (address)
    GROUP BY 1, 2
  ), pair AS (
    SELECT g.address, coalesce((SELECT s.acl FROM said AS s WHERE s.address = g.address AND s.which = 'acl'), '{}') AS acl,
           coalesce((SELECT s.acl FROM said AS s WHERE s.address = g.address AND s.which = 'acl_default'), '{}') AS standard
    FROM given AS g
  ), passed AS (
    SELECT g.address, quote_ident(pg_get_userbyid(x.grantor)) AS grantor,
           CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee,
           jsonb_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END ORDER BY x.privilege_type COLLATE "C") AS held
    FROM given AS g CROSS JOIN LATERAL aclexplode(nullif(g.acl, '{}')) AS x
    WHERE x.grantor <> g.owner GROUP BY 1, 2, 3
  ), passed_by AS (
    SELECT p.address, p.grantor, jsonb_object_agg(p.grantee, p.held) AS held FROM passed AS p GROUP BY 1, 2
  )
  SELECT replace(p.address, ':sequence', ''), CASE WHEN p.address LIKE '%:sequence' THEN 'sequence_' ELSE '' END || 'passed_on',
         jsonb_object_agg(p.grantor, p.held) FROM passed_by AS p GROUP BY p.address
  UNION ALL
  SELECT replace(p.address, ':sequence', ''), CASE WHEN p.address LIKE '%:sequence' THEN 'sequence_' ELSE '' END || a.name, a.value FROM pair AS p
  CROSS JOIN LATERAL (VALUES ('acl', p.acl), ('acl_default', p.standard)) AS a (name, value)
  WHERE p.acl <> p.standard
$facts$;
COMMENT ON FUNCTION steward.privilege_attributes() IS
'Who may do what with each object, where that is not what its kind and owner give: {"grantee": ["SELECT", "INSERT*"]}, * for the grant option. What others than the owner granted is passed_on, by who did: {"grantor": {"grantee": ["SELECT"]}}. Of an identitys sequence the names begin with sequence_.';

CREATE FUNCTION steward.default_privilege_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'default privileges',
         format('FOR ROLE %I%s ON %s', pg_get_userbyid(d.defaclrole), ' IN SCHEMA ' || quote_ident(n.nspname), o.objects),
         'schema ' || quote_ident(n.nspname), '826:' || d.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'objects', o.objects, 'role', quote_ident(pg_get_userbyid(d.defaclrole)), 'schema', quote_ident(n.nspname),
           'acl', (SELECT coalesce(jsonb_object_agg(g.grantee, g.held), '{}') FROM (
             SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee,
                    jsonb_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END ORDER BY x.privilege_type COLLATE "C") AS held
             FROM aclexplode(nullif(d.defaclacl, '{}')) AS x GROUP BY 1) AS g),
           'acl_default', (SELECT coalesce(jsonb_object_agg(g.grantee, g.held), '{}') FROM (
             SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee,
                    jsonb_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END ORDER BY x.privilege_type COLLATE "C") AS held
             FROM aclexplode(CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END) AS x
             GROUP BY 1) AS g)))
  FROM pg_default_acl AS d LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
  CROSS JOIN LATERAL (SELECT CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                                  WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END) AS o (objects)
$facts$;
COMMENT ON FUNCTION steward.default_privilege_facts() IS 'Facts of ALTER DEFAULT PRIVILEGES: role, schema, kind of object, and what is granted.';
