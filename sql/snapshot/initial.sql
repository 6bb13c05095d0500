-- Facts of privileges that are not what the server itself, or the script of an extension, gave: on objects that are no facts. What
-- they were at first stands in pg_init_privs, for pg_dump, or is what the kind and the owner give; of information_schema nobody notes it.
CREATE FUNCTION steward.initial_privilege_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  WITH member AS MATERIALIZED (
    SELECT d.classid, d.objid, 'extension ' || quote_ident(e.extname) AS extension, e.extname = 'pg_steward' AS own
    FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
    WHERE d.refclassid = 3079 AND d.deptype = 'e' AND d.objsubid = 0
  ), subject (class, oid, part, schema, code, owner, acl, own_acl) AS (
    SELECT 1259, c.oid, 0, c.relnamespace, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END, c.relowner, c.relacl, i.initprivs
    FROM pg_class AS c LEFT JOIN pg_init_privs AS i ON i.classoid = 1259 AND i.objoid = c.oid AND i.objsubid = 0
    WHERE c.relacl IS DISTINCT FROM i.initprivs
    UNION ALL
    SELECT 1259, a.attrelid, a.attnum, c.relnamespace, 'c', c.relowner, a.attacl, i.initprivs
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    LEFT JOIN pg_init_privs AS i ON i.classoid = 1259 AND i.objoid = a.attrelid AND i.objsubid = a.attnum
    WHERE a.attacl IS NOT NULL AND a.attacl IS DISTINCT FROM i.initprivs
    UNION ALL  -- whose last privilege was taken away
    SELECT 1259, a.attrelid, a.attnum, c.relnamespace, 'c', c.relowner, NULL, i.initprivs
    FROM pg_init_privs AS i JOIN pg_attribute AS a ON a.attrelid = i.objoid AND a.attnum = i.objsubid AND a.attacl IS NULL
    JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE i.classoid = 1259 AND i.objsubid > 0
    UNION ALL
    SELECT 1255, p.oid, 0, p.pronamespace, 'f', p.proowner, p.proacl, i.initprivs
    FROM pg_proc AS p LEFT JOIN pg_init_privs AS i ON i.classoid = 1255 AND i.objoid = p.oid
    WHERE p.proacl IS DISTINCT FROM i.initprivs
    UNION ALL
    SELECT 1247, t.oid, 0, t.typnamespace, 'T', t.typowner, t.typacl, i.initprivs
    FROM pg_type AS t LEFT JOIN pg_init_privs AS i ON i.classoid = 1247 AND i.objoid = t.oid
    WHERE t.typacl IS DISTINCT FROM i.initprivs
    UNION ALL
    SELECT 2615, n.oid, 0, n.oid, 'n', n.nspowner, n.nspacl, i.initprivs
    FROM pg_namespace AS n LEFT JOIN pg_init_privs AS i ON i.classoid = 2615 AND i.objoid = n.oid
    WHERE n.nspacl IS DISTINCT FROM i.initprivs AND n.oid <> 2200
    UNION ALL
    SELECT 2612, l.oid, 0, 11, 'l', l.lanowner, l.lanacl, i.initprivs
    FROM pg_language AS l LEFT JOIN pg_init_privs AS i ON i.classoid = 2612 AND i.objoid = l.oid
    WHERE l.lanacl IS DISTINCT FROM i.initprivs
    UNION ALL
    SELECT 2328, w.oid, 0, 11, 'F', w.fdwowner, w.fdwacl, i.initprivs
    FROM pg_foreign_data_wrapper AS w LEFT JOIN pg_init_privs AS i ON i.classoid = 2328 AND i.objoid = w.oid
    WHERE w.fdwacl IS DISTINCT FROM i.initprivs
    UNION ALL
    SELECT 1417, s.oid, 0, 11, 'S', s.srvowner, s.srvacl, i.initprivs
    FROM pg_foreign_server AS s LEFT JOIN pg_init_privs AS i ON i.classoid = 1417 AND i.objoid = s.oid
    WHERE s.srvacl IS DISTINCT FROM i.initprivs
  ), changed AS MATERIALIZED (
    SELECT s.class, s.oid, s.part, m.extension, s.code, acldefault(s.code::"char", s.owner) AS complete, a.own, a.acl
    FROM subject AS s LEFT JOIN member AS m ON m.classid = s.class::oid AND m.objid = s.oid
    CROSS JOIN LATERAL (VALUES (true, coalesce(s.own_acl, acldefault(s.code::"char", s.owner))),
                               (false, coalesce(s.acl, acldefault(s.code::"char", s.owner)))) AS a (own, acl)
    WHERE m.own IS FALSE OR m.own IS NULL AND s.oid < 16384 AND s.schema = 11
  ), held AS (
    SELECT c.class, c.oid, c.part, c.own, x.grantee,
           array_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END ORDER BY x.privilege_type COLLATE "C") AS words
    FROM changed AS c CROSS JOIN LATERAL (SELECT e.grantee, e.privilege_type, bool_or(e.is_grantable) AS is_grantable
                                          FROM aclexplode(nullif(c.acl, '{}')) AS e GROUP BY 1, 2) AS x
    GROUP BY 1, 2, 3, 4, 5
  ), complete AS (
    SELECT DISTINCT c.class, c.oid, (SELECT array_agg(DISTINCT e.privilege_type COLLATE "C" ORDER BY e.privilege_type COLLATE "C")
                                     FROM aclexplode(c.complete) AS e) AS words
    FROM changed AS c WHERE c.code <> 'c'
  ), word AS (
    SELECT h.class, h.oid, h.own, h.grantee, h.part, w.n,
           CASE WHEN h.part = 0 THEN w.word
                ELSE format('%s (%I)%s', rtrim(w.word, '*'), (SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = h.oid AND a.attnum = h.part),
                            CASE WHEN w.word LIKE '%*' THEN '*' ELSE '' END) END AS word
    FROM held AS h LEFT JOIN complete AS c ON c.class = h.class AND c.oid = h.oid AND h.part = 0
    CROSS JOIN LATERAL unnest(CASE WHEN c.words <> '{USAGE}' AND c.words = h.words THEN '{ALL}'
                                   WHEN c.words <> '{USAGE}' AND (SELECT array_agg(one || '*') FROM unnest(c.words) AS one) = h.words
                                   THEN '{ALL*}' ELSE h.words END) WITH ORDINALITY AS w (word, n)
  ), pair AS (
    SELECT w.class, w.oid, w.grantee,
           coalesce(jsonb_agg(w.word ORDER BY w.part, w.n) FILTER (WHERE NOT w.own), '[]') AS acl,
           coalesce(jsonb_agg(w.word ORDER BY w.part, w.n) FILTER (WHERE w.own), '[]') AS acl_default
    FROM word AS w GROUP BY 1, 2, 3
  ), said AS (
    SELECT p.class, p.oid, jsonb_object_agg(g.name, p.acl) AS acl, jsonb_object_agg(g.name, p.acl_default) AS acl_default
    FROM pair AS p
    CROSS JOIN LATERAL (SELECT CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(p.grantee)) END) AS g (name)
    WHERE p.acl <> p.acl_default
    GROUP BY 1, 2
  )
  SELECT 'privileges', o.type || ' ' || o.identity,
         (SELECT m.extension FROM member AS m WHERE m.classid = s.class::oid AND m.objid = s.oid), s.class || ':' || s.oid || ':acl',
         jsonb_build_object('acl', s.acl, 'acl_default', s.acl_default,
           'target', CASE o.type WHEN 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER' WHEN 'server' THEN 'FOREIGN SERVER'
                                 WHEN 'aggregate' THEN 'FUNCTION' WHEN 'view' THEN 'TABLE' WHEN 'materialized view' THEN 'TABLE'
                                 WHEN 'foreign table' THEN 'TABLE' ELSE upper(o.type) END || ' ' || o.identity)
  FROM said AS s CROSS JOIN LATERAL pg_identify_object(s.class, s.oid, 0) AS o
$facts$;
COMMENT ON FUNCTION steward.initial_privilege_facts() IS
'Facts of privileges on members of extensions and on the server''s own objects, where they are not what these came with: of each grantee that differs what it has, and had.';
