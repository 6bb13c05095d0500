-- "My newest", "my open ones": one index (owner, column) answers what two separate ones do not. Names alone prove
-- nothing, so it takes a table of some size.
CREATE FUNCTION steward.rule_composite_user_index(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', o.relation, o.relation,
    format('%s has no index on (%I, %I)', o.table_identity, o.name, c.name),
    steward.index_hint(o.relation, ARRAY[o.number, c.number]), part => c.number)
  FROM steward.catalog_column AS o
       JOIN steward.catalog_column AS c ON c.relation = o.relation AND options -> 'columns' ? c.name
  WHERE o.name = options ->> 'owner_column' AND o.tuples >= (options ->> 'rows')::numeric
    AND NOT EXISTS (SELECT FROM steward.catalog_index AS i
                    WHERE i.relation = o.relation AND i.is_valid AND i.keys[1] = o.number AND i.keys[2] = c.number)
$$;
SELECT steward.add_rule('composite-user-index', 'note', 'A table of users'' rows without an index on owner and sort column',
  options => '{"columns": ["created_at", "status"], "rows": 10000}');
