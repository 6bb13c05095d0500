-- filter_columns are those that the project says it filters by; likely_columns count only where the server has seen the
-- table read from end to end again and again.
CREATE FUNCTION steward.rule_frequently_filtered_column_unindexed(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I has no index%s', c.table_identity, c.name,
           CASE WHEN l.listed THEN '' ELSE format(', and the table was read from end to end %s times',
                                                  pg_stat_get_numscans(c.relation)) END),
    steward.index_hint(c.relation, ARRAY[c.number]), part => c.number)
  FROM steward.catalog_column AS c
       CROSS JOIN LATERAL (SELECT options -> 'filter_columns' ?| ARRAY[c.name, c.table_name || '.' || c.name] AS listed) AS l
  WHERE (l.listed OR options -> 'likely_columns' ? c.name AND c.tuples >= (options ->> 'rows')::numeric
                     AND pg_stat_get_numscans(c.relation) >= (options ->> 'scans')::numeric)
    AND NOT EXISTS (
      SELECT FROM steward.catalog_index AS i LEFT JOIN pg_attribute AS a ON a.attrelid = i.relation AND a.attnum = i.keys[1]
      WHERE i.relation = c.relation AND i.is_valid
        AND (i.keys[1] = c.number OR i.keys[2] = c.number AND a.attname = options ->> 'owner_column'))
$$;
SELECT steward.add_rule('frequently-filtered-column-unindexed', 'note', 'A column that queries filter by, without an index',
  options => '{"filter_columns": [], "likely_columns": ["status", "state", "type", "kind", "email", "slug", "created_at"], "rows": 10000, "scans": 1000}');
