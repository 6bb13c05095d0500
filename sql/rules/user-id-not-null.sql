-- A row without an owner is nobody's, or everybody's. A validated CHECK says it as well as NOT NULL does.
CREATE FUNCTION steward.rule_user_id_not_null(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('the owner column %s.%I may be NULL', c.table_identity, c.name),
    format('ADD CHECK (%I IS NOT NULL) NOT VALID, give every row its owner, VALIDATE CONSTRAINT, then ALTER %I SET NOT NULL', c.name,
           c.name),
    part => c.number, remedy => format('NOT NULL of %s.%I', c.table_identity, c.name))
  FROM steward.catalog_column AS c
  WHERE c.name = options ->> 'owner_column' AND NOT c.not_null AND NOT steward.is_listed(c.schema_name, c.table_name,
    options -> 'shared_tables')
    AND NOT EXISTS (SELECT FROM pg_constraint AS k
                    WHERE k.conrelid = c.relation AND k.contype = 'c' AND k.convalidated AND k.conkey = ARRAY[c.number]
                      AND pg_get_expr(k.conbin, k.conrelid) = format('(%I IS NOT NULL)', c.name))
$$;
SELECT steward.add_rule('user-id-not-null', 'error', 'An owner column that may be NULL');
