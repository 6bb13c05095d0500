-- Rules rewrite queries, and surprise: volatile expressions run twice, counts are wrong. Views are rules, and fine.
CREATE FUNCTION steward.rule_rule_used(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_rewrite', w.oid, r.oid, format('%s has a rule, %I', r.identity, w.rulename),
                       'a trigger does the same, predictably')
  FROM pg_rewrite AS w JOIN steward.catalog_relation AS r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
$$;
SELECT steward.add_rule('rule-used', 'warning', 'A rewrite rule');
