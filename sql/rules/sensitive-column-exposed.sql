-- Whoever may read the table reads these too, unless the grant names columns.
CREATE FUNCTION steward.rule_sensitive_column_exposed(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I can be read by %s', c.table_identity, c.name, g.grantees),
    'grant SELECT on the other columns, or on a view without it', part => c.number)
  FROM steward.catalog_column AS c
       JOIN steward.catalog_table AS t ON t.oid = c.relation
       CROSS JOIN LATERAL (
         SELECT string_agg(DISTINCT name, ', ' ORDER BY name) AS grantees
         FROM (SELECT 'PUBLIC' COLLATE "C" AS name FROM aclexplode(t.acl) AS p WHERE p.grantee = 0 AND p.privilege_type = 'SELECT'
               UNION ALL
               SELECT r.rolname::text COLLATE "C" FROM pg_roles AS r
               WHERE options -> 'application_roles' ? r.rolname::text AND has_column_privilege(r.oid, c.relation, c.number,
                 'SELECT')) AS n) AS g
  WHERE CASE WHEN t.acl IS NOT NULL OR options -> 'application_roles' <> '[]' THEN c.name ~ (options ->> 'pattern') END
    AND g.grantees IS NOT NULL
$$;
SELECT steward.add_rule('sensitive-column-exposed', 'warning', 'A password or number of identity that an application role can read',
  options => '{"pattern": "(^|_)(password|passwd|password_hash|password_digest|encrypted_password|ssn|secret|private_key|credit_card|card_number|iban|totp_secret)$"}');
