-- The text NULL, not nothing.
CREATE FUNCTION steward.rule_column_null_string_default(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('the default of %s.%I is the text NULL', c.table_identity, c.name),
    format('ALTER TABLE %s ALTER %I DROP DEFAULT, and mend the rows that have it', c.table_identity, c.name), part => c.number)
  FROM steward.catalog_column AS c JOIN steward.catalog_default AS d ON d.relation = c.relation AND d.number = c.number
  WHERE CASE WHEN c.type IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) THEN d.expression ~* '^''null''(::|$)' END
$$;
SELECT steward.add_rule('column-null-string-default', 'warning', 'A default that is the text NULL');
