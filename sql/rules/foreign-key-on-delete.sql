-- A policy: which actions are allowed. NO ACTION is what one gets without having thought about it.
CREATE FUNCTION steward.rule_foreign_key_on_delete(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s has ON DELETE %s', k.name, k.table_identity, upper(a.action)),
    format('say what a delete in %s means here (%s): make the constraint again, NOT VALID, and validate it',
           steward.relation_identity(k.referenced),
           (SELECT string_agg(upper(x), ', ') FROM jsonb_array_elements_text(options -> 'allowed') AS x)),
    remedy => format('action on delete of %I on %s', k.name, k.table_identity))
  FROM steward.catalog_foreign_key AS k
       CROSS JOIN LATERAL (SELECT CASE k.on_delete WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
                                                   WHEN 'n' THEN 'set null' ELSE 'set default' END) AS a (action)
  WHERE NOT options -> 'allowed' ? a.action
$$;
SELECT steward.add_rule('foreign-key-on-delete', 'warning', 'A foreign key whose action on delete is not an allowed one',
  options => '{"allowed": ["cascade", "restrict", "set null", "set default"]}');
