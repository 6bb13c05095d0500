-- Left from a bulk load: what it guards is not guarded. Foreign keys are triggers too.
CREATE FUNCTION steward.rule_trigger_disabled(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_trigger', g.oid, r.oid, format('trigger %I of %s is disabled', g.tgname, r.identity),
    'enable it again, and look at the rows that came in meanwhile',
    format('ALTER TABLE %s ENABLE TRIGGER %I;', r.identity, g.tgname), format('ALTER TABLE %s DISABLE TRIGGER %I;', r.identity, g.tgname))
  FROM pg_trigger AS g JOIN steward.catalog_relation AS r ON r.oid = g.tgrelid
  WHERE g.tgenabled = 'D' AND NOT g.tgisinternal AND NOT (r.is_partition AND g.tgparentid <> 0)
  UNION ALL
  SELECT steward.blame('pg_constraint', k.oid, r.oid, format('constraint %I of %s is switched off: its triggers are disabled', k.conname,
                                                             r.identity),
    format('ALTER TABLE %s ENABLE TRIGGER ALL, and look for rows that break it', r.identity))
  FROM pg_constraint AS k JOIN steward.catalog_relation AS r ON r.oid = k.conrelid
  WHERE k.conparentid = 0 AND EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgconstraint = k.oid AND g.tgrelid = r.oid AND g.tgisinternal
                                      AND g.tgenabled = 'D')
$$;
SELECT steward.add_rule('trigger-disabled', 'warning', 'A trigger, or a foreign key, that is switched off');
