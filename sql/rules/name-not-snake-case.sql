-- Anything else must be written in quotes for ever.
CREATE FUNCTION steward.rule_name_not_snake_case(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', r.oid, r.oid, format('the name %s is not snake_case', r.identity),
                       'rename it when its clients are changed anyway: a rename breaks them')
  FROM steward.catalog_relation AS r WHERE r.kind <> 'S' AND NOT r.is_partition AND r.name !~ (options ->> 'pattern')
  UNION ALL
  SELECT steward.blame('pg_class', c.relation, c.relation, format('the name %s.%I is not snake_case', c.table_identity, c.name),
    'rename it when its clients are changed anyway: a rename breaks them', part => c.number)
  FROM steward.catalog_column AS c WHERE c.name !~ (options ->> 'pattern')
$$;
SELECT steward.add_rule('name-not-snake-case', 'warning', 'A name that is not snake_case',
                        options => '{"pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"}');
