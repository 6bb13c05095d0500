-- Every row is read whole, every UPDATE writes it whole.
CREATE FUNCTION steward.rule_table_too_many_columns(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s has %s columns', min(c.table_identity), count(*)),
    'move what is seldom read, or of another concern, into a table of its own')
  FROM steward.catalog_column AS c GROUP BY c.relation HAVING count(*) > (options ->> 'columns')::integer
$$;
SELECT steward.add_rule('table-too-many-columns', 'note', 'A table of many columns', options => '{"columns": 50}');
