-- An owner who does not exist. A composite key, (tenant_id, user_id), counts; so does one to a table that itself refers
-- to the users.
CREATE FUNCTION steward.rule_user_id_foreign_key(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH users AS MATERIALIZED (SELECT steward.user_table(options) AS oid),
  key AS MATERIALIZED (SELECT k.relation, k.referenced, n AS number FROM steward.catalog_foreign_key AS k, unnest(k.columns) AS n),
  held AS MATERIALIZED (
    SELECT k.relation, k.number FROM key AS k CROSS JOIN users AS u
    WHERE u.oid IS NULL OR k.referenced = u.oid
       OR k.referenced IN (SELECT o.relation FROM key AS o CROSS JOIN users AS v WHERE o.referenced = v.oid))
  SELECT steward.blame('pg_class', c.relation, c.relation,
    format('the owner column %s.%I has no foreign key%s', c.table_identity, c.name,
           coalesce(' to ' || steward.relation_identity(u.oid), '')),
    format('ALTER TABLE %s ADD FOREIGN KEY (%I) REFERENCES %s ON DELETE CASCADE NOT VALID, then VALIDATE CONSTRAINT', c.table_identity,
           c.name,
           coalesce(steward.relation_identity(u.oid), '...')), part => c.number,
    remedy => format('reference of %s.%I', c.table_identity, c.name))
  FROM steward.catalog_column AS c CROSS JOIN users AS u
  WHERE c.name = options ->> 'owner_column' AND c.relation IS DISTINCT FROM u.oid
    AND NOT EXISTS (SELECT FROM held AS k WHERE k.relation = c.relation AND k.number = c.number)
$$;
SELECT steward.add_rule('user-id-foreign-key', 'error', 'An owner column without a foreign key to the users');
