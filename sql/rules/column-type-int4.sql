-- Ids of elsewhere and counters outgrow integers unnoticed. What refers to a key has that key's type.
CREATE FUNCTION steward.rule_column_type_int4(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS MATERIALIZED (
    SELECT c.* FROM steward.catalog_column AS c WHERE NOT c.is_inherited
      AND CASE WHEN c.type = 'int4'::regtype THEN c.name ~ (options ->> 'pattern') END)
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is integer, which ends at 2147483647', c.table_identity, c.name),
    'bigint takes four bytes more and never has to be changed under load', part => c.number)
  FROM named AS c
  WHERE NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.relation AND k.contype IN ('p', 'f') AND c.number = ANY (k.conkey))
    -- The foreign key may stand on the partitions, each its own.
    AND NOT EXISTS (SELECT FROM pg_inherits AS i JOIN pg_constraint AS k ON k.conrelid = i.inhrelid AND k.contype = 'f'
                         JOIN pg_attribute AS a ON a.attrelid = i.inhrelid AND a.attname = c.name AND a.attnum = ANY (k.conkey)
                    WHERE i.inhparent = c.relation)
$$;
SELECT steward.add_rule('column-type-int4', 'note', 'An id from elsewhere, a size or a counter kept as integer',
  options => '{"pattern": "(_id|_bytes|_size|_counter|_views|_hits)$"}');
