-- pg_upgrade refuses a database that keeps these: they are numbers that mean something in this cluster only.
CREATE FUNCTION steward.rule_column_type_reg(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I is %s, which pg_upgrade refuses', c.table_identity, c.name,
                                                                  format_type(c.type, NULL)),
    format('keep the name: ALTER TABLE %s ALTER %I TYPE text', c.table_identity, c.name), part => c.number)
  FROM steward.catalog_column AS c
  -- regclass, regrole and regtype keep their numbers through an upgrade.
  WHERE NOT c.is_inherited AND c.type IN ('regcollation'::regtype, 'regconfig'::regtype, 'regdictionary'::regtype, 'regnamespace'::regtype,
                                          'regoper'::regtype,
                   'regoperator'::regtype, 'regproc'::regtype, 'regprocedure'::regtype)
$$;
SELECT steward.add_rule('column-type-reg', 'error', 'A column of a type that pg_upgrade refuses');
