-- Two billion is reached by tables that nobody expected to grow, and the change then rewrites table and references.
-- A table small enough to be a list of values, known by a key that nothing makes (no default, or a constant), is left alone.
CREATE FUNCTION steward.rule_primary_key_short_integer(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('the primary key of %s is %s, which ends at %s', c.table_identity, format_type(c.type, NULL),
           CASE c.type WHEN 'int2'::regtype THEN 32767 ELSE 2147483647 END),
    'make it bigint while the table is small; in a large one: add a bigint column, fill it in batches, swap the two', part => c.number)
  FROM pg_constraint AS k JOIN steward.catalog_column AS c ON c.relation = k.conrelid AND k.conkey = ARRAY[c.number]
       LEFT JOIN steward.catalog_default AS d ON c.has_default AND d.relation = c.relation AND d.number = c.number
  WHERE k.contype = 'p' AND c.type IN ('int2'::regtype, 'int4'::regtype) AND (d.expression LIKE '%(%' OR c.identity_kind <> '')
    AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = k.conrelid AND f.contype = 'f' AND c.number = ANY (f.conkey))
$$;
SELECT steward.add_rule('primary-key-short-integer', 'warning', 'A generated primary key of smallint or integer');
