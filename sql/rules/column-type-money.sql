-- Its meaning depends on lc_monetary of the session that reads it.
CREATE FUNCTION steward.rule_column_type_money(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is money', c.table_identity, c.name),
    format('ALTER TABLE %s ALTER %I TYPE numeric(14, 2) rewrites the table; keep the currency in a column of its own', c.table_identity,
           c.name),
    part => c.number)
  FROM steward.catalog_column AS c WHERE NOT c.is_inherited AND c.type IN ('money'::regtype, 'money[]'::regtype)
$$;
SELECT steward.add_rule('column-type-money', 'error', 'A column of type money');
