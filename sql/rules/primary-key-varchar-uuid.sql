-- 37 bytes instead of 16, compared by collation. A default that makes uuids says so; else what ANALYZE saw does.
CREATE FUNCTION steward.rule_primary_key_varchar_uuid(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('the primary key %s.%I holds uuids as %s', c.table_identity, c.name, format_type(c.declared_type, c.modifier)),
    format('ALTER TABLE %s ALTER %I TYPE uuid USING %I::uuid rewrites the table and needs the columns that refer to it changed too',
           c.table_identity, c.name, c.name), part => c.number)
  FROM pg_constraint AS k
       JOIN steward.catalog_column AS c ON c.relation = k.conrelid AND k.conkey = ARRAY[c.number]
       LEFT JOIN steward.catalog_default AS d ON d.relation = c.relation AND d.number = c.number
       LEFT JOIN steward.catalog_statistics() AS s ON s.schema_name = c.schema_name AND s.table_name = c.table_name
         AND s.column_name = c.name
  WHERE k.contype = 'p' AND c.type IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
    AND (d.expression ~ '(gen_random_uuid|uuid_generate_v\d+|uuidv[47])\('
         OR (c.modifier = -1 OR c.modifier - 4 BETWEEN 32 AND 40)
            AND s.histogram::text[] IS NOT NULL
            AND NOT EXISTS (SELECT FROM unnest(s.histogram::text[]) AS v
                            WHERE v !~* '^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$'))
$$;
SELECT steward.add_rule('primary-key-varchar-uuid', 'warning', 'A primary key that holds uuids as text');
