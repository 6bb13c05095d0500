-- Every reference repeats it. Partitioned tables must have their partition key in it, which does not count.
CREATE FUNCTION steward.rule_primary_key_too_wide(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid,
    format('the primary key of %s has %s columns', t.identity, cardinality(k.conkey)),
    'keep them UNIQUE, and let rows be named by one column')
  FROM pg_constraint AS k JOIN steward.catalog_table AS t ON t.oid = k.conrelid
       LEFT JOIN pg_partitioned_table AS p ON p.partrelid = t.oid
  WHERE k.contype = 'p'
    AND (SELECT count(*) FROM unnest(k.conkey) AS n WHERE n <> ALL (coalesce(p.partattrs::int2[], '{}'))) > (options ->> 'columns')::integer
$$;
SELECT steward.add_rule('primary-key-too-wide', 'note', 'A primary key of many columns', options => '{"columns": 4}');
