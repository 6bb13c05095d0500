-- Drift: whether the schema still is what the ledger last recorded, and what the ledger knows of an object. A fingerprint is
-- recorded with a run's last step, provided that the schema was as recorded when the run began: so it stands for what the
-- revisions made, and for nothing that somebody did in between.

-- What a comparison with the revisions found right, after the row of that seq. A cache, as steward.known_object.
CREATE TABLE steward.compared_schema (
  seq          bigint PRIMARY KEY,
  fingerprint  text NOT NULL
);
REVOKE ALL ON steward.compared_schema FROM PUBLIC;
COMMENT ON TABLE steward.compared_schema IS
'The fingerprint of the schema that steward drift found to be what the revisions make, and the row of the ledger after which it did. One row, or none.';

-- These name the ledger's tables only when they run: a restore makes them first.
CREATE FUNCTION steward.recorded_fingerprint(OUT seq bigint, OUT fingerprint text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT l.seq, coalesce(l.fingerprint, (SELECT c.fingerprint FROM steward.compared_schema AS c WHERE c.seq = l.seq)) INTO seq, fingerprint
  FROM steward.ledger AS l
  WHERE l.direction IS NOT NULL AND l.action IN ('started', 'upgrade', 'downgrade', 'stamp', 'adopt', 'repair')
  ORDER BY l.seq DESC LIMIT 1;
END
$$;
COMMENT ON FUNCTION steward.recorded_fingerprint() IS
'The last row of the ledger that says what is applied, and the fingerprint of the schema after it; NULL when none was taken.';

CREATE FUNCTION steward.is_empty() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (
    SELECT FROM (SELECT 1259::oid, oid, relnamespace FROM pg_class UNION ALL SELECT 1255, oid, pronamespace FROM pg_proc UNION ALL
                 SELECT 1247, oid, typnamespace FROM pg_type UNION ALL SELECT 2615, oid, oid FROM pg_namespace WHERE nspname <> 'public')
                AS o (class, oid, schema) JOIN pg_namespace AS n ON n.oid = o.schema
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e'))
$$;
COMMENT ON FUNCTION steward.is_empty() IS
'Whether nothing was made here yet: no relation, routine, type or schema but public and what extensions brought.';

CREATE FUNCTION steward.schema_state() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  recorded record := steward.recorded_fingerprint();
BEGIN
  IF recorded.seq IS NULL THEN
    RETURN CASE WHEN steward.is_empty() THEN 'unchanged' ELSE 'unknown' END;
  ELSIF recorded.fingerprint IS NULL THEN
    RETURN 'unknown';
  -- Untouched since it was last looked at: what is known is what is there.
  ELSIF (SELECT bit_xor(k.tally) FROM steward.known_object AS k) = steward.tally() THEN
    RETURN CASE steward.fingerprint_of_known() WHEN recorded.fingerprint THEN 'unchanged' ELSE 'changed' END;
  END IF;
  RETURN CASE steward.fingerprint() WHEN recorded.fingerprint THEN 'unchanged' ELSE 'changed' END;
END
$$;
COMMENT ON FUNCTION steward.schema_state() IS
'Whether the schema is what the ledger last recorded: unchanged; changed; unknown, when no fingerprint was recorded (a run that was interrupted, a stamp): only a comparison with the revisions can tell. Without changes it costs a tally. Locks: AccessShareLock on catalogs.';

CREATE FUNCTION steward.keep_compared(seen bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
  recorded record := steward.recorded_fingerprint();
BEGIN
  IF recorded.seq IS NULL OR steward.tally() IS DISTINCT FROM seen THEN
    RETURN false;
  END IF;
  DELETE FROM steward.compared_schema;
  INSERT INTO steward.compared_schema VALUES (recorded.seq, steward.known_fingerprint());
  RETURN true;
EXCEPTION
  WHEN lock_not_available THEN RETURN false;  -- a step that is under way changes the schema
END
$$;
COMMENT ON FUNCTION steward.keep_compared(bigint) IS
'Remembers that the schema of this tally was found to be what the applied revisions make; false when it was changed since, or a step is under way. Locks: as steward.known_fingerprint().';

-- A run begins and ends: what keeps a fingerprint from being taken must not keep a revision from being applied.
CREATE FUNCTION steward.run_begins() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  recorded record := steward.recorded_fingerprint();
BEGIN
  IF recorded.seq IS NOT NULL AND recorded.fingerprint IS NULL THEN
    RETURN false;
  ELSIF recorded.seq IS NULL THEN
    RETURN steward.schema_state() = 'unchanged';
  ELSIF steward.known_fingerprint() = recorded.fingerprint THEN
    RETURN true;
  END IF;
  RAISE WARNING 'the schema is not what the ledger last recorded' USING HINT = 'See what differs: steward drift';
  RETURN false;
EXCEPTION
  WHEN OTHERS THEN
    RAISE WARNING 'the schema cannot be compared with what the ledger last recorded: %', SQLERRM;
    RETURN false;
END
$$;
COMMENT ON FUNCTION steward.run_begins() IS
'Whether the schema is what the applied revisions made, as far as the ledger knows, so that its fingerprint may be recorded when the run ends; a WARNING when it was changed by others. Locks: as steward.known_fingerprint().';

CREATE FUNCTION steward.run_ends() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN steward.known_fingerprint();
EXCEPTION
  WHEN OTHERS THEN
    RAISE WARNING 'no fingerprint of the schema is recorded: %', SQLERRM;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION steward.run_ends() IS 'The fingerprint to record with a run''s last step; NULL and a WARNING when it cannot be had. Locks: as steward.known_fingerprint().';

CREATE FUNCTION steward.has_objects(wanted jsonb) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(bool_and(encode(o.fingerprint, 'hex') IS NOT DISTINCT FROM w.fingerprint), true)
  FROM jsonb_each_text(wanted) AS w (id, fingerprint) LEFT JOIN steward.objects() AS o ON o.id = w.id
$$;
COMMENT ON FUNCTION steward.has_objects(jsonb) IS
'Whether these objects, by the ids of steward.objects(), are there with these fingerprints; null: whether it is not there. What undoes a drift asks it, so that it does nothing where the drift is not.';

CREATE FUNCTION steward.last_touched(names text[]) RETURNS TABLE (n bigint, seq bigint, action text, revision text, at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT o.n, l.seq, l.action, l.revision, l.started_at
  FROM unnest(names) WITH ORDINALITY AS o (name, n) CROSS JOIN LATERAL (
    SELECT r.* FROM steward.ledger AS r
    WHERE r.action IN ('upgrade', 'downgrade')
      AND (EXISTS (SELECT FROM jsonb_array_elements(r.statements) AS s
                   WHERE s -> 'locks' ->> o.name NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'))
           OR CASE WHEN o.name ~ '^("([^"]|"")+"|[^". ()]+)(\.("([^"]|"")+"|[^". ()]+))?$' THEN to_regclass(o.name) END IS NULL
              AND strpos(lower(CASE r.action WHEN 'upgrade' THEN r.upgrade ELSE r.downgrade END),
                         nullif(lower(regexp_replace(split_part(o.name, '(', 1), '^.*\.', '')), '')) > 0)
    ORDER BY r.seq DESC LIMIT 1) AS l;
END
$$;
COMMENT ON FUNCTION steward.last_touched(text[]) IS
'For each of these names (from 1, as steward.snapshot() has them) the row of the last step that took a lock on it under which a definition can change; for what nothing locks, a function or a type, of the last step whose script names it.';

CREATE FUNCTION steward.touched_by_hand(names text[])
RETURNS TABLE (n bigint, at timestamptz, statement text, "session_user" name, seq bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT o.n, u.at, u.statement, u."session_user", u.seq
  FROM unnest(names) WITH ORDINALITY AS o (name, n)
  JOIN steward.unmanaged AS u
    ON u.objects && ARRAY[o.name, split_part(o.name, '(', 1), regexp_replace(split_part(o.name, '(', 1), '^.*\.', '')]
  ORDER BY u.at, u.n;
END
$$;
COMMENT ON FUNCTION steward.touched_by_hand(text[]) IS
'For each of these names the statements by hand that named it, oldest first, as steward.unmanaged has them: a function or a type perhaps without its schema.';

REVOKE EXECUTE ON FUNCTION steward.look_at_objects(), steward.known_fingerprint(), steward.keep_compared(bigint),
  steward.run_begins(), steward.run_ends() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.run_begins(), steward.run_ends() TO steward_ledger;
GRANT EXECUTE ON FUNCTION steward.keep_compared(bigint) TO pg_database_owner;
