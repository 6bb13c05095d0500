-- Facts of row security policies.
CREATE FUNCTION steward.policy_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'policy', format('%I ON %I.%I', p.polname, n.nspname, c.relname), format('table %I.%I', n.nspname, c.relname),
         '3256:' || p.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'restrictive', nullif(NOT p.polpermissive, false),
           'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                    WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
           'roles', (SELECT jsonb_agg(r.name ORDER BY r.name COLLATE "C")
                     FROM (SELECT CASE role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END
                           FROM unnest(p.polroles) AS role) AS r (name)),
           'using', pg_get_expr(p.polqual, p.polrelid),
           'check', pg_get_expr(p.polwithcheck, p.polrelid)))
  FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE /* of p.polrelid */ n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.deptype = 'e' AND d.classid = 3256 AND d.objid = p.oid)
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.deptype = 'e' AND d.objsubid = 0 AND d.classid = 1259 AND d.objid = c.oid)
$facts$;
COMMENT ON FUNCTION steward.policy_facts() IS 'Facts of policies: restrictive or not, command, roles, USING, WITH CHECK.';
