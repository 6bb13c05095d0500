-- Facts of functions, procedures and aggregates. shape is what CREATE OR REPLACE cannot change.
CREATE FUNCTION steward.routine_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
         format('%I.%I(%s)', n.nspname, p.proname,
                CASE p.prokind
                  WHEN 'a' THEN CASE WHEN p.pronargs = 0 THEN '*' WHEN a.aggkind = 'n' THEN types.list
                                     ELSE pg_get_function_identity_arguments(p.oid) END
                  ELSE types.list END),
         'schema ' || quote_ident(n.nspname), '1255:' || p.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(p.proowner)),
           'definition', CASE WHEN p.prokind <> 'a' THEN rtrim(pg_get_functiondef(p.oid), E' \n') END,
           'shape', CASE WHEN p.prokind = 'a' THEN NULL
                         ELSE p.prokind::text || ' ' || p.proretset::text || ' ' || coalesce(pg_get_function_result(p.oid), '') || ' (' ||
                              coalesce(array_to_string(p.proargnames, ',', ''), '') || ') ' ||
                              coalesce(array_to_string(p.proargmodes, '') || (
                                SELECT string_agg(' ' || format_type(u.type, NULL), ',' ORDER BY u.n)
                                FROM unnest(p.proallargtypes) WITH ORDINALITY AS u (type, n)), '') END,
           'defaults', nullif(p.pronargdefaults, 0),
           'body', CASE WHEN p.prokind <> 'a' AND p.prosqlbody IS NULL AND l.lanname NOT IN ('internal', 'c') THEN p.prosrc END,
           'aggregate', CASE WHEN p.prokind = 'a' THEN (
             SELECT string_agg(o.clause, ', ' ORDER BY o.n)
             FROM (VALUES
               (1, 'SFUNC = ' || a.aggtransfn::regproc::text),
               (2, 'STYPE = ' || format_type(a.aggtranstype, NULL)),
               (3, 'SSPACE = ' || nullif(a.aggtransspace, 0)),
               (4, 'FINALFUNC = ' || nullif(a.aggfinalfn::oid, 0)::regproc::text),
               (5, CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END),
               (6, CASE WHEN a.aggfinalfn <> 0 AND a.aggfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END::"char" THEN
                     'FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                                                    ELSE 'READ_WRITE' END END),
               (7, 'COMBINEFUNC = ' || nullif(a.aggcombinefn::oid, 0)::regproc::text),
               (8, 'SERIALFUNC = ' || nullif(a.aggserialfn::oid, 0)::regproc::text),
               (9, 'DESERIALFUNC = ' || nullif(a.aggdeserialfn::oid, 0)::regproc::text),
               (10, 'INITCOND = ' || quote_literal(a.agginitval)),
               (11, 'MSFUNC = ' || nullif(a.aggmtransfn::oid, 0)::regproc::text),
               (12, 'MINVFUNC = ' || nullif(a.aggminvtransfn::oid, 0)::regproc::text),
               (13, 'MSTYPE = ' || CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END),
               (14, 'MSSPACE = ' || nullif(a.aggmtransspace, 0)),
               (15, 'MFINALFUNC = ' || nullif(a.aggmfinalfn::oid, 0)::regproc::text),
               (16, CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END),
               (17, 'MINITCOND = ' || quote_literal(a.aggminitval)),
               (18, 'SORTOP = ' || (SELECT format('OPERATOR(%I.%s)', sn.nspname, s.oprname) FROM pg_operator AS s
                                    JOIN pg_namespace AS sn ON sn.oid = s.oprnamespace WHERE s.oid = a.aggsortop)),
               (19, CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END),
               (20, CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END)
             ) AS o (n, clause) WHERE o.clause IS NOT NULL) END,
           'arguments', CASE WHEN p.prokind = 'a' THEN
             CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END END))
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang
  LEFT JOIN pg_aggregate AS a ON a.aggfnoid = p.oid
  CROSS JOIN LATERAL (SELECT coalesce(string_agg(format_type(u.type, NULL), ', ' ORDER BY u.n), '')
                      FROM unnest(p.proargtypes) WITH ORDINALITY AS u (type, n)) AS types (list)
  WHERE /* of p.oid */ n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
$facts$;
COMMENT ON FUNCTION steward.routine_facts() IS
'Facts of functions, procedures and aggregates: owner, definition, the part of it that CREATE OR REPLACE cannot change, and the body where the server does not know what it depends on.';
