-- The owner of a schema can drop what is in it, whoever that belongs to. public belongs to the database's owner.
CREATE FUNCTION steward.rule_schema_owner_differs(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_namespace', s.oid, NULL,
    format('schema %I belongs to %s, %s of its tables to others', s.name, o.rolname, count(*)),
    format('ALTER SCHEMA %I OWNER TO the role that migrates', s.name))
  FROM steward.catalog_schema AS s JOIN pg_roles AS o ON o.oid = s.owner JOIN steward.catalog_table AS t ON t.schema = s.oid
    AND t.owner <> s.owner
  WHERE s.name <> 'public' GROUP BY s.oid, s.name, o.rolname
$$;
SELECT steward.add_rule('schema-owner-differs', 'warning', 'A schema that belongs to another role than its tables');
