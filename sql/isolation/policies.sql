-- Tables and their policies: off, not forced, changed since, weak, or never isolated.
CREATE FUNCTION steward.is_user_table(relation oid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
               WHERE c.oid = relation AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
                 AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'steward')
                 AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e'));
COMMENT ON FUNCTION steward.is_user_table(oid) IS 'Whether a relation is a table of the application: not the system''s, not an extension''s, not temporary.';

CREATE FUNCTION steward.isolation_state(relation regclass) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT CASE WHEN NOT c.relrowsecurity THEN 'open'
                    WHEN EXISTS (SELECT FROM steward.isolated AS i WHERE i.relation = c.oid) THEN 'isolated'
                    ELSE 'own policies' END
        FROM pg_class AS c WHERE c.oid = relation);
COMMENT ON FUNCTION steward.isolation_state(regclass) IS
'isolated (by steward.isolate), own policies (row security of another hand) or open (no row security).';

CREATE FUNCTION steward.unprotected_tables() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.oid::regclass, NULL::text, p.problem, p.severity, format(p.message, c.oid::regclass), format(p.hint, c.oid::regclass, i.root)
  FROM pg_class AS c LEFT JOIN steward.isolated AS i ON i.relation = c.oid,
       LATERAL (VALUES
         (i.relation IS NOT NULL AND NOT c.relrowsecurity, 'row_security_off', 'error', 'row security of %1$s was turned off',
          'ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY;'),
         (c.relrowsecurity AND NOT c.relforcerowsecurity, 'not_forced', CASE WHEN i.relation IS NULL THEN 'warning' ELSE 'error' END,
          'row security of %1$s does not bind its owner, nor functions and views of its owner',
            'ALTER TABLE %1$s FORCE ROW LEVEL SECURITY;'),
         (i.relation IS NOT NULL AND i.policies IS NULL, 'unfinished', 'error', 'the isolation of %1$s was begun and not finished',
          'Run the remaining sections, or: SELECT * FROM steward.isolate(%2$L, ...);'),
         (i.policies IS NOT NULL AND steward.own_policies(c.oid) <> i.policies, 'policy_changed', 'error',
          'a policy that isolate() made on %1$s was dropped or changed', 'SELECT * FROM steward.isolate(%2$L, ...);'),
         (i.relation IS NULL AND NOT c.relrowsecurity AND NOT c.relispartition
            AND EXISTS (SELECT FROM steward.privileges(c.oid) AS g WHERE steward.is_bound(g.role)), 'not_isolated',
          CASE WHEN EXISTS (SELECT FROM pg_attribute AS a JOIN steward.isolated AS o ON (o.terms).owner_column = a.attname
                                 JOIN pg_class AS there ON there.oid = o.relation
                            WHERE a.attrelid = c.oid AND (o.terms)."references" IS DISTINCT FROM c.oid::regclass
                              AND steward.primary_key(o.relation) IS DISTINCT FROM ARRAY[(o.terms).owner_column]) THEN 'error'
                              ELSE 'note' END,
          'all rows of %1$s are everybody''s who may use it',
          'SELECT * FROM steward.isolate(%1$L); or, to be read by all: readers => ''everyone'', writers => ''nobody''.'))
         AS p (found, problem, severity, message, hint)
  WHERE p.found AND steward.is_user_table(c.oid)
$$;
COMMENT ON FUNCTION steward.unprotected_tables() IS 'Tables without row security, with one that does not bind their owner, or whose policies are not as isolate() made them.';

CREATE FUNCTION steward.open_children() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.relid, i.relation::text, 'child_not_isolated', 'error',
         format('%s of %s has no row security of its own: a query that names it sees all rows',
                CASE WHEN m.is_partition THEN format('partition %s', m.relid) ELSE format('child %s', m.relid) END, i.relation),
         format('SELECT * FROM steward.isolate(%L, ...);', i.relation)
  FROM steward.isolated AS i, LATERAL steward.table_tree(i.relation) AS m
  WHERE i.root = i.relation AND NOT EXISTS (SELECT FROM steward.isolated AS other WHERE other.relation = m.relid)
$$;
COMMENT ON FUNCTION steward.open_children() IS 'Partitions and inheritance children that came after their parent was isolated.';

CREATE FUNCTION steward.weak_policies() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.polrelid::regclass, p.polname::text, w.problem, w.severity, format(w.message, p.polname, p.polrelid::regclass), w.hint
  FROM pg_policy AS p
  LEFT JOIN steward.isolated AS i ON i.relation = p.polrelid AND i.makes @> jsonb_build_array(jsonb_build_object('kind', 'policy', 'name',
        p.polname))
  CROSS JOIN LATERAL (SELECT pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) AS e (qual, checked)
  CROSS JOIN LATERAL (VALUES
    (p.polpermissive AND EXISTS (SELECT FROM steward.isolated AS o WHERE o.relation = p.polrelid), 'policy_extra', 'warning',
     'the permissive policy %I on %s was added to those of isolate(): only the restrictive ones hold it',
       'Drop it, or say what it is for.'),
    (NOT p.polpermissive AND p.polroles <> '{0}', 'policy_not_public', 'warning',
     'the restrictive policy %I on %s is not for PUBLIC: a role can leave it with DROP OWNED BY', 'Make it TO PUBLIC.'),
    (p.polcmd IN ('*', 'w') AND e.checked IS DISTINCT FROM e.qual AND e.checked IS NOT NULL, 'check_differs',
     CASE WHEN e.checked = 'true' THEN 'error' ELSE 'warning' END,
     'policy %I on %s checks new rows by another condition than old ones: a row may move to another owner',
     'Leave WITH CHECK away: it is then the same.'),
    (p.polpermissive AND e.qual = 'true' AND p.polcmd IN ('*', 'w', 'd'), 'policy_allows_all', 'error',
     'policy %I on %s allows every row to be changed', 'Compare the owner: owner = (SELECT steward.identity_uuid()).'),
    (concat(e.qual, e.checked) ~* 'IS NULL\)? OR|OR \(?\(?[^()]* IS NULL|IS (NOT )?DISTINCT FROM', 'policy_accepts_null', 'error',
     'policy %I on %s lets NULL pass: without an identity every row may be reached', 'Compare with =, which NULL never passes.'),
    (concat(e.qual, e.checked) ~* 'current_setting\(', 'policy_trusts_setting', 'error',
     'policy %I on %s trusts a setting, which every SQL expression can change',
       'Use steward.identity(), which is sealed for the transaction.'),
    (EXISTS (SELECT FROM pg_depend AS d JOIN pg_proc AS f ON f.oid = d.refobjid
             WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_proc'::regclass AND f.provolatile = 'i'
               AND f.pronargs = 0), 'identity_immutable', 'error',
     'policy %I on %s calls an IMMUTABLE function without arguments: a cached plan keeps the first caller''s identity',
     'Declare it STABLE.'))
    AS w (found, problem, severity, message, hint)
  WHERE w.found AND i.relation IS NULL AND steward.is_user_table(p.polrelid)
$$;
COMMENT ON FUNCTION steward.weak_policies() IS 'Policies of another hand that are weaker than they look.';
