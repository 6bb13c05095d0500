-- MATCH SIMPLE, the default: one NULL among the columns, and nothing is checked at all.
CREATE FUNCTION steward.rule_foreign_key_composite_nullable(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s checks nothing when %s is NULL', k.name, k.table_identity, n.columns),
    'make its columns NOT NULL, or the constraint MATCH FULL')
  FROM steward.catalog_foreign_key AS k
       CROSS JOIN LATERAL (
         SELECT string_agg(quote_ident(a.attname), ' or ' ORDER BY a.attnum) AS columns
         FROM pg_attribute AS a WHERE a.attrelid = k.relation AND a.attnum = ANY (k.columns) AND NOT a.attnotnull) AS n
  WHERE cardinality(k.columns) > 1 AND k.match = 's' AND n.columns IS NOT NULL
$$;
SELECT steward.add_rule('foreign-key-composite-nullable', 'warning', 'A foreign key of several columns that a NULL switches off');
