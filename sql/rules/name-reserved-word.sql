-- Words that must be quoted as names: those reserved. name and type are not.
CREATE FUNCTION steward.rule_name_reserved_word(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH reserved AS MATERIALIZED (SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T'))
  SELECT steward.blame('pg_class', r.oid, r.oid, format('%s is called after a reserved word', r.identity),
                       'another word, when its clients are changed anyway')
  FROM steward.catalog_relation AS r WHERE r.kind <> 'S' AND NOT r.is_partition AND r.name IN (SELECT word FROM reserved)
  UNION ALL
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is called after a reserved word', c.table_identity, c.name),
    'another word, when its clients are changed anyway', part => c.number)
  FROM steward.catalog_column AS c WHERE c.name IN (SELECT word FROM reserved)
$$;
SELECT steward.add_rule('name-reserved-word', 'warning', 'A name that is a reserved word');
