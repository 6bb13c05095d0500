-- Keys in random order touch a page of the index for each row; keys in the order of time touch the last one. It matters
-- once the index no longer fits in memory.
CREATE FUNCTION steward.rule_primary_key_random_uuid(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('the primary key of %s (about %s rows) is a random uuid', c.table_identity, c.tuples::bigint),
    'make keys that grow with time: uuidv7() of PostgreSQL 18, or the application''s UUIDv7', part => c.number)
  FROM pg_constraint AS k
       JOIN steward.catalog_column AS c ON c.relation = k.conrelid AND k.conkey = ARRAY[c.number]
       JOIN steward.catalog_default AS d ON d.relation = c.relation AND d.number = c.number
  WHERE k.contype = 'p' AND c.type = 'uuid'::regtype
    AND CASE WHEN c.tuples >= (options ->> 'rows')::numeric THEN d.expression ~ '(gen_random_uuid|uuid_generate_v4)\(\)' END
$$;
SELECT steward.add_rule('primary-key-random-uuid', 'note', 'A large table whose primary key is a random uuid',
                        options => '{"rows": 1000000}');
