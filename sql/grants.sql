-- Who may do what. PUBLIC gets nothing that writes; the ledger's own role does the writing.
-- The owner comes first: pg_dump compares privileges with those of the last GRANT or REVOKE here, and would
-- carry the change of owner along as REVOKEs, which fail in a restore by another role.
ALTER FUNCTION steward.record(jsonb) OWNER TO steward_ledger;
REVOKE EXECUTE ON FUNCTION steward.append_row(jsonb, jsonb, name, inet, text, xid8), steward.append_entry(jsonb, jsonb),
  steward.take_lock(), steward.record(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.append_row(jsonb, jsonb, name, inet, text, xid8), steward.append_entry(jsonb, jsonb),
  steward.take_lock(), steward.record(jsonb) TO steward_ledger;
GRANT EXECUTE ON FUNCTION steward.record(jsonb) TO pg_database_owner;

CREATE FUNCTION steward.grant_runner(role name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('GRANT SELECT ON steward.ledger, steward.script, steward.revision, steward.head, steward.history, '
                 'steward.open_step, steward.unmanaged TO %I', role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION steward.record(jsonb), steward.install_ledger(), steward.keep_compared(bigint) TO %I', role);
END
$$;
COMMENT ON FUNCTION steward.grant_runner(name) IS
'Lets a role run steps and read the ledger. The database''s owner and superusers may without it. Locks: AccessShareLock on the objects granted.';
REVOKE EXECUTE ON FUNCTION steward.grant_runner(name) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.grant_runner(name) TO pg_database_owner;
