-- timestamp(0) rounds, half a second into the future: what just happened has not happened yet.
CREATE FUNCTION steward.rule_column_type_timestamp0(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I rounds to seconds: %s', c.table_identity, c.name,
                                                                  format_type(c.type, c.modifier)),
    'leave the precision out, and use date_trunc(''second'', ...) where seconds are shown', part => c.number)
  FROM steward.catalog_column AS c WHERE NOT c.is_inherited AND c.type IN ('timestamp'::regtype, 'timestamptz'::regtype) AND c.modifier = 0
$$;
SELECT steward.add_rule('column-type-timestamp0', 'warning', 'A timestamp that rounds to seconds');
