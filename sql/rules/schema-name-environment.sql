-- The same schema must have the same name in every environment, or nothing can be carried from one to the other.
CREATE FUNCTION steward.rule_schema_name_environment(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_namespace', s.oid, NULL, format('schema %I is called after an environment', s.name),
                       'environments are databases, or servers')
  FROM steward.catalog_schema AS s
    WHERE s.name ~ '^(prod|production|stg|staging|stage|dev|development|test|qa|uat)(_|$)|_(prod|production|stg|staging|dev|development|qa|uat)$'
$$;
SELECT steward.add_rule('schema-name-environment', 'note', 'A schema called after an environment');
