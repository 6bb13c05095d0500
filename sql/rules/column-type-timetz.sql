-- A time zone without a date does not know whether it is summer.
CREATE FUNCTION steward.rule_column_type_timetz(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is time with time zone', c.table_identity, c.name),
    'keep the moment as timestamptz, or the local time as time with the zone''s name beside it', part => c.number)
  FROM steward.catalog_column AS c WHERE NOT c.is_inherited AND c.type IN ('timetz'::regtype, 'timetz[]'::regtype)
$$;
SELECT steward.add_rule('column-type-timetz', 'warning', 'A column of type time with time zone');
