-- Good practice disagrees, so it is a policy. text: no varchar(n). varchar: every text column has a limit. text+check:
-- the limit is a CHECK over its length, which can be changed without touching the rows. any: nothing is told.
CREATE FUNCTION steward.rule_column_length(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I is %s, and the policy is %s', c.table_identity, c.name, format_type(c.type, c.modifier), options ->> 'policy'),
    CASE options ->> 'policy'
      WHEN 'text' THEN format('ALTER TABLE %s ALTER %I TYPE text, which does not touch the rows', c.table_identity, c.name)
      WHEN 'varchar' THEN 'varchar(n) with the longest that makes sense'
      ELSE format('text, and CHECK (length(%I) <= n)', c.name) END, part => c.number)
  FROM steward.catalog_column AS c
       CROSS JOIN LATERAL (
         SELECT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.relation AND k.contype = 'c' AND c.number = ANY (k.conkey)
                          AND pg_get_expr(k.conbin, k.conrelid) ~ '(length|char_length|character_length|octet_length|similar_to|~)')
                OR c.checked_by_domain AS checked) AS k
  WHERE NOT c.is_inherited AND CASE options ->> 'policy'
          WHEN 'text' THEN c.type IN ('varchar'::regtype, 'varchar[]'::regtype) AND c.modifier > 0
          WHEN 'varchar' THEN c.type IN ('text'::regtype, 'varchar'::regtype) AND c.modifier = -1 AND NOT k.checked
          WHEN 'text+check' THEN c.type = 'varchar'::regtype AND c.modifier > 0 OR c.type IN ('text'::regtype, 'varchar'::regtype)
            AND NOT k.checked
          ELSE false END
$$;
SELECT steward.add_rule('column-length', 'note', 'A text column that does not follow the policy of lengths',
                        options => '{"policy": "any"}');
