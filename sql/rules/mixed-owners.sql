-- Who may alter what then depends on who happened to make it.
CREATE FUNCTION steward.rule_mixed_owners(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_namespace', g.schema, NULL,
    format('the tables of schema %I belong to several roles: %s', g.schema_name,
           string_agg(format('%s (%s)', o.rolname, g.tables), ', ' ORDER BY g.tables DESC, o.rolname COLLATE "C")),
    'REASSIGN OWNED, or ALTER TABLE ... OWNER TO, to the role that migrates')
  FROM (SELECT t.schema, t.schema_name, t.owner, count(*) AS tables FROM steward.catalog_table AS t GROUP BY 1, 2, 3) AS g
    JOIN pg_roles AS o ON o.oid = g.owner
  GROUP BY g.schema, g.schema_name HAVING count(*) > 1
$$;
SELECT steward.add_rule('mixed-owners', 'warning', 'A schema whose tables belong to several roles');
