-- isolation: the state of every table, and what is wrong, worst first.
CREATE FUNCTION steward.isolation_problems() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM steward.bypassing_logins()
  UNION ALL SELECT * FROM steward.powerful_logins()
  UNION ALL SELECT * FROM steward.owning_logins()
  UNION ALL SELECT * FROM steward.unsealing_roles()
  UNION ALL SELECT * FROM steward.lax_roles()
  UNION ALL SELECT * FROM steward.unprotected_tables()
  UNION ALL SELECT * FROM steward.open_children()
  UNION ALL SELECT * FROM steward.weak_policies()
  UNION ALL SELECT * FROM steward.owner_columns()
  UNION ALL SELECT * FROM steward.ownerless_references()
  UNION ALL SELECT * FROM steward.telling_keys()
  UNION ALL SELECT * FROM steward.bypassing_views()
  UNION ALL SELECT * FROM steward.definer_functions()
  UNION ALL SELECT * FROM steward.outlets()
  UNION ALL SELECT * FROM steward.privileges_beyond()
  UNION ALL SELECT * FROM steward.membership_tables()
  UNION ALL SELECT * FROM steward.planting_ground()
  UNION ALL SELECT * FROM steward.shared_means()
  UNION ALL SELECT * FROM steward.server_problems()
$$;
COMMENT ON FUNCTION steward.isolation_problems() IS 'Everything that the view steward.isolation reports, unordered.';

CREATE VIEW steward.isolation AS
WITH problems AS MATERIALIZED (SELECT severity, relation, problem, object, message, hint FROM steward.isolation_problems())
SELECT p.severity, p.relation, steward.isolation_state(p.relation) AS state, p.problem, p.object, p.message, p.hint
FROM (SELECT * FROM problems
      UNION ALL
      SELECT 'ok', c.oid::regclass, NULL, NULL, NULL, NULL
      FROM pg_catalog.pg_class AS c
      WHERE steward.is_user_table(c.oid)
        AND NOT EXISTS (SELECT FROM problems AS other WHERE other.relation = c.oid)) AS p
ORDER BY p.problem LIKE 'login\_%' AND p.severity <> 'note' DESC NULLS LAST,
         array_position(ARRAY['error', 'warning', 'note', 'ok'], p.severity), p.relation::text NULLS FIRST, p.problem, p.object;
COMMENT ON VIEW steward.isolation IS
'Every table of the application with its state (isolated, own policies, open) and each problem with what to do: first the logins to which row security does not apply. relation NULL: it concerns all. severity: error, warning, note; ok for a table without problems. See docs/isolation.md for each problem.';
GRANT SELECT ON steward.isolation TO PUBLIC;
