-- A column called after a table, of the type of that table's key, that does not refer to it. What comes from outside
-- (stripe_id) names no table; one half of a polymorphic pair (x_type beside x_id) refers to several.
CREATE FUNCTION steward.rule_foreign_key_missing(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH key AS (
    SELECT t.oid, t.schema_name, t.name, t.identity, c.type, c.name AS column_name
    FROM pg_constraint AS k JOIN steward.catalog_table AS t ON t.oid = k.conrelid
         JOIN steward.catalog_column AS c ON c.relation = t.oid AND k.conkey = ARRAY[c.number]
    WHERE k.contype = 'p'),
  candidate AS (
    SELECT c.*, left(c.name, -3) AS stem, called
    FROM steward.catalog_column AS c
         CROSS JOIN LATERAL (SELECT DISTINCT unnest(ARRAY[left(c.name, -3), left(c.name, -3) || 's', left(c.name, -3) || 'es',
                                                          regexp_replace(left(c.name, -3), 'y$', 'ies')]) AS called) AS n
    WHERE c.name ~ '.._id$')
  SELECT DISTINCT ON (c.relation, c.number) steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I looks like a reference to %s, and is none', c.table_identity, c.name, k.identity),
    format('ALTER TABLE %s ADD FOREIGN KEY (%I) REFERENCES %s NOT VALID, then VALIDATE CONSTRAINT', c.table_identity, c.name, k.identity),
    part => c.number)
  FROM candidate AS c
       JOIN key AS k ON k.schema_name = c.schema_name AND k.type = c.type
            AND k.name = c.called
  WHERE NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = c.relation AND f.contype = 'f' AND c.number = ANY (f.conkey))
    AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.relation AND a.attname = c.stem || '_type' AND NOT a.attisdropped)
    AND NOT (k.oid = c.relation AND c.name = k.column_name)
    -- The key of a table whose own key is of the same name (todo_id of todo) is the key itself.
    AND NOT EXISTS (SELECT FROM pg_constraint AS p WHERE p.conrelid = c.relation AND p.contype = 'p' AND p.conkey = ARRAY[c.number])
    -- The partitions may each have the foreign key.
    AND NOT EXISTS (SELECT FROM pg_inherits AS i
                         JOIN pg_constraint AS f ON f.conrelid = i.inhrelid AND f.contype = 'f'
                         JOIN pg_attribute AS a ON a.attrelid = i.inhrelid AND a.attname = c.name AND a.attnum = ANY (f.conkey)
                    WHERE i.inhparent = c.relation)
    -- Children of old-style inheritance have their parent's key.
    AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.relation AND i.inhparent = k.oid)
  ORDER BY c.relation, c.number, k.identity COLLATE "C"
$$;
SELECT steward.add_rule('foreign-key-missing', 'warning', 'A column that names another table and has no foreign key to it');
