-- Ways around a table: views, materialized views, functions with another's rights, publications, rules, other sessions.
CREATE FUNCTION steward.reaching_views() RETURNS TABLE (relation regclass, view regclass)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE reach (relation, view) AS (
    SELECT i.relation, r.ev_class::regclass
    FROM steward.isolated AS i JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = i.relation
    JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.ev_class <> i.relation
    UNION
    SELECT reach.relation, r.ev_class::regclass
    FROM reach JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reach.view
    JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.ev_class <> reach.view)
  SELECT DISTINCT relation, view FROM reach
$$;
COMMENT ON FUNCTION steward.reaching_views() IS 'The views and materialized views that read an isolated table, directly or through others.';

CREATE FUNCTION steward.bypassing_views() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.relation, v.view::text, CASE c.relkind WHEN 'm' THEN 'materialized_view' ELSE 'view_bypasses' END,
         CASE WHEN EXISTS (SELECT FROM steward.privileges(v.view) AS g WHERE steward.is_bound(g.role)) THEN 'error' ELSE 'note' END,
         CASE c.relkind WHEN 'm' THEN format('the materialized view %s keeps rows of %s for whoever may read it', v.view, v.relation)
                        ELSE format('the view %s reads %s with the rights of %s, whom row security does not bind', v.view, v.relation,
                                    c.relowner::regrole) END,
         CASE c.relkind WHEN 'm' THEN format('REVOKE ALL ON %s FROM PUBLIC; and from each role that is bound.', v.view)
                        ELSE format('ALTER VIEW %s SET (security_invoker = true);', v.view) END
  FROM steward.reaching_views() AS v JOIN pg_class AS c ON c.oid = v.view
  WHERE c.relkind = 'm'
     OR (c.relkind = 'v' AND NOT steward.is_bound(pg_get_userbyid(c.relowner))
         AND NOT coalesce((SELECT option_value::boolean FROM pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker'),
                          false))
$$;
COMMENT ON FUNCTION steward.bypassing_views() IS 'Views whose owner row security does not bind, and materialized views, that show rows of isolated tables.';

CREATE FUNCTION steward.isolated_in(function_oid oid) RETURNS regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT min(i.relation::text)::regclass
        FROM steward.isolated AS i JOIN pg_class AS c ON c.oid = i.relation JOIN pg_proc AS f ON f.oid = function_oid
        WHERE position(c.relname IN f.prosrc) > 0
           OR EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid
                                                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid));
COMMENT ON FUNCTION steward.isolated_in(oid) IS 'An isolated table that a function''s text names, or its parsed body depends on; NULL when there is none.';

CREATE FUNCTION steward.definer_functions() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.isolated_in(f.oid), f.oid::regprocedure::text, 'definer_function',
         CASE WHEN steward.isolated_in(f.oid) IS NULL THEN 'note' ELSE 'error' END,
         format('%s runs with the rights of %s, whom row security does not bind', f.oid::regprocedure, f.proowner::regrole),
         format('ALTER FUNCTION %s SECURITY INVOKER; or give it to a role that is bound.', f.oid::regprocedure)
  FROM pg_proc AS f JOIN pg_namespace AS n ON n.oid = f.pronamespace
  WHERE f.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'steward')
    AND NOT steward.is_bound(pg_get_userbyid(f.proowner))
    AND EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a LEFT JOIN pg_roles AS r ON r.oid = a.grantee
                WHERE a.privilege_type = 'EXECUTE' AND a.grantee <> f.proowner AND steward.is_bound(r.rolname))
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = f.oid AND deptype = 'e')
$$;
COMMENT ON FUNCTION steward.definer_functions() IS
'SECURITY DEFINER functions of owners whom row security does not bind, which others may execute; an error when it names an isolated table.';

CREATE FUNCTION steward.outlets() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.relation, p.pubname::text, 'publication', 'warning', format('publication %s carries all rows of %s', p.pubname, i.relation),
         'Row security does not apply to replication: let only trusted databases subscribe.'
  FROM steward.isolated AS i JOIN pg_class AS c ON c.oid = i.relation JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_publication_tables AS p ON p.schemaname = n.nspname AND p.tablename = c.relname
  UNION ALL
  SELECT i.relation, r.rulename::text, 'rule', 'warning',
         format('rule %s on %s runs with the rights of the table''s owner', r.rulename, i.relation),
           format('DROP RULE %I ON %s;', r.rulename, i.relation)
  FROM steward.isolated AS i JOIN pg_rewrite AS r ON r.ev_class = i.relation
  UNION ALL
  SELECT NULL, extname::text, 'other_sessions', 'warning',
         format('extension %s opens other sessions, in which another identity may be set', extname),
         'Let no role of the application use it.'
  FROM pg_extension WHERE extname IN ('dblink', 'postgres_fdw', 'pg_cron', 'pg_background', 'plproxy')
  UNION ALL
  SELECT NULL, lanname::text, 'untrusted_language', 'warning', format('language %s, which reaches the server''s files, is there', lanname),
         'Let its functions be executed by no role of the application.'
  FROM pg_language WHERE NOT lanpltrusted AND lanname NOT IN ('internal', 'c', 'sql')
$$;
COMMENT ON FUNCTION steward.outlets() IS 'What carries rows elsewhere: publications, rules, extensions that open sessions, untrusted languages.';
