-- 0.1 + 0.2 is not 0.3. Rates and shares are no amounts, and may be approximate.
CREATE FUNCTION steward.rule_money_as_float(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is an amount kept as %s', c.table_identity, c.name,
                                                                  format_type(c.type, NULL)),
    format('ALTER TABLE %s ALTER %I TYPE numeric(14, 2), or keep the smallest unit as bigint; both rewrite the table', c.table_identity,
           c.name),
    part => c.number)
  FROM steward.catalog_column AS c
  WHERE NOT c.is_inherited AND CASE WHEN c.type IN ('float4'::regtype, 'float8'::regtype) THEN c.name ~ (options ->> 'pattern')
    AND c.name !~ (options ->> 'except') END
$$;
SELECT steward.add_rule('money-as-float', 'error', 'An amount of money kept as a float',
  options => '{"pattern": "(^|_)(amount|price|cost|total|subtotal|balance|fee|salary|revenue|tax|discount|payment)(_|$)",
               "except": "(rate|ratio|percent|percentage|pct|factor|share|count|time|seconds|ms)$"}');
