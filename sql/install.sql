-- Taking up the ledger: made when it is not there, examined when it is. A ledger found in the schema may
-- come from a restore or from before DROP EXTENSION; it may also be somebody's trap.
CREATE FUNCTION steward.examine_ledger() RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('its columns are %s', found)
  FROM (SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) AS found
        FROM pg_attribute
        WHERE attrelid = to_regclass('steward.ledger') AND attnum > 0 AND NOT attisdropped) AS shape
  WHERE found <> 'seq bigint, format smallint, action text, direction text, revision text, parents text[], '
    'depends_on text[], labels text[], message text, heads text[], upgrade text, downgrade text, '
    'upgrade_checksum text, downgrade_checksum text, file text, run text, runner text, session_role name, '
    'acting_role name, client_addr inet, application_name text, started_at timestamp with time zone, '
    'duration_ms double precision, transaction xid8, system_identifier bigint, wal_bytes bigint, '
    'statements jsonb, fingerprint text, detail jsonb, previous_hash bytea, hash bytea'
  UNION ALL
  SELECT format('%I has a trigger of its own, %I', relname, tgname)
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE tgrelid IN (to_regclass('steward.ledger'), to_regclass('steward.script'), to_regclass('steward.unchained'))
    AND NOT tgisinternal AND tgfoid IS DISTINCT FROM to_regprocedure('steward.refuse_change()')
  UNION ALL
  SELECT format('%I is not protected by its trigger', relname)
  FROM pg_class
  WHERE oid IN (to_regclass('steward.ledger'), to_regclass('steward.script'))
    AND NOT EXISTS (SELECT FROM pg_trigger
                    WHERE tgrelid = pg_class.oid AND tgenabled = 'A' AND tgtype = 58  -- before, no row, update|delete|truncate
                      AND tgfoid = to_regprocedure('steward.refuse_change()'))
  UNION ALL
  SELECT format('%I has a rule, a policy, a default, a parent or a child', relname)
  FROM pg_class
  WHERE oid IN (to_regclass('steward.ledger'), to_regclass('steward.script'), to_regclass('steward.unchained'))
    AND (relkind <> 'r' OR relhasrules OR relrowsecurity OR relhassubclass
         OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid)
         OR EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
         OR EXISTS (SELECT FROM pg_attrdef WHERE adrelid = pg_class.oid))
  UNION ALL
  SELECT name || ' is missing' FROM unnest(ARRAY['steward.script', 'steward.unchained']) AS name
  WHERE to_regclass(name) IS NULL
$$;
COMMENT ON FUNCTION steward.examine_ledger() IS
'What keeps the ledger found in schema steward from being taken up, one line each; no row: nothing.';

CREATE FUNCTION steward.own_ledger() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ledger', 'script', 'unchained', 'revision', 'head', 'history', 'open_step', 'unmanaged'] LOOP
    EXECUTE format('ALTER TABLE steward.%I OWNER TO steward_ledger', name);
  END LOOP;
END
$$;
COMMENT ON FUNCTION steward.own_ledger() IS 'Gives the ledger, its scripts and its views back to steward_ledger.';

CREATE FUNCTION steward.install_ledger() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  problems text;
  owner name;
BEGIN
  IF to_regclass('steward.ledger') IS NULL THEN
    PERFORM steward.install_ledger_objects();
    RETURN 'created';
  END IF;
  SELECT string_agg(problem, E'\n') INTO problems FROM steward.examine_ledger() AS problem;
  IF problems IS NOT NULL THEN
    RAISE EXCEPTION 'the table steward.ledger found here cannot be taken up'
      USING ERRCODE = 'ST005', DETAIL = problems,
            HINT = 'It is not a ledger of pg_steward, or it was altered. Look at it, then move it away: ALTER TABLE steward.ledger RENAME TO ...';
  END IF;
  SELECT rolname INTO owner FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner
  WHERE pg_class.oid = to_regclass('steward.ledger');
  IF owner = 'steward_ledger' THEN
    RETURN 'present';
  END IF;
  -- A restore without owners leaves it with whoever restored. Only a superuser can vouch for it.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
    RAISE EXCEPTION 'the ledger found in schema steward belongs to role "%", not to "steward_ledger"', owner
      USING ERRCODE = 'ST005',
            DETAIL = 'Whoever owns it could have written anything into it.',
            HINT = 'A superuser who trusts it can take it up: SELECT steward.install_ledger();';
  END IF;
  PERFORM steward.own_ledger();
  RETURN 'adopted';
END
$$;
COMMENT ON FUNCTION steward.install_ledger() IS
'Makes the ledger (created), or examines the one that is there and takes it up (present; adopted, when it had another owner). Locks: those of CREATE TABLE. Errors: ST005 when what is there is not a ledger.';
