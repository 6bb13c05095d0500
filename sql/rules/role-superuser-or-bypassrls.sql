-- No policy holds for them. Configured application roles are errors; where rows are protected, other logins of this
-- kind are told too. The cluster's first superuser and those of hosts are left alone.
CREATE FUNCTION steward.rule_role_superuser_or_bypassrls(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_authid', r.oid, NULL,
    format('role %I %s: no policy holds for it', r.rolname, CASE WHEN r.rolsuper THEN 'is a superuser' ELSE 'has BYPASSRLS' END),
    format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS, or let applications connect as another', r.rolname),
    level => CASE WHEN NOT options -> 'application_roles' ? r.rolname::text THEN 'warning' END)
  FROM pg_roles AS r
  WHERE (r.rolsuper OR r.rolbypassrls)
    AND (options -> 'application_roles' ? r.rolname::text
         OR r.rolcanlogin AND r.oid <> 10 AND r.rolname !~ '^(rds|cloudsql|azure|supabase|neon)'
            AND EXISTS (SELECT FROM steward.catalog_table AS t WHERE t.row_security))
$$;
SELECT steward.add_rule('role-superuser-or-bypassrls', 'error', 'A login that no policy holds for');
