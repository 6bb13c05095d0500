-- An owner can drop the table, and passes its policies by. The role that applications connect as is another than the one
-- that migrates.
CREATE FUNCTION steward.rule_app_role_owns_tables(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', r.oid, r.oid,
    format('%s belongs to %s, %s', r.identity, o.rolname, CASE WHEN options -> 'application_roles' ? o.rolname::text
           THEN 'which applications connect as'
                                                              ELSE format('of which the application role %s is a member', m.name) END),
    format('ALTER TABLE %s OWNER TO the role that migrates, and grant the application what it does', r.identity))
  FROM steward.catalog_relation AS r JOIN pg_roles AS o ON o.oid = r.owner
       CROSS JOIN LATERAL (SELECT min(a.rolname::text COLLATE "C") AS name FROM pg_roles AS a
                           WHERE options -> 'application_roles' ? a.rolname::text AND NOT a.rolsuper
                             AND pg_has_role(a.oid, o.oid, 'USAGE')) AS m
  WHERE m.name IS NOT NULL AND r.kind IN ('r', 'p', 'v', 'm') AND NOT r.is_partition
$$;
SELECT steward.add_rule('app-role-owns-tables', 'error', 'A table that belongs to a role applications connect as');
