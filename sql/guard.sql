-- The guard (extension/guard.cpp): who turns it on, and what it lets pass. The mode is the setting steward.guard, by database and by
-- role; what is free of it, whoever does it, is in a table that anybody may read: it is looked at in the name of whoever does the DDL.
CREATE TABLE steward.guard_waiver (
  kind        text NOT NULL CHECK (kind IN ('schema', 'command', 'partitions')),
  name        text NOT NULL,
  reason      text NOT NULL CHECK (btrim(reason) <> ''),
  until       timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  created_by  name NOT NULL DEFAULT session_user,
  ended_by    name
);
GRANT SELECT ON steward.guard_waiver TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('steward.guard_waiver', '');
COMMENT ON TABLE steward.guard_waiver IS
'What the guard lets pass unrecorded, and what it once let pass: steward.waive_guard adds to it, and nothing '
'takes away. Carried by pg_dump.';
COMMENT ON COLUMN steward.guard_waiver.kind IS
'schema: DDL all of whose objects are in it; command: statements of this tag; partitions: CREATE TABLE ... PARTITION OF, ATTACH, DETACH '
'and DROP of partitions of this table.';
COMMENT ON COLUMN steward.guard_waiver.name IS 'The schema''s name, the command tag, or schema.table.';
COMMENT ON COLUMN steward.guard_waiver.until IS 'When it ends, or ended; NULL: never.';
COMMENT ON COLUMN steward.guard_waiver.ended_by IS 'Who ended it before its time.';

CREATE FUNCTION steward.is_guard_waived(tag text, schemas text[], partitioned text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH in_force AS (SELECT w.kind, w.name FROM steward.guard_waiver AS w WHERE w.until IS NULL OR w.until > clock_timestamp())
  SELECT EXISTS (SELECT FROM in_force WHERE kind = 'command' AND name = tag)
      OR EXISTS (SELECT FROM in_force WHERE kind = 'partitions' AND name = partitioned)
      OR (cardinality(schemas) > 0
          AND schemas <@ ARRAY(SELECT name FROM in_force WHERE kind = 'schema'))
$$;
COMMENT ON FUNCTION steward.is_guard_waived(text, text[], text) IS
'Whether a waiver lets a statement pass: its command tag, the schemas of all the objects it names, and the partitioned table of the '
'partitions that are its only objects (empty: none). Locks: ACCESS SHARE on steward.guard_waiver.';

CREATE FUNCTION steward.waive_guard(kind text, name text, reason text, until timestamptz DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  problem text := CASE
    WHEN waive_guard.kind IS NULL OR waive_guard.kind NOT IN ('schema', 'command', 'partitions')
      THEN 'the kind is schema, command or partitions'
    WHEN name IS NULL OR name = '' THEN 'the name is missing'
    WHEN coalesce(btrim(reason), '') = '' THEN 'a waiver needs a reason'
    WHEN until <= clock_timestamp() THEN 'it would have ended already'
  END;
BEGIN
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION 'waive_guard: %', problem USING ERRCODE = 'invalid_parameter_value', HINT = 'See docs/guard.md.';
  END IF;
  INSERT INTO steward.guard_waiver AS w (kind, name, reason, until)
  VALUES (waive_guard.kind, CASE waive_guard.kind WHEN 'command' THEN upper(waive_guard.name) ELSE waive_guard.name END,
          waive_guard.reason, waive_guard.until);
END
$$;
COMMENT ON FUNCTION steward.waive_guard(text, text, text, timestamptz) IS
'Lets DDL pass the guard unrecorded: in a schema, of a command tag, or about the partitions of a table (schema.table), until a time or for '
'good. Error: 22023. Locks: ROW EXCLUSIVE on steward.guard_waiver.';

CREATE FUNCTION steward.end_guard_waiver(kind text, name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE steward.guard_waiver AS w SET until = clock_timestamp(), ended_by = session_user
  WHERE (w.until IS NULL OR w.until > clock_timestamp()) AND w.kind = end_guard_waiver.kind
    AND w.name = CASE end_guard_waiver.kind WHEN 'command' THEN upper(end_guard_waiver.name) ELSE end_guard_waiver.name END;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the guard is not waived for % "%"', kind, name
      USING ERRCODE = 'undefined_object', HINT = 'SELECT kind, name, until FROM steward.guard_waiver;';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.end_guard_waiver(text, text) IS
'Ends the waivers of the guard of this kind and name that are in force; their rows stay. Error: 42704. Locks: ROW '
'EXCLUSIVE on steward.guard_waiver.';

CREATE FUNCTION steward.preload() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  libraries text := coalesce(
    (SELECT split_part(setting, '=', 2)
     FROM pg_db_role_setting, unnest(setconfig) AS setting
     WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) AND setrole = 0
       AND setting LIKE 'session\_preload\_libraries=%'),
    current_setting('session_preload_libraries'));
  library text := '$libdir/pg_steward';
BEGIN
  IF concat_ws(',', current_setting('shared_preload_libraries'), libraries) ~ '(^|[,/" ])pg_steward($|[," .])' THEN
    RETURN;
  END IF;
  -- A library that cannot be found would keep everybody out of this database.
  BEGIN
    LOAD '$libdir/pg_steward';
  EXCEPTION WHEN undefined_file THEN
    LOAD 'pg_steward';  -- along dynamic_library_path
    library := 'pg_steward';
  END;
  EXECUTE format('ALTER DATABASE %I SET session_preload_libraries = %s', current_database(),
    (SELECT string_agg(quote_literal(btrim(name, ' "')), ', ')
     FROM regexp_split_to_table(concat_ws(',', nullif(libraries, ''), library), ',') AS name));
END
$$;
COMMENT ON FUNCTION steward.preload() IS
'Has every new session of this database load the library, beside what it loads already. For steward.set_guard alone.';

CREATE FUNCTION steward.set_guard(mode text, role name DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF mode IS NULL OR mode NOT IN ('off', 'warn', 'enforce') THEN
    RAISE EXCEPTION 'set_guard: the mode is off, warn or enforce' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF mode <> 'off' THEN
    PERFORM steward.preload();
  END IF;
  EXECUTE CASE WHEN role IS NULL THEN format('ALTER DATABASE %I', current_database())
               ELSE format('ALTER ROLE %I IN DATABASE %I', role, current_database()) END
          || format(' SET steward.guard = %L', mode);
END
$$;
COMMENT ON FUNCTION steward.set_guard(text, name) IS
'Sets the guard for this database, or for a role in it (which counts before the database), from its next session on: off, warn or enforce; '
'and has sessions load the library. Itself DDL by hand: recorded, and where the guard is enforced it needs steward.break_glass. Errors: '
'22023, 42704 for a role that is not there. Locks: those of ALTER DATABASE ... SET.';

REVOKE EXECUTE ON FUNCTION steward.preload(), steward.set_guard(text, name), steward.waive_guard(text, text, text, timestamptz),
  steward.end_guard_waiver(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.set_guard(text, name), steward.waive_guard(text, text, text, timestamptz),
  steward.end_guard_waiver(text, text) TO pg_database_owner;
