-- A SELECT policy alone makes a table that can be read and not written: meant, or a policy was forgotten.
CREATE FUNCTION steward.rule_policy_incomplete_commands(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', g.relation, g.relation, format('no policy of %s allows %s', g.table_identity, g.missing),
    'a policy FOR ALL, or one for each command that applications use')
  FROM (SELECT p.relation, p.table_identity,
               concat_ws(', ', CASE WHEN NOT bool_or(p.command = 'a') THEN 'INSERT' END,
                         CASE WHEN NOT bool_or(p.command = 'w') THEN 'UPDATE' END,
                         CASE WHEN NOT bool_or(p.command = 'd') THEN 'DELETE' END) AS missing
        FROM steward.catalog_policy AS p WHERE p.is_permissive GROUP BY 1, 2 HAVING bool_or(p.command = 'r')
          AND NOT bool_or(p.command = '*')) AS g
  WHERE g.missing <> ''
$$;
SELECT steward.add_rule('policy-incomplete-commands', 'note', 'Policies that allow reading and not all of writing');
