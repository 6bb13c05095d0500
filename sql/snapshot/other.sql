-- Facts of what is rarely written: collations, casts, operators, text search, languages, conversions, transforms,
-- access methods, operator classes and families. Each carries the statement that makes it.
CREATE FUNCTION steward.other_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  WITH named AS (
    SELECT n.oid, n.nspname FROM pg_namespace AS n
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
  ), member (owner, oid, clause, place) AS (
    -- Operators and functions: of a class where one needs them, of the family alone otherwise.
    SELECT d.refclassid, d.refobjid, format('OPERATOR %s %s', o.amopstrategy, o.amopopr::regoperator)
             || coalesce((SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname) FROM pg_opfamily AS s
                          JOIN pg_namespace AS sn ON sn.oid = s.opfnamespace WHERE s.oid = o.amopsortfamily), ''),
           format('1 %s %s %s', lpad(o.amopstrategy::text, 5), format_type(o.amoplefttype, NULL), format_type(o.amoprighttype, NULL)) COLLATE "C"
    FROM pg_amop AS o JOIN pg_depend AS d ON d.classid = 2602 AND d.objid = o.oid
    WHERE o.oid >= 16384 AND (d.refclassid = 2616 OR d.refclassid = 2753 AND d.refobjid = o.amopfamily)
    UNION ALL
    SELECT d.refclassid, d.refobjid, format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                                            format_type(p.amprocrighttype, NULL), p.amproc::oid::regprocedure),
           format('2 %s %s %s', lpad(p.amprocnum::text, 5), format_type(p.amproclefttype, NULL), format_type(p.amprocrighttype, NULL))
    FROM pg_amproc AS p JOIN pg_depend AS d ON d.classid = 2603 AND d.objid = p.oid
    WHERE p.oid >= 16384 AND (d.refclassid = 2616 OR d.refclassid = 2753 AND d.refobjid = p.amprocfamily)
  ), found (class, kind, identity, parent, oid, definition) AS (
    SELECT 3456, 'collation', format('%I.%I', n.nspname, c.collname), n.nspname, c.oid, jsonb_build_object(
             'owner', quote_ident(pg_get_userbyid(c.collowner)),
             'create', format('CREATE COLLATION %I.%I (%s)', n.nspname, c.collname, concat_ws(', ',
               'provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
               'locale = ' || quote_literal(coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale',
                                                     CASE WHEN c.collcollate = c.collctype THEN c.collcollate END)),
               CASE WHEN c.collcollate <> c.collctype THEN
                 format('lc_collate = %L, lc_ctype = %L', c.collcollate, c.collctype) END,
               CASE WHEN NOT c.collisdeterministic THEN 'deterministic = false' END,
               'rules = ' || quote_literal(to_jsonb(c) ->> 'collicurules'))))
    FROM pg_collation AS c JOIN named AS n ON n.oid = c.collnamespace
    UNION ALL
    SELECT 2605, 'cast', format('(%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)), NULL, c.oid,
           jsonb_build_object('create', format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
             CASE c.castmethod WHEN 'i' THEN 'WITH INOUT' WHEN 'b' THEN 'WITHOUT FUNCTION'
                               ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure END,
             CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END))
    FROM pg_cast AS c WHERE c.oid >= 16384
    UNION ALL
    SELECT 2617, 'operator', format('%I.%s (%s, %s)', n.nspname, o.oprname,
             CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, format_type(o.oprright, NULL)), n.nspname, o.oid,
           jsonb_build_object('owner', quote_ident(pg_get_userbyid(o.oprowner)),
             'create', format('CREATE OPERATOR %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ',
               'FUNCTION = ' || o.oprcode::regproc,
               CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
               'RIGHTARG = ' || format_type(o.oprright, NULL),
               (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname) FROM pg_operator AS c
                JOIN pg_namespace AS cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprcom),
               (SELECT format('NEGATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname) FROM pg_operator AS c
                JOIN pg_namespace AS cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
               'RESTRICT = ' || nullif(o.oprrest::oid, 0)::regproc, 'JOIN = ' || nullif(o.oprjoin::oid, 0)::regproc,
               CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END)))
    FROM pg_operator AS o JOIN named AS n ON n.oid = o.oprnamespace
    WHERE o.oprcode <> 0  -- otherwise only named by another one
    UNION ALL
    SELECT 2616, 'operator class', format('%I.%I USING %I', n.nspname, c.opcname, m.amname), n.nspname, c.oid,
           jsonb_build_object('owner', quote_ident(pg_get_userbyid(c.opcowner)),
             'create', format(E'CREATE OPERATOR CLASS %I.%I %sFOR TYPE %s USING %I FAMILY %I.%I AS\n  %s', n.nspname, c.opcname,
               CASE WHEN c.opcdefault THEN 'DEFAULT ' ELSE '' END, format_type(c.opcintype, NULL), m.amname, fn.nspname, f.opfname,
               concat_ws(E',\n  ', (SELECT string_agg(x.clause, E',\n  ' ORDER BY x.place) FROM member AS x WHERE x.owner = 2616 AND x.oid = c.oid),
                                   'STORAGE ' || format_type(CASE WHEN c.opckeytype <> 0 THEN c.opckeytype ELSE c.opcintype END, NULL))))
    FROM pg_opclass AS c JOIN named AS n ON n.oid = c.opcnamespace JOIN pg_am AS m ON m.oid = c.opcmethod
    JOIN pg_opfamily AS f ON f.oid = c.opcfamily JOIN pg_namespace AS fn ON fn.oid = f.opfnamespace
    UNION ALL
    SELECT 2753, 'operator family', format('%I.%I USING %I', n.nspname, f.opfname, m.amname), n.nspname, f.oid,
           jsonb_build_object('owner', quote_ident(pg_get_userbyid(f.opfowner)),
             'create', format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname) ||
               coalesce((SELECT format(E';\nALTER OPERATOR FAMILY %I.%I USING %I ADD\n  ', n.nspname, f.opfname, m.amname)
                                || string_agg(x.clause, E',\n  ' ORDER BY x.place)
                         FROM member AS x WHERE x.owner = 2753 AND x.oid = f.oid HAVING count(*) > 0), ''))
    FROM pg_opfamily AS f JOIN named AS n ON n.oid = f.opfnamespace JOIN pg_am AS m ON m.oid = f.opfmethod
    UNION ALL
    SELECT 3602, 'text search configuration', format('%I.%I', n.nspname, c.cfgname), n.nspname, c.oid,
           jsonb_build_object('owner', quote_ident(pg_get_userbyid(c.cfgowner)),
             'create', format(E'CREATE TEXT SEARCH CONFIGURATION %1$I.%2$I (PARSER = %3$I.%4$I)%5$s', n.nspname, c.cfgname, pn.nspname, p.prsname,
               (SELECT string_agg(format(E';\nALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s', n.nspname, c.cfgname, t.alias, m.list),
                                  '' ORDER BY t.tokid)
                FROM (SELECT g.maptokentype, string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY g.mapseqno) AS list
                      FROM pg_ts_config_map AS g JOIN pg_ts_dict AS d ON d.oid = g.mapdict
                      JOIN pg_namespace AS dn ON dn.oid = d.dictnamespace WHERE g.mapcfg = c.oid GROUP BY 1) AS m
                JOIN ts_token_type(c.cfgparser) AS t ON t.tokid = m.maptokentype)))
    FROM pg_ts_config AS c JOIN named AS n ON n.oid = c.cfgnamespace JOIN pg_ts_parser AS p ON p.oid = c.cfgparser
    JOIN pg_namespace AS pn ON pn.oid = p.prsnamespace
    UNION ALL
    SELECT 3600, 'text search dictionary', format('%I.%I', n.nspname, d.dictname), n.nspname, d.oid,
           jsonb_build_object('owner', quote_ident(pg_get_userbyid(d.dictowner)),
             'create', format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)', n.nspname, d.dictname, tn.nspname, t.tmplname,
                              ', ' || d.dictinitoption))
    FROM pg_ts_dict AS d JOIN named AS n ON n.oid = d.dictnamespace JOIN pg_ts_template AS t ON t.oid = d.dicttemplate
    JOIN pg_namespace AS tn ON tn.oid = t.tmplnamespace
    UNION ALL
    SELECT 3764, 'text search template', format('%I.%I', n.nspname, t.tmplname), n.nspname, t.oid,
           jsonb_build_object('create', format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)', n.nspname, t.tmplname,
             concat_ws(', ', 'INIT = ' || nullif(t.tmplinit::oid, 0)::regproc, 'LEXIZE = ' || t.tmpllexize)))
    FROM pg_ts_template AS t JOIN named AS n ON n.oid = t.tmplnamespace
    UNION ALL
    SELECT 3601, 'text search parser', format('%I.%I', n.nspname, p.prsname), n.nspname, p.oid,
           jsonb_build_object('create', format('CREATE TEXT SEARCH PARSER %I.%I (%s)', n.nspname, p.prsname,
             concat_ws(', ', 'START = ' || p.prsstart, 'GETTOKEN = ' || p.prstoken, 'END = ' || p.prsend,
                       'LEXTYPES = ' || p.prslextype, 'HEADLINE = ' || nullif(p.prsheadline::oid, 0)::regproc)))
    FROM pg_ts_parser AS p JOIN named AS n ON n.oid = p.prsnamespace
    UNION ALL
    SELECT 2607, 'conversion', format('%I.%I', n.nspname, c.conname), n.nspname, c.oid,
           jsonb_build_object('owner', quote_ident(pg_get_userbyid(c.conowner)),
             'create', format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END,
               n.nspname, c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc))
    FROM pg_conversion AS c JOIN named AS n ON n.oid = c.connamespace
    UNION ALL
    SELECT 2612, 'language', quote_ident(l.lanname), NULL, l.oid,
           jsonb_build_object('owner', quote_ident(pg_get_userbyid(l.lanowner)),
             'create', format('CREATE %sLANGUAGE %I%s%s%s', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END, l.lanname,
               ' HANDLER ' || nullif(l.lanplcallfoid, 0)::regproc, ' INLINE ' || nullif(l.laninline, 0)::regproc,
               ' VALIDATOR ' || nullif(l.lanvalidator, 0)::regproc))
    FROM pg_language AS l WHERE l.lanispl AND l.lanname <> 'plpgsql'
    UNION ALL
    SELECT 2601, 'access method', quote_ident(m.amname), NULL, m.oid,
           jsonb_build_object('create', format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', m.amname,
             CASE m.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END, m.amhandler))
    FROM pg_am AS m WHERE m.oid >= 16384
    UNION ALL
    SELECT 3576, 'transform', format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname), NULL, t.oid,
           jsonb_build_object('create', format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(t.trftype, NULL), l.lanname,
             concat_ws(', ', 'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql::oid, 0)::regprocedure,
                       'TO SQL WITH FUNCTION ' || nullif(t.trftosql::oid, 0)::regprocedure)))
    FROM pg_transform AS t JOIN pg_language AS l ON l.oid = t.trflang
  )
  SELECT f.kind, f.identity, 'schema ' || quote_ident(f.parent), f.class || ':' || f.oid || ':0', jsonb_strip_nulls(f.definition)
  FROM found AS f
  WHERE NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = f.class::oid AND d.objid = f.oid AND (d.deptype = 'e' OR f.class = 2605 AND d.deptype = 'i'))
$facts$;
COMMENT ON FUNCTION steward.other_facts() IS
'Facts of collations, casts, operators, text search objects, languages, conversions, transforms and access methods: operator classes and families: owner and the statement that makes it.';
