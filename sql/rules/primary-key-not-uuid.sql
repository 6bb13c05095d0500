-- A policy: uuid, bigint (identity or default), or any. Keys of several columns, keys that are foreign keys (one to one,
-- links) and natural keys are not keys of this kind: a key is made where the database makes it, or where it is called id or
-- after its table. A constant default makes one row, and no keys.
CREATE FUNCTION steward.rule_primary_key_not_uuid(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('the primary key of %s is %s, not %s', c.table_identity, format_type(c.declared_type, NULL), options ->> 'type'),
    format('make new tables with %s; for one in use the change rewrites it and everything that refers to it',
           CASE options ->> 'type' WHEN 'uuid' THEN 'id uuid PRIMARY KEY DEFAULT gen_random_uuid()'
                                   ELSE 'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY' END),
    part => c.number)
  FROM pg_constraint AS k JOIN steward.catalog_column AS c ON c.relation = k.conrelid AND k.conkey = ARRAY[c.number]
       LEFT JOIN steward.catalog_default AS d ON c.has_default AND d.relation = c.relation AND d.number = c.number
  WHERE k.contype = 'p' AND options ->> 'type' <> 'any'
    AND c.type <> CASE options ->> 'type' WHEN 'uuid' THEN 'uuid'::regtype ELSE 'bigint'::regtype END
    AND (c.identity_kind <> '' OR d.expression LIKE '%(%'
         OR d.expression IS NULL AND c.type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'uuid'::regtype)
            AND (c.name = 'id' OR c.table_name IN (left(c.name, -3), left(c.name, -3) || 's', left(c.name, -3) || 'es',
                                                   regexp_replace(left(c.name, -3), 'y$', 'ies'))))
    AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = k.conrelid AND f.contype = 'f' AND c.number = ANY (f.conkey))
$$;
SELECT steward.add_rule('primary-key-not-uuid', 'warning', 'A primary key of another type than the configured one',
                        options => '{"type": "uuid"}');
