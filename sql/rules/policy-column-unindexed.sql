-- Every query carries the policy's condition: without an index, each reads the whole table. Booleans are no way in.
CREATE FUNCTION steward.rule_policy_column_unindexed(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (p.relation) steward.blame('pg_policy', p.oid, p.relation,
    format('policy %I of %s looks at %s, and no index leads with one of them', p.name, p.table_identity,
           steward.column_list(p.relation, c.numbers)),
    steward.index_hint(p.relation, c.numbers[1:1]), steward.index_fix(p.relation, c.numbers[1:1]),
      steward.index_undo(p.relation, c.numbers[1:1]))
  FROM steward.catalog_policy AS p
       CROSS JOIN LATERAL (
         SELECT array_agg(a.attnum ORDER BY a.attname = options ->> 'owner_column' DESC, a.attnum) AS numbers
         FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = p.relation
           AND d.refobjsubid > 0 AND a.atttypid <> 'boolean'::regtype) AS c
  WHERE p.using_tree IS NOT NULL AND c.numbers IS NOT NULL
    AND NOT EXISTS (SELECT FROM steward.catalog_index AS i
                    WHERE i.relation = p.relation AND i.is_valid AND i.predicate IS NULL AND i.keys[1] = ANY (c.numbers))
  ORDER BY p.relation, p.name COLLATE "C"
$$;
SELECT steward.add_rule('policy-column-unindexed', 'warning', 'A policy whose columns no index leads with');
