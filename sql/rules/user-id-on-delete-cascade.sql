-- A user who is deleted leaves nothing behind. What must survive its user (an audit, a ledger) is waived, or listed as shared.
CREATE FUNCTION steward.rule_user_id_on_delete_cascade(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_constraint', k.oid, k.relation,
    format('foreign key %I of %s does not cascade: its user''s rows would stay', k.name, k.table_identity),
    format('make it again with ON DELETE CASCADE: ADD CONSTRAINT ... NOT VALID, VALIDATE CONSTRAINT, then DROP CONSTRAINT %I', k.name),
    remedy => format('action on delete of %I on %s', k.name, k.table_identity))
  FROM steward.catalog_column AS c
       JOIN steward.catalog_foreign_key AS k ON k.relation = c.relation AND c.number = ANY (k.columns)
       CROSS JOIN (SELECT steward.user_table(options) AS oid) AS u
  WHERE c.name = options ->> 'owner_column' AND k.on_delete <> 'c' AND (u.oid IS NULL OR k.referenced = u.oid)
    AND NOT steward.is_listed(c.schema_name, c.table_name, options -> 'shared_tables')
$$;
SELECT steward.add_rule('user-id-on-delete-cascade', 'error', 'An owner''s foreign key that does not cascade');
