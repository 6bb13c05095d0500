-- Dropping the column leaves it behind, and TRUNCATE ... RESTART IDENTITY passes it by. One that several columns read is
-- shared on purpose.
CREATE FUNCTION steward.rule_sequence_not_owned(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', s.oid, c.relation, format('sequence %s fills %s.%I and does not belong to it', s.identity,
                                                             c.table_identity, c.name),
    'give it to the column',
    CASE WHEN s.owner = t.owner AND s.schema_name = c.schema_name THEN format('ALTER SEQUENCE %s OWNED BY %s.%I;', s.identity,
      c.table_identity, c.name) END,
    CASE WHEN s.owner = t.owner AND s.schema_name = c.schema_name THEN format('ALTER SEQUENCE %s OWNED BY NONE;', s.identity) END)
  FROM steward.catalog_relation AS s
       JOIN (SELECT d.refobjid AS sequence, min(f.oid) AS default_oid FROM pg_depend AS d JOIN pg_attrdef AS f ON f.oid = d.objid
             WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass
             GROUP BY d.refobjid HAVING count(*) = 1) AS u ON u.sequence = s.oid
       JOIN pg_attrdef AS f ON f.oid = u.default_oid
       JOIN steward.catalog_column AS c ON c.relation = f.adrelid AND c.number = f.adnum
       JOIN steward.catalog_table AS t ON t.oid = c.relation
  WHERE s.kind = 'S'
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass
                      AND d.deptype IN ('a', 'i'))
$$;
SELECT steward.add_rule('sequence-not-owned', 'note', 'A sequence that fills one column and does not belong to it');
