-- A matter of taste: names and numbers from outside change, and a key that changes drags its references along.
CREATE FUNCTION steward.rule_primary_key_natural(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid,
    format('the primary key of %s is made of the business columns %s', t.identity, steward.column_list(t.oid, k.conkey)),
    'keep them UNIQUE NOT NULL, and let rows be named by a key of their own')
  FROM pg_constraint AS k JOIN steward.catalog_table AS t ON t.oid = k.conrelid
  WHERE k.contype = 'p' AND t.kind = 'r'
    AND EXISTS (SELECT FROM steward.catalog_column AS c
                WHERE c.relation = t.oid AND c.number = ANY (k.conkey) AND NOT c.has_default AND c.identity_kind = ''
                  AND c.type NOT IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'uuid'::regtype)
                  AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = t.oid AND f.contype = 'f'
                                  AND c.number = ANY (f.conkey)))
$$;
SELECT steward.add_rule('primary-key-natural', 'note', 'A primary key of business columns', false);
