-- The tally: a sum (XOR of hashes) over the versions of the catalogs' rows, which tells in milliseconds that a schema is untouched, or
-- which of its objects were touched. A version is the row's key, xmin and cmin: VACUUM, FREEZE, ANALYZE and new places of the
-- rows leave them, each change makes another, and what was restored from a dump has none of the old ones. So equal tallies
-- mean that nothing changed; other ones mean no more than: look.
-- Of relations, the indexes with their tables: by far the most rows. (The extension has it in C++.)
CREATE FUNCTION steward.relation_tallies(schemas oid[]) RETURNS TABLE (class oid, object oid, tally bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
  WITH relation AS MATERIALIZED (
    SELECT c.oid, CASE c.relkind WHEN 'c' THEN 1247 ELSE 1259 END::oid AS class,
           CASE c.relkind WHEN 'c' THEN c.reltype ELSE coalesce(i.indrelid, c.oid) END AS object
    FROM pg_class AS c LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
    WHERE c.relnamespace = ANY (schemas)
  ), part (oid, version) AS (
    SELECT c.oid, hash_record_extended(ROW(c.oid, c.xmin, c.cmin), 1259) FROM pg_class AS c WHERE c.oid >= 16384 AND c.relnamespace <> 99
    UNION ALL
    SELECT a.attrelid, hash_record_extended(ROW(a.attrelid, a.attnum, a.xmin, a.cmin), 1249)
    FROM pg_attribute AS a
    WHERE a.attrelid >= 16384 AND a.attnum > 0  -- of an index's column nothing else can be changed
      AND (a.attstattarget >= 0 OR a.attrelid IN (SELECT c.oid FROM pg_class AS c WHERE c.relkind NOT IN ('i', 'I', 't')))
    UNION ALL
    SELECT i.indrelid, hash_record_extended(ROW(i.indexrelid, i.xmin, i.cmin), 2610) FROM pg_index AS i WHERE i.indrelid >= 16384
    UNION ALL
    SELECT d.adrelid, hash_record_extended(ROW(d.oid, d.xmin, d.cmin), 2604) FROM pg_attrdef AS d
    UNION ALL
    SELECT i.inhrelid, hash_record_extended(ROW(i.inhrelid, i.inhparent, i.xmin, i.cmin), 2611) FROM pg_inherits AS i
    UNION ALL
    SELECT g.tgrelid, hash_record_extended(ROW(g.oid, g.xmin, g.cmin), 2620) FROM pg_trigger AS g WHERE NOT g.tgisinternal
    UNION ALL
    SELECT p.polrelid, hash_record_extended(ROW(p.oid, p.xmin, p.cmin), 3256) FROM pg_policy AS p
    UNION ALL
    SELECT w.ev_class, hash_record_extended(ROW(w.oid, w.xmin, w.cmin), 2618) FROM pg_rewrite AS w WHERE w.ev_class >= 16384
    UNION ALL
    SELECT q.seqrelid, hash_record_extended(ROW(q.seqrelid, q.xmin, q.cmin), 2224) FROM pg_sequence AS q
    UNION ALL
    SELECT f.ftrelid, hash_record_extended(ROW(f.ftrelid, f.xmin, f.cmin), 3118) FROM pg_foreign_table AS f
    UNION ALL
    SELECT k.conrelid, hash_record_extended(ROW(k.oid, k.xmin, k.cmin), 2606) FROM pg_constraint AS k WHERE k.conrelid >= 16384
    UNION ALL
    SELECT CASE d.classoid WHEN 1259 THEN d.objoid ELSE coalesce(k.conrelid, g.tgrelid, p.polrelid, w.ev_class) END,
           hash_record_extended(ROW(d.classoid, d.objoid, d.objsubid, d.xmin, d.cmin), 2609)
    FROM pg_description AS d
    LEFT JOIN pg_constraint AS k ON d.classoid = 2606 AND k.oid = d.objoid
    LEFT JOIN pg_trigger AS g ON d.classoid = 2620 AND g.oid = d.objoid
    LEFT JOIN pg_policy AS p ON d.classoid = 3256 AND p.oid = d.objoid
    LEFT JOIN pg_rewrite AS w ON d.classoid = 2618 AND w.oid = d.objoid
    WHERE d.classoid IN (1259, 2606, 2620, 3256, 2618) AND d.objoid >= 16384
  )
  SELECT r.class, r.object, bit_xor(p.version) FROM part AS p JOIN relation AS r ON r.oid = p.oid GROUP BY 1, 2
$$;
COMMENT ON FUNCTION steward.relation_tallies(oid[]) IS
'steward.tallies() of the relations in these schemas, without which column a sequence belongs to. Locks: AccessShareLock on catalogs.';

-- What is counted under class 0 is in the texts of any other object: a change there concerns all of them, as what happens to members of
-- extensions may. Roles and tablespaces are the cluster's: of them the names count, and of roles only those that are named here.
CREATE FUNCTION steward.tallies() RETURNS TABLE (class oid, object oid, tally bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $facts$
  WITH own AS MATERIALIZED (
    SELECT n.oid FROM pg_namespace AS n WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
  ), member AS MATERIALIZED (
    SELECT d.classid AS class, d.objid AS oid FROM pg_depend AS d WHERE d.refclassid = 3079 AND d.deptype = 'e' AND d.objsubid = 0
  ), counted (class, object, version) AS (
    SELECT r.class, r.object, r.tally FROM steward.relation_tallies(ARRAY(SELECT o.oid FROM own AS o)) AS r
    UNION ALL
    -- Which column a sequence belongs to stands nowhere else.
    SELECT 1259, q.seqrelid, hash_record_extended(ROW(d.objid, d.refobjid, d.refobjsubid, d.deptype), 2608)
    FROM pg_sequence AS q JOIN pg_class AS c ON c.oid = q.seqrelid JOIN own ON own.oid = c.relnamespace
    JOIN pg_depend AS d ON d.classid = 1259 AND d.objid = q.seqrelid
    WHERE d.refclassid = 1259 AND d.refobjsubid > 0 AND d.objsubid = 0 AND d.deptype IN ('a', 'i')
    UNION ALL
    SELECT s.class, s.object, hash_record_extended(ROW(d.classoid, d.objoid, d.objsubid, d.xmin, d.cmin), 2609)
    FROM pg_description AS d LEFT JOIN pg_constraint AS k ON d.classoid = 2606 AND k.oid = d.objoid
    CROSS JOIN LATERAL (
      SELECT CASE WHEN k.oid IS NOT NULL THEN 1247 WHEN d.classoid IN (1247, 1255, 3381, 6104, 2615) THEN d.classoid ELSE 0 END,
             CASE WHEN k.oid IS NOT NULL THEN k.contypid WHEN d.classoid IN (1247, 1255, 3381, 6104, 2615) THEN d.objoid ELSE 0 END
    ) AS s (class, object)
    WHERE (d.objoid >= 16384 OR d.classoid = 2615 AND d.objoid = 2200) AND d.classoid NOT IN (1259, 2620, 3256, 2618)
      AND coalesce(k.contypid, 1) <> 0
      AND d.objoid <> (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = 'steward')
    UNION ALL
    SELECT 1247, k.contypid, hash_record_extended(ROW(k.oid, k.xmin, k.cmin), 2606) FROM pg_constraint AS k WHERE k.contypid >= 16384
    UNION ALL
    SELECT 1247, coalesce(r.rngtypid, t.oid), hash_record_extended(ROW(t.oid, t.xmin, t.cmin), 1247)
    FROM pg_type AS t JOIN own ON own.oid = t.typnamespace LEFT JOIN pg_range AS r ON r.rngmultitypid = t.oid
    WHERE t.typsubscript <> 'array_subscript_handler'::regproc
      AND (t.typrelid = 0 OR (SELECT c.relkind FROM pg_class AS c WHERE c.oid = t.typrelid) = 'c')
    UNION ALL
    SELECT 1247, e.enumtypid, hash_record_extended(ROW(e.oid, e.xmin, e.cmin), 3501) FROM pg_enum AS e
    UNION ALL
    SELECT 1247, r.rngtypid, hash_record_extended(ROW(r.rngtypid, r.xmin, r.cmin), 3541) FROM pg_range AS r WHERE r.rngtypid >= 16384
    UNION ALL
    SELECT 1255, p.oid, hash_record_extended(ROW(p.oid, p.xmin, p.cmin), 1255) FROM pg_proc AS p JOIN own ON own.oid = p.pronamespace
    UNION ALL
    SELECT 1255, a.aggfnoid::oid, hash_record_extended(ROW(a.aggfnoid::oid, a.xmin, a.cmin), 2600)
    FROM pg_aggregate AS a WHERE a.aggfnoid >= 16384
    UNION ALL
    SELECT 3381, s.oid, hash_record_extended(ROW(s.oid, s.xmin, s.cmin), 3381) FROM pg_statistic_ext AS s
    JOIN own ON own.oid = s.stxnamespace
    UNION ALL
    SELECT 6104, p.oid, hash_record_extended(ROW(p.oid, p.xmin, p.cmin), 6104) FROM pg_publication AS p
    UNION ALL
    SELECT 6104, p.prpubid, hash_record_extended(ROW(p.oid, p.xmin, p.cmin), 6106) FROM pg_publication_rel AS p
    UNION ALL
    SELECT 6104, p.pnpubid, hash_record_extended(ROW(p.oid, p.xmin, p.cmin), 6237) FROM pg_publication_namespace AS p
    UNION ALL
    SELECT 2615, n.oid, hash_record_extended(ROW(n.oid, n.xmin, n.cmin), 2615) FROM pg_namespace AS n JOIN own ON own.oid = n.oid
    UNION ALL
    SELECT 0, 0, everywhere.version
    FROM (
      SELECT hash_record_extended(ROW(d.classid, d.objid, d.refobjid, d.deptype), 2608) FROM pg_depend AS d
      WHERE d.refclassid = 3079 AND d.deptype IN ('e', 'x') UNION ALL
      -- What was granted on the server's own objects; their rows have new versions for other reasons.
      SELECT hash_record_extended(ROW(x.oid, x.relacl), 1259) FROM pg_class AS x WHERE x.relacl IS NOT NULL AND x.oid < 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.attrelid, x.attnum, x.attacl), 1249) FROM pg_attribute AS x
      WHERE x.attacl IS NOT NULL AND x.attrelid < 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.proacl), 1255) FROM pg_proc AS x WHERE x.proacl IS NOT NULL AND x.oid < 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.typacl), 1247) FROM pg_type AS x WHERE x.typacl IS NOT NULL AND x.oid < 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.nspacl), 2615) FROM pg_namespace AS x WHERE x.oid = 11 UNION ALL
      SELECT hash_record_extended(ROW(l.objoid, l.classoid, l.objsubid, l.provider, l.label), 3596) FROM pg_seclabel AS l UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 3079) FROM pg_extension AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 826) FROM pg_default_acl AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 3466) FROM pg_event_trigger AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2328) FROM pg_foreign_data_wrapper AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 1417) FROM pg_foreign_server AS x UNION ALL
      SELECT hash_record_extended(ROW(x.umid, x.umuser, x.umoptions), 1418) FROM pg_user_mappings AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 3456) FROM pg_collation AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2605) FROM pg_cast AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2617) FROM pg_operator AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2616) FROM pg_opclass AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2753) FROM pg_opfamily AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2602) FROM pg_amop AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2603) FROM pg_amproc AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 3602) FROM pg_ts_config AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.mapcfg, x.maptokentype, x.mapseqno, x.xmin, x.cmin), 3603)
      FROM pg_ts_config_map AS x WHERE x.mapcfg >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 3600) FROM pg_ts_dict AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 3764) FROM pg_ts_template AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 3601) FROM pg_ts_parser AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2607) FROM pg_conversion AS x WHERE x.oid >= 16384 UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2612) FROM pg_language AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 2601) FROM pg_am AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.xmin, x.cmin), 3576) FROM pg_transform AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.spcname), 1213) FROM pg_tablespace AS x UNION ALL
      SELECT hash_record_extended(ROW(x.oid, x.rolname), 1260) FROM pg_roles AS x
      WHERE x.oid = 10 OR x.oid IN (SELECT s.refobjid FROM pg_shdepend AS s
                                    WHERE s.refclassid = 1260
                                      AND s.dbid = (SELECT b.oid FROM pg_database AS b WHERE b.datname = current_database())) UNION ALL
      SELECT hash_record_extended(ROW(current_setting('server_version_num'),
                                      (SELECT x.extversion FROM pg_extension AS x WHERE x.extname = 'pg_steward')), 0)
    ) AS everywhere (version)
  )
  SELECT CASE WHEN m.oid IS NULL THEN c.class ELSE 0 END, CASE WHEN m.oid IS NULL THEN c.object ELSE 0 END, bit_xor(c.version)
  FROM counted AS c LEFT JOIN member AS m ON m.class = c.class AND m.oid = c.object
  GROUP BY 1, 2
$facts$;
COMMENT ON FUNCTION steward.tallies() IS
'For each object of the schema (its catalog and oid; 0 and 0 for what may concern all) a sum over the versions of the catalogs'' rows that make it. Equal: it was not touched. Locks: AccessShareLock on catalogs.';

CREATE FUNCTION steward.tally() RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT bit_xor(t.tally) FROM steward.tallies() AS t
$$;
COMMENT ON FUNCTION steward.tally() IS
'The tally of the whole schema: the same as before, and nothing in it was changed since. It means nothing in another database.';
