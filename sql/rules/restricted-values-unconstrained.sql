-- "actve", or 7, gets in where nothing keeps it out. What ANALYZE saw confirms it: a column of many values is none of
-- these. The state of an address is a place; a level or a priority that is a number is a measure.
CREATE FUNCTION steward.rule_restricted_values_unconstrained(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  -- Few are left of many, and only they are compared with the rest of the catalog: without MATERIALIZED that would be done first. The
  -- pattern is tried where the type fits, and nowhere else: a CASE is not taken apart.
  WITH named AS MATERIALIZED (
    SELECT c.* FROM steward.catalog_column AS c
    WHERE CASE WHEN c.type IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) THEN c.name ~ (options ->> 'pattern')
               WHEN c.type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN c.name ~ (options ->> 'pattern')
                 AND c.name !~ '(^|_)(level|priority)$' END
      AND NOT c.checked_by_domain AND NOT c.is_inherited AND c.generated = '')
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I takes any %s', c.table_identity, c.name,
                                                                  CASE t.typcategory WHEN 'N' THEN 'number' ELSE 'text' END),
    format('ALTER TABLE %s ADD CHECK (%I IN (...)) NOT VALID, then VALIDATE CONSTRAINT; or an enum, or a foreign key to a table of values',
           c.table_identity, c.name),
    part => c.number)
  FROM named AS c JOIN pg_type AS t ON t.oid = c.type
       LEFT JOIN steward.catalog_statistics() AS s ON s.schema_name = c.schema_name AND s.table_name = c.table_name
         AND s.column_name = c.name
  WHERE coalesce(s.n_distinct, 0) BETWEEN -0.1 AND (options ->> 'values')::numeric
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.relation AND k.contype IN ('c', 'f') AND c.number = ANY (k.conkey))
    -- A table of the values themselves.
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.relation AND k.contype IN ('p', 'u') AND k.conkey = ARRAY[c.number])
    AND NOT (c.name ~ '(^|_)state$' AND EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = c.relation AND NOT a.attisdropped
        AND a.attname ~ ('^' || left(c.name, -5) || '(city|country|zip|zip_?code|post_?code|postal_code|street|address)')))
    -- One half of a polymorphic reference names tables; the other half is then not unique by itself.
    AND CASE WHEN c.name LIKE '%\_type' THEN NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = c.relation AND a.attname = regexp_replace(c.name, '_type$', '_id') AND NOT a.attisdropped
        AND a.attnum::text <> ALL (ARRAY(SELECT i.indkey::text FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisunique)))
          ELSE true END
$$;
SELECT steward.add_rule('restricted-values-unconstrained', 'warning', 'A status, type or role that takes any value',
  options => '{"pattern": "(^|_)(status|state|kind|type|role|level|priority|visibility|gender)$", "values": 50}');
