-- Comparing across types may not use the index on the referenced side, and an int4 cannot hold every int8 it refers to.
CREATE FUNCTION steward.rule_foreign_key_type_mismatch(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I: %s.%I is %s, what it refers to is %s%s', k.name, k.table_identity, a.attname,
           format_type(a.atttypid, NULL), format_type(b.atttypid, NULL),
           CASE WHEN coalesce(da.base, a.atttypid) = coalesce(db.base, b.atttypid) THEN ', of another collation' ELSE '' END),
    'give both columns the same type and collation')
  FROM steward.catalog_foreign_key AS k
       CROSS JOIN LATERAL unnest(k.columns, k.referenced_columns) AS p (here, there)
       JOIN pg_attribute AS a ON a.attrelid = k.relation AND a.attnum = p.here
       JOIN pg_attribute AS b ON b.attrelid = k.referenced AND b.attnum = p.there
       LEFT JOIN steward.catalog_domain AS da ON da.oid = a.atttypid
       LEFT JOIN steward.catalog_domain AS db ON db.oid = b.atttypid
  WHERE coalesce(da.base, a.atttypid) <> coalesce(db.base, b.atttypid) OR a.attcollation <> b.attcollation
$$;
SELECT steward.add_rule('foreign-key-type-mismatch', 'warning', 'A foreign key between columns of different types');
