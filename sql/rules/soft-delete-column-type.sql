-- When it was deleted; NULL as long as it is not.
CREATE FUNCTION steward.rule_soft_delete_column_type(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I %s', c.table_identity, c.name,
           CASE WHEN c.type <> 'timestamptz'::regtype THEN 'is ' || format_type(c.declared_type, c.modifier) WHEN c.not_null
             THEN 'is NOT NULL' ELSE 'has a default' END),
    'timestamptz, without a default, NULL for what is not deleted', part => c.number)
  FROM steward.catalog_column AS c
  WHERE NOT c.is_inherited AND options -> 'soft_delete_columns' ? c.name
    AND (c.type <> 'timestamptz'::regtype OR c.not_null OR c.has_default)
$$;
SELECT steward.add_rule('soft-delete-column-type', 'warning', 'A soft delete column that is not a nullable timestamptz');
