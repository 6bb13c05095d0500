-- Strict roles: members of this one (extension/strict.cpp). Being a member is nothing that the member can change, it is shown by
-- \du and carried by pg_dumpall: GRANT steward_strict TO app;
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'steward_strict') THEN
    CREATE ROLE steward_strict NOLOGIN NOINHERIT;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of the cluster was quicker
END
$$;
