-- Only where an address is an account: the table of users and those listed. Logs and invitations hold addresses, too.
CREATE FUNCTION steward.rule_unique_email(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I is not unique%s', c.table_identity, c.name, CASE WHEN (options ->> 'case_insensitive')::boolean
           THEN ' without regard to case' ELSE '' END),
    format('CREATE UNIQUE INDEX CONCURRENTLY ON %s (lower(%I))', c.table_identity, c.name), part => c.number)
  FROM steward.catalog_column AS c
  WHERE c.name ~ (options ->> 'pattern')
    AND (c.relation = (SELECT steward.user_table(options)) OR steward.is_listed(c.schema_name, c.table_name, options -> 'account_tables'))
    AND NOT EXISTS (
      SELECT FROM steward.catalog_index AS i
      WHERE i.relation = c.relation AND i.is_unique AND i.is_valid
        -- Every address or, with soft delete, every living one.
        AND (i.predicate IS NULL OR i.predicate ~ format('^\((%s) IS NULL\)$|^\(%s IS NOT NULL\)$',
              (SELECT string_agg(s, '|') FROM jsonb_array_elements_text(options -> 'soft_delete_columns') AS s), c.name))
        AND (i.keys = ARRAY[c.number]
                AND (NOT (options ->> 'case_insensitive')::boolean OR format_type(c.type, NULL) ~ 'citext$'
                     OR EXISTS (SELECT FROM pg_collation AS l WHERE l.oid = i.collations[1] AND NOT l.collisdeterministic))
             OR i.key_count = 1 AND i.expressions ~* format('^(lower|upper)\(\(?"?%s\M', c.name)
             OR (options ->> 'per_tenant')::boolean AND c.number = ANY (i.keys)))
$$;
SELECT steward.add_rule('unique-email', 'error', 'An account''s e-mail address that is not unique',
  options => '{"pattern": "^e?mail(_address)?$", "account_tables": [], "case_insensitive": false, "per_tenant": false}');
