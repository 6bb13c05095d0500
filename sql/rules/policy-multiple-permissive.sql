-- Any one of them is enough: they are joined with OR, and the widest counts.
CREATE FUNCTION steward.rule_policy_multiple_permissive(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', g.relation, g.relation,
    format('several permissive policies of %s apply to the same %s: %s', g.table_identity, string_agg(g.word, ', ' ORDER BY g.word),
           min(g.names)),
    'one policy that says all, or RESTRICTIVE for what must hold in any case')
  FROM (SELECT p.relation, p.table_identity, c.word, string_agg(DISTINCT quote_ident(p.name), ', ') AS names
        FROM steward.catalog_policy AS p
             CROSS JOIN LATERAL unnest(p.roles) AS r
             JOIN (VALUES ('r', 'SELECT'), ('a', 'INSERT'), ('w', 'UPDATE'), ('d', 'DELETE')) AS c (command,
               word) ON p.command::text IN (c.command, '*')
        WHERE p.is_permissive GROUP BY p.relation, p.table_identity, r, c.word HAVING count(*) > 1) AS g
  GROUP BY g.relation, g.table_identity
$$;
SELECT steward.add_rule('policy-multiple-permissive', 'note', 'Several permissive policies for the same role and command');
