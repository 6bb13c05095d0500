-- Large objects live outside the row: they are not deleted with it, not protected by its policies, and dumped apart.
CREATE FUNCTION steward.rule_column_type_large_object(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is %s, a handle of a large object', c.table_identity, c.name,
                                                                  format_type(c.declared_type, NULL)),
    'bytea for what fits into memory, an object store for the rest; vacuumlo finds what was left behind', part => c.number)
  FROM steward.catalog_column AS c JOIN pg_type AS t ON t.oid = c.declared_type WHERE NOT c.is_inherited AND c.type = 'oid'::regtype
$$;
SELECT steward.add_rule('column-type-large-object', 'warning', 'A column that refers to large objects');
