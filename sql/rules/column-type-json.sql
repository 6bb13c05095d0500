-- Kept as text, parsed at each access, without an index. Only where the order of keys or the blanks matter is it right.
CREATE FUNCTION steward.rule_column_type_json(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is json, not jsonb', c.table_identity, c.name),
    format('ALTER TABLE %s ALTER %I TYPE jsonb rewrites the table, and drops the order of keys and repeated ones', c.table_identity,
           c.name),
    part => c.number)
  FROM steward.catalog_column AS c WHERE NOT c.is_inherited AND c.type IN ('json'::regtype, 'json[]'::regtype)
$$;
SELECT steward.add_rule('column-type-json', 'warning', 'A column of type json');
