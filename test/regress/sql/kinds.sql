\set SHOW_CONTEXT never
-- Whatever stands in the catalogs is a fact, part of one, or named by steward.uncompared(). First an object of every kind.
\set ECHO none
\i test/regress/support/every_kind.sql
\set ECHO all
SELECT lo_create(0) > 0 AS large_object;
SET client_min_messages = error;
CREATE SUBSCRIPTION regress_every_feed CONNECTION 'host=nowhere password=secret' PUBLICATION p WITH (connect = false, slot_name = NONE);
SELECT current_database() AS here \gset
ALTER DATABASE :"here" SET application_name = 'none';
ALTER ROLE regress_every_owner IN DATABASE :"here" SET app.secret = 'hidden';
CREATE EXTENSION IF NOT EXISTS tsm_system_rows SCHEMA every;
ALTER FUNCTION every.twice(integer) DEPENDS ON EXTENSION tsm_system_rows;
REVOKE EXECUTE ON FUNCTION pg_sleep(double precision), every.system_rows(internal) FROM PUBLIC;
GRANT SELECT (rolname), UPDATE (rolname) ON pg_authid TO regress_every_reader WITH GRANT OPTION;
SET SESSION AUTHORIZATION regress_every_reader;
GRANT UPDATE (name) ON every.person TO regress_every_owner;
GRANT USAGE ON SCHEMA every TO regress_every;
RESET SESSION AUTHORIZATION;

-- What is not compared goes by name, with the reason. Of settings and subscriptions the name is all that is read.
SELECT u.kind, u.identity, u.reason FROM steward.uncompared() AS u WHERE u.identity NOT LIKE '%of the database' OR u.identity LIKE 'app%' ORDER BY 1, 2;
SELECT steward.snapshot_json()::text ~ 'nowhere|secret=|hidden' AS told;

-- Privileges of what is no fact are facts where they are not what they were at first.
SELECT s.identity, s.needs, s.definition FROM steward.snapshot() AS s WHERE s.kind = 'privileges' ORDER BY 1;
SELECT s.definition -> 'depends_on_extension' AS goes_with, s.needs FROM steward.snapshot() AS s WHERE s.id = 'function every.twice(integer)';
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO PUBLIC;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
GRANT EXECUTE ON FUNCTION every.system_rows(internal) TO PUBLIC;
REVOKE ALL (rolname) ON pg_authid FROM regress_every_reader;
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;
SELECT count(*) AS different FROM steward.facts() AS f WHERE f.kind = 'privileges';

