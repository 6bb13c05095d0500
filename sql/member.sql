-- Membership: the ledger is made with the schema, and then let go, so that it outlives the extension.
REVOKE EXECUTE ON FUNCTION steward.install_ledger_objects(), steward.own_ledger() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION steward.install_ledger() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.install_ledger() TO pg_database_owner;

CREATE FUNCTION steward.release_ledger() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  member record;
BEGIN
  FOR member IN
    SELECT o.type, o.identity
    FROM pg_depend AS d, pg_identify_object(d.classid, d.objid, 0) AS o
    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
      AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pg_steward')
      AND ((d.classid = 'pg_class'::regclass
            AND (SELECT relowner FROM pg_class WHERE oid = d.objid) = 'steward_ledger'::regrole)
           OR d.objid = to_regprocedure('steward.refuse_change()'))
  LOOP
    EXECUTE format('ALTER EXTENSION pg_steward DROP %s %s', member.type, member.identity);
  END LOOP;
END
$$;
COMMENT ON FUNCTION steward.release_ledger() IS 'Takes the ledger, its views and its trigger function out of the extension''s membership.';
REVOKE EXECUTE ON FUNCTION steward.release_ledger() FROM PUBLIC;

-- A schema that was there before came from a restore, which brings the ledger itself, or from an earlier
-- time of the extension: what is in it is taken up, nothing is made. A schema that this transaction
-- made and nobody has commented on was made by CREATE EXTENSION (pg_dump always carries our comment).
DO $$
DECLARE
  fresh boolean := (SELECT n.xmin = pg_catalog.pg_current_xact_id()::pg_catalog.xid
                           AND pg_catalog.obj_description(n.oid, 'pg_namespace') IS NULL
                    FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'steward');
BEGIN
  IF fresh OR pg_catalog.to_regclass('steward.ledger') IS NOT NULL THEN
    PERFORM steward.install_ledger();
    PERFORM steward.release_ledger();
  END IF;
END
$$;
-- What is isolated belongs to the database's tables: a dump carries it.
SELECT pg_catalog.pg_extension_config_dump('steward.isolated', '');

COMMENT ON SCHEMA steward IS 'pg_steward: revision ledger, row isolation and schema hygiene';
