-- A single column is a list; none is a mistake.
CREATE FUNCTION steward.rule_table_too_few_columns(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('%s has %s', t.identity,
                                                        CASE n.columns WHEN 0 THEN 'no column' ELSE 'one column' END),
    'see whether it is needed')
  FROM steward.catalog_table AS t
       CROSS JOIN LATERAL (SELECT count(*) AS columns FROM pg_attribute AS a WHERE a.attrelid = t.oid AND a.attnum > 0
                           AND NOT a.attisdropped) AS n
  WHERE n.columns < 2
$$;
SELECT steward.add_rule('table-too-few-columns', 'note', 'A table of one column or none');
