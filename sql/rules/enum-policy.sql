-- Good practice disagrees, so it is a policy: enum, check or lookup for restricted values; any: all are right.
CREATE FUNCTION steward.rule_enum_policy(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I restricts its values by %s, and the policy is %s', c.table_identity, c.name, h.how, options ->> 'restricted_values'),
    CASE options ->> 'restricted_values'
      WHEN 'enum' THEN 'CREATE TYPE ... AS ENUM (...), and a new column that takes the old one''s place'
      WHEN 'check' THEN 'text with CHECK (... IN (...)), in a new column that takes the old one''s place'
      ELSE 'a table of the values, and a foreign key to it' END, part => c.number)
  FROM steward.catalog_column AS c
       JOIN pg_type AS t ON t.oid = c.type
       CROSS JOIN LATERAL (
         SELECT CASE WHEN t.typtype = 'e' THEN 'enum'
                     WHEN EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.relation AND k.contype = 'c'
                                  AND k.conkey = ARRAY[c.number]
                                    AND pg_get_expr(k.conbin, k.conrelid) ~ '= ANY \(+ARRAY\[') THEN 'check' END AS how) AS h
  WHERE NOT c.is_inherited AND options ->> 'restricted_values' <> 'any' AND h.how <> options ->> 'restricted_values'
$$;
SELECT steward.add_rule('enum-policy', 'note', 'Restricted values kept in another way than the configured one',
                        options => '{"restricted_values": "any"}');
