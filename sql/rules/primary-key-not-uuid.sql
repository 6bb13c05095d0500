-- A policy: uuid, bigint (identity or default), or any. Keys of several columns, keys that are foreign keys (one to one,
-- links) and natural keys of small tables are not keys of this kind.
CREATE FUNCTION steward.rule_primary_key_not_uuid(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('the primary key of %s is %s, not %s', c.table_identity, format_type(c.declared_type, NULL), options ->> 'type'),
    format('make new tables with %s; for one in use the change rewrites it and everything that refers to it',
           CASE options ->> 'type' WHEN 'uuid' THEN 'id uuid PRIMARY KEY DEFAULT gen_random_uuid()'
                                   ELSE 'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY' END),
    part => c.number)
  FROM pg_constraint AS k JOIN steward.catalog_column AS c ON c.relation = k.conrelid AND k.conkey = ARRAY[c.number]
  WHERE k.contype = 'p' AND options ->> 'type' <> 'any'
    AND c.type <> CASE options ->> 'type' WHEN 'uuid' THEN 'uuid'::regtype ELSE 'bigint'::regtype END
    -- A key that the database does not make is a natural one.
    AND (c.has_default OR c.identity_kind <> '' OR c.type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'uuid'::regtype))
    AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = k.conrelid AND f.contype = 'f' AND c.number = ANY (f.conkey))
$$;
SELECT steward.add_rule('primary-key-not-uuid', 'warning', 'A primary key of another type than the configured one', options => '{"type": "uuid"}');
