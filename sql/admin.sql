-- Admins: roles that may reach every row, and cannot do so unrecorded. A record that is written by the transaction that reads would
-- go with its rollback; so it is announced first, in a transaction of its own, and what reads needs one that is committed.
CREATE TABLE steward.admin_access (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  role              name NOT NULL,
  identity          text,
  reason            text NOT NULL,
  announced_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at        timestamptz NOT NULL,
  transaction       xid8 NOT NULL DEFAULT pg_current_xact_id(),
  client_addr       inet DEFAULT inet_client_addr(),
  application_name  text DEFAULT current_setting('application_name')
);
REVOKE ALL ON steward.admin_access FROM PUBLIC;
GRANT SELECT ON steward.admin_access TO pg_database_owner;
CREATE FUNCTION steward.refuse_access_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% of steward.% is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege', DETAIL = 'It records who reached whose rows, and a record is never changed.';
END
$$;
COMMENT ON FUNCTION steward.refuse_access_change() IS 'Keeps steward.admin_access append-only.';
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON steward.admin_access
  FOR EACH STATEMENT EXECUTE FUNCTION steward.refuse_access_change();
ALTER TABLE steward.admin_access ENABLE ALWAYS TRIGGER refuse_change;
COMMENT ON TABLE steward.admin_access IS
'Append-only: which role announced access to whose rows (identity; NULL: everybody''s), why, from where, until when. The server''s log has a line for each transaction that used it.';

CREATE FUNCTION steward.announce_admin(reason text, identity text DEFAULT NULL, lifetime interval DEFAULT '1 hour') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number bigint;
BEGIN
  IF coalesce(btrim(reason), '') = '' THEN
    RAISE EXCEPTION 'access to other people''s rows needs a reason' USING ERRCODE = 'invalid_parameter_value';
  ELSIF lifetime IS NULL OR lifetime <= '0' OR lifetime > '1 day' THEN
    RAISE EXCEPTION 'access is announced for a day at most' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  INSERT INTO steward.admin_access (role, identity, reason, expires_at)
  VALUES (session_user, announce_admin.identity, announce_admin.reason, clock_timestamp() + lifetime)
  RETURNING id INTO number;
  RETURN number;
END
$$;
COMMENT ON FUNCTION steward.announce_admin(text, text, interval) IS
'Records that the role that logged in is going to reach every row, or the rows of one identity, and why; good for later transactions, for an hour or as said. Returns the record''s number. Who may call it: steward.grant_admin. Error: 22023. Locks: ROW EXCLUSIVE on steward.admin_access.';

CREATE FUNCTION steward.use_announcement(whose text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  announced record;
BEGIN
  SELECT a.id, a.reason INTO announced
  FROM steward.admin_access AS a
  WHERE a.role = session_user AND a.identity IS NOT DISTINCT FROM whose AND a.expires_at > clock_timestamp()
    AND a.transaction IS DISTINCT FROM pg_current_xact_id_if_assigned()
  ORDER BY a.id DESC LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no announced access of role "%" is in force', session_user
      USING ERRCODE = 'insufficient_privilege', DETAIL = 'It is recorded before it is used, by a transaction that is committed.',
            HINT = format('SELECT steward.announce_admin(''the reason''%s);', CASE WHEN whose IS NULL THEN '' ELSE ', ' || quote_literal(whose) END);
  END IF;
  RAISE LOG 'admin access %: role "%" reaches %: %', announced.id, session_user,
    CASE WHEN whose IS NULL THEN 'every row' ELSE format('the rows of "%s"', whose) END, announced.reason;
END
$$;
COMMENT ON FUNCTION steward.use_announcement(text) IS
'Finds the committed announcement of the role that logged in, for this identity or (NULL) for everybody, and writes a line to the server''s log. Error: 42501.';

CREATE FUNCTION steward.seal_admin() RETURNS void
LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'steward_seal_admin';
COMMENT ON FUNCTION steward.seal_admin() IS 'Seals the transaction for an admin. For steward.act_as_admin alone. Error: 42501.';

CREATE FUNCTION steward.act_as_admin() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM steward.use_announcement(NULL);
  PERFORM steward.seal_admin();
END
$$;
COMMENT ON FUNCTION steward.act_as_admin() IS
'Lets this transaction reach every row of the tables whose policies let admins, as announced; it acts for nobody, sealed like any identity. Errors: 42501 without an announcement, or when the transaction acts for somebody.';

CREATE FUNCTION steward.impersonate(identity text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF identity IS NULL THEN
    RAISE EXCEPTION 'an identity cannot be NULL' USING ERRCODE = 'null_value_not_allowed';
  END IF;
  PERFORM steward.use_announcement(identity);
  PERFORM steward.act_as(identity);
END
$$;
COMMENT ON FUNCTION steward.impersonate(text) IS
'As steward.act_as, for a role that announced it: support sees what this user sees. Errors: 42501 without an announcement for this identity, and those of act_as.';

CREATE FUNCTION steward.grant_admin(role name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION steward.announce_admin(text, text, interval), steward.act_as_admin(), '
                 'steward.impersonate(text) TO %I', role);
END
$$;
COMMENT ON FUNCTION steward.grant_admin(name) IS
'Lets a role announce access to other people''s rows, and use it. Which tables let it is said where they are isolated. Locks: none that others wait for.';

REVOKE EXECUTE ON FUNCTION steward.refuse_access_change(), steward.announce_admin(text, text, interval), steward.use_announcement(text),
  steward.seal_admin(), steward.act_as_admin(), steward.impersonate(text), steward.grant_admin(name) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.grant_admin(name) TO pg_database_owner;