-- The walk: each object of each catalog that has objects.
CREATE FUNCTION pg_temp.unaccounted(left_out text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  catalog regclass;
BEGIN
  CREATE TEMP TABLE accounted AS
    SELECT f.address FROM steward.facts() AS f WHERE f.kind <> left_out UNION SELECT u.address FROM steward.uncompared() AS u;
  INSERT INTO accounted SELECT a.address FROM steward.address_aliases() AS a JOIN accounted AS t ON t.address = a.target;
  FOR catalog IN
    SELECT c.oid::regclass FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'oid'
    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared AND c.relname <> 'pg_enum'
    ORDER BY c.relname COLLATE "C"
  LOOP
    RETURN QUERY EXECUTE format($walk$
      WITH RECURSIVE object AS (
        SELECT CASE WHEN '%1$s' = 'pg_largeobject_metadata' THEN 2613 ELSE %2$s END AS class,
               CASE WHEN '%1$s' = 'pg_largeobject_metadata' THEN 0 ELSE o.oid END AS oid FROM %1$s AS o WHERE o.oid >= 16384
      ), root (class, oid, at_class, at_oid) AS (
        SELECT o.class::oid, o.oid, o.class::oid, o.oid FROM object AS o
        UNION
        SELECT r.class, r.oid, d.refclassid, d.refobjid
        FROM root AS r JOIN pg_depend AS d ON d.classid = r.at_class AND d.objid = r.at_oid AND d.deptype IN ('i', 'P', 'S', 'e')
      )
      SELECT '%1$s: ' || coalesce((SELECT i.type || ' ' || i.identity FROM pg_identify_object(r.class, r.oid, 0) AS i), 'large objects')
      FROM root AS r
      WHERE NOT EXISTS (SELECT FROM pg_constraint AS k  -- 18 has NOT NULL here; a parent's check is the parent's
                        WHERE r.class = 2606 AND k.oid = r.oid AND (k.contype = 'n' OR k.coninhcount > 0 AND NOT k.conislocal))
      GROUP BY r.class, r.oid
      HAVING bool_and(NOT EXISTS (SELECT FROM accounted AS a WHERE a.address IN (format('%%s:%%s:0', r.at_class, r.at_oid)))
                      AND r.at_class <> 3079)$walk$, catalog, catalog::oid::integer);
  END LOOP;
  DROP TABLE accounted;
END
$$;
SELECT missing FROM pg_temp.unaccounted('') AS missing WHERE missing !~ '\msteward\M|pg_temp|pg_toast' ORDER BY missing COLLATE "C";
SELECT missing FROM pg_temp.unaccounted('conversion') AS missing WHERE missing ~ '^pg_conversion';

-- And each catalog is walked with an object of it there, or is told of otherwise: a release with another one shows here.
SELECT c.relname AS catalog FROM pg_class AS c
LEFT JOIN (VALUES
  ('pg_aggregate', 'its function'), ('pg_attribute', 'columns are facts'), ('pg_depend', 'needs'), ('pg_description', 'an attribute'),
  ('pg_enum', 'an attribute of its type'), ('pg_foreign_table', 'its table'), ('pg_index', 'its relation'), ('pg_inherits', 'its table'),
  ('pg_init_privs', 'privileges'), ('pg_partitioned_table', 'its table'), ('pg_range', 'its type'), ('pg_seclabel', 'an attribute'),
  ('pg_sequence', 'its relation'), ('pg_ts_config_map', 'its configuration'),
  ('pg_largeobject', 'data'), ('pg_statistic', 'data'), ('pg_statistic_ext_data', 'data'), ('pg_subscription_rel', 'the state of a subscription'),
  ('pg_database', 'named'), ('pg_db_role_setting', 'named'), ('pg_subscription', 'named'), ('pg_shdescription', 'named'), ('pg_shseclabel', 'named'),
  ('pg_auth_members', 'the cluster''s'), ('pg_authid', 'the cluster''s'), ('pg_parameter_acl', 'the cluster''s'), ('pg_tablespace', 'the cluster''s'),
  ('pg_replication_origin', 'the cluster''s'), ('pg_shdepend', 'the cluster''s')) AS told (catalog, how) ON told.catalog = c.relname
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND told.catalog IS NULL
  AND coalesce((xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM pg_catalog.%I WHERE (to_jsonb(%1$I.*) ->> ''oid'')::oid >= 16384', c.relname),
                                                    false, true, '')))[1]::text, '0') = '0';

ALTER DATABASE :"here" RESET application_name;
ALTER ROLE regress_every_owner IN DATABASE :"here" RESET ALL;
DROP SUBSCRIPTION regress_every_feed;
SELECT count(lo_unlink(oid)) AS unlinked FROM pg_largeobject_metadata;
DROP EVENT TRIGGER regress_every_watch;
DROP PUBLICATION regress_every_news, regress_every_schema, regress_every_all;
DROP SCHEMA every, "Other One" CASCADE;
DROP ACCESS METHOD regress_every_pile;
DROP OWNED BY regress_every_reader CASCADE;
DROP OWNED BY regress_every_owner;
DROP OWNED BY regress_every CASCADE;
DROP ROLE regress_every, regress_every_owner, regress_every_reader;
