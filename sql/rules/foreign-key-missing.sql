-- A column called after a table, of the type of that table's key, that does not refer to it. What comes from outside
-- (stripe_id) names no table; one half of a polymorphic pair (x_type beside x_id) refers to several. Where a key is called
-- after its table, a role may stand before it (manager_staff_id, of staff_id).
CREATE FUNCTION steward.rule_foreign_key_missing(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH key AS (
    SELECT t.oid, t.schema_name, t.name, t.identity, c.type, c.name AS column_name, n.called
    FROM pg_constraint AS k JOIN steward.catalog_table AS t ON t.oid = k.conrelid
         JOIN steward.catalog_column AS c ON c.relation = t.oid AND k.conkey = ARRAY[c.number]
         CROSS JOIN LATERAL (VALUES ('table ' || t.name), ('key ' || c.name)) AS n (called)
    WHERE k.contype = 'p' AND (n.called LIKE 'table %' OR c.name ~ '.._id$')),
  candidate AS (
    SELECT c.*, left(c.name, -3) AS stem, n.called
    FROM steward.catalog_column AS c
         CROSS JOIN LATERAL (SELECT string_to_array(c.name, '_') AS words) AS w
         CROSS JOIN LATERAL (
           SELECT 'table ' || unnest(ARRAY[left(c.name, -3), left(c.name, -3) || 's', left(c.name, -3) || 'es',
                                           regexp_replace(left(c.name, -3), 'y$', 'ies')]) AS called
           UNION
           SELECT 'key ' || array_to_string(w.words[n:], '_') FROM generate_series(2, cardinality(w.words) - 1) AS n) AS n
    WHERE c.name LIKE '%__\_id'),
  fitting AS MATERIALIZED (
    SELECT c.*, k.oid AS key, k.identity, k.column_name FROM candidate AS c JOIN key AS k ON k.schema_name = c.schema_name
      AND k.type = c.type AND k.called = c.called)
  SELECT DISTINCT ON (c.relation, c.number) steward.blame('pg_class', c.relation, c.relation,
    format('%s.%I looks like a reference to %s, and is none', c.table_identity, c.name, c.identity),
    format('ALTER TABLE %s ADD FOREIGN KEY (%I) REFERENCES %s NOT VALID, then VALIDATE CONSTRAINT', c.table_identity, c.name, c.identity),
    part => c.number,
    remedy => format('reference of %s.%I', c.table_identity, c.name))
  FROM fitting AS c
  WHERE NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = c.relation AND f.contype = 'f' AND c.number = ANY (f.conkey))
    AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.relation AND a.attname = c.stem || '_type' AND NOT a.attisdropped)
    AND NOT (c.key = c.relation AND c.name = c.column_name)
    -- The key of a table whose own key is of the same name (todo_id of todo) is the key itself.
    AND NOT EXISTS (SELECT FROM pg_constraint AS p WHERE p.conrelid = c.relation AND p.contype = 'p' AND p.conkey = ARRAY[c.number])
    -- The partitions may each have the foreign key; one without it has it not.
    AND NOT (EXISTS (SELECT FROM steward.catalog_table AS t WHERE t.oid = c.relation AND t.kind = 'p') AND NOT EXISTS (
      SELECT FROM pg_partition_tree(c.relation) AS p
      WHERE p.isleaf AND NOT EXISTS (
        SELECT FROM pg_attribute AS a JOIN pg_constraint AS f ON f.conrelid = a.attrelid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)
        WHERE a.attrelid = p.relid AND a.attname = c.name)))
    -- Children of old-style inheritance have their parent's key.
    AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.relation AND i.inhparent = c.key)
  ORDER BY c.relation, c.number, c.identity COLLATE "C"
$$;
SELECT steward.add_rule('foreign-key-missing', 'warning', 'A column that names another table and has no foreign key to it');
