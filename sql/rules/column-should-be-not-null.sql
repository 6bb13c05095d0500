-- Three-valued booleans, times of creation that may be unknown, defaults that can be overridden with NULL, references
-- that are never NULL. Rows that are NULL, as ANALYZE saw them, say that it is meant.
CREATE FUNCTION steward.rule_column_should_be_not_null(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I may be NULL, though %s', c.table_identity, c.name, w.why),
    format('ADD CHECK (%I IS NOT NULL) NOT VALID, fill the gaps in batches, VALIDATE CONSTRAINT, then ALTER %I SET NOT NULL', c.name,
           c.name),
    part => c.number, remedy => format('NOT NULL of %s.%I', c.table_identity, c.name))
  FROM steward.catalog_column AS c
       LEFT JOIN steward.catalog_statistics() AS s ON s.schema_name = c.schema_name AND s.table_name = c.table_name
         AND s.column_name = c.name
       LEFT JOIN pg_attrdef AS d ON c.has_default AND d.adrelid = c.relation AND d.adnum = c.number
       CROSS JOIN LATERAL (
         SELECT CASE
           WHEN c.type = 'boolean'::regtype THEN 'it is a boolean'
           WHEN c.name IN ('created_at', 'inserted_at', 'updated_at') THEN 'every row has such a time'
           WHEN pg_get_expr(d.adbin, d.adrelid) !~ '^NULL\M' THEN 'it has a default'
           WHEN s.null_frac = 0 AND c.tuples >= 100 AND EXISTS (SELECT FROM pg_constraint AS f
                  WHERE f.conrelid = c.relation AND f.contype = 'f' AND f.conkey = ARRAY[c.number])
                    THEN 'it refers to something in every row' END AS why) AS w
  WHERE NOT c.is_inherited AND NOT c.not_null AND c.generated = '' AND w.why IS NOT NULL AND coalesce(s.null_frac, 0) = 0
    AND NOT EXISTS (SELECT FROM pg_constraint AS k
                    WHERE k.conrelid = c.relation AND k.contype = 'c' AND k.convalidated AND k.conkey = ARRAY[c.number]
                      AND pg_get_expr(k.conbin, k.conrelid) = format('(%I IS NOT NULL)', c.name))
$$;
SELECT steward.add_rule('column-should-be-not-null', 'note', 'A column that may be NULL and hardly means to');
