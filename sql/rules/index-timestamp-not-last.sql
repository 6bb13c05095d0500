-- What is searched by range ends the usefulness of the keys after it; but not every time is searched by range.
CREATE FUNCTION steward.rule_index_timestamp_not_last(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (i.oid) steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s has keys after the time %I', i.name, i.table_identity, c.name),
    'put what is compared by equality first, what is searched by range last')
  FROM steward.catalog_index AS i
       JOIN steward.catalog_column AS c ON c.relation = i.relation AND array_position(i.keys, c.number) < i.key_count
  WHERE c.type IN ('timestamp'::regtype, 'timestamptz'::regtype) AND i.method = 'btree' AND NOT i.is_unique
  ORDER BY i.oid, c.number
$$;
SELECT steward.add_rule('index-timestamp-not-last', 'note', 'An index with keys after a time', false);
