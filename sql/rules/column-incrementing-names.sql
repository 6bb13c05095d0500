-- phone1, phone2: a list that ends where nobody knew it would.
CREATE FUNCTION steward.rule_column_incrementing_names(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', g.relation, g.relation, format('%s numbers its columns: %s', g.table_identity, g.names),
    'a table of their own, or an array', part => g.number)
  FROM (SELECT c.relation, c.table_identity, min(c.number) AS number, string_agg(quote_ident(c.name), ', ' ORDER BY c.number) AS names
        FROM steward.catalog_column AS c
        WHERE c.name ~ '[a-z_][0-9]{1,2}$' AND c.name !~ '(md|sha|utf|crc|base|int|ipv|mp|x|h26|s3|ec)_?[0-9]+$'
        GROUP BY c.relation, c.table_identity, regexp_replace(c.name, '_?[0-9]+$', '') HAVING count(*) > 1) AS g
$$;
SELECT steward.add_rule('column-incrementing-names', 'note', 'Numbered columns');
