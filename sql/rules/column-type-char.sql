-- Padded with blanks, which count in some comparisons and not in others. "char", in quotes, is another type.
CREATE FUNCTION steward.rule_column_type_char(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is %s, padded with blanks', c.table_identity, c.name,
                                                                  format_type(c.type, c.modifier)),
    format('text with CHECK (length(%I) = n); the change rewrites the table', c.name), part => c.number)
  FROM steward.catalog_column AS c WHERE NOT c.is_inherited AND c.type IN ('bpchar'::regtype, 'bpchar[]'::regtype)
$$;
SELECT steward.add_rule('column-type-char', 'warning', 'A column of type char(n)');
