-- It says a wall clock's time without saying where the wall is. Opening hours are like that; nothing that happened is. A
-- birthday has no time at all, and would move to the day before with one.
CREATE FUNCTION steward.rule_column_type_timestamp(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I is %s, not %s', c.table_identity, c.name, format_type(c.type, NULL), options ->> 'type'),
    CASE options ->> 'type'
      WHEN 'timestamp with time zone' THEN
        CASE WHEN c.name ~ '(^|_)(date|day|on|birthday|birth|dob)$'
          THEN format('if it is a day: ALTER TABLE %s ALTER %I TYPE date; if a moment: ', c.table_identity, c.name)
             ELSE '' END || format('ALTER TABLE %s ALTER %I TYPE timestamptz USING %I AT TIME ZONE ''UTC''; it rewrites the table unless '
                                   'the session''s time zone is UTC', c.table_identity, c.name, c.name)
      ELSE format('ALTER TABLE %s ALTER %I TYPE timestamp USING %I AT TIME ZONE ''UTC''', c.table_identity, c.name, c.name) END,
    part => c.number)
  FROM steward.catalog_column AS c
  WHERE NOT c.is_inherited AND c.type IN ('timestamp'::regtype, 'timestamptz'::regtype, 'timestamp[]'::regtype, 'timestamptz[]'::regtype)
    AND options ->> 'type' NOT IN ('any', replace(format_type(c.type, NULL), '[]', ''))
$$;
SELECT steward.add_rule('column-type-timestamp', 'warning', 'A time without a time zone (or with one, as configured)',
  options => '{"type": "timestamp with time zone"}');
