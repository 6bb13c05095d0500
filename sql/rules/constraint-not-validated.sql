-- It holds for new rows only, and the planner does not trust it. One that is not enforced (18) is not meant to hold.
CREATE FUNCTION steward.rule_constraint_not_validated(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, r.oid,
    format('constraint %I of %s was never validated: rows from before it may break it', k.conname, r.identity),
    'validating reads the table and keeps nobody from writing',
    format('ALTER TABLE %s VALIDATE CONSTRAINT %I;', r.identity, k.conname))
  FROM pg_constraint AS k JOIN steward.catalog_relation AS r ON r.oid = k.conrelid
  WHERE NOT k.convalidated AND k.contype IN ('c', 'f', 'n') AND k.conparentid = 0
    AND coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true' AND NOT (r.is_partition AND k.coninhcount > 0)
$$;
SELECT steward.add_rule('constraint-not-validated', 'warning', 'A constraint that was never validated');
