-- The schema and the role that owns the ledger. Nobody logs in as that role and nobody is a member of
-- it: the ledger's rows are written in its name by steward.begin_step, end_step and record alone.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'steward_ledger') THEN
    CREATE ROLE steward_ledger NOLOGIN NOINHERIT;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of the cluster was quicker
END
$$;

-- Functions that anybody may call (an application's identity among them) live here too.
GRANT USAGE ON SCHEMA steward TO PUBLIC;

-- Whoever creates the extension may own the schema it made; an owner could drop it with the ledger in it.
ALTER SCHEMA steward OWNER TO CURRENT_USER;

CREATE FUNCTION steward.lock_key() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 8319385975070548992;  -- the bytes of 'steward', then a zero
COMMENT ON FUNCTION steward.lock_key() IS
'The advisory lock that a runner holds, in the transaction of each step, while it writes the ledger of this database.';
