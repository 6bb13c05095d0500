-- Names end after 63 bytes, without an error: two that differ later become one.
CREATE FUNCTION steward.rule_name_too_long(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', r.oid, r.oid, format('the name %s fills all 63 bytes, and may have been cut', r.identity),
                       'a shorter name')
  FROM steward.catalog_relation AS r WHERE r.kind <> 'S' AND octet_length(r.name) >= (options ->> 'bytes')::integer
  UNION ALL
  SELECT steward.blame('pg_class', c.relation, c.relation, format('the name %s.%I fills all 63 bytes, and may have been cut',
                                                                  c.table_identity, c.name), 'a shorter name',
    part => c.number)
  FROM steward.catalog_column AS c WHERE octet_length(c.name) >= (options ->> 'bytes')::integer
$$;
SELECT steward.add_rule('name-too-long', 'warning', 'A name that may have been cut', options => '{"bytes": 63}');
