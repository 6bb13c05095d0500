-- Writing rows. These functions name the ledger's tables only when they run: a restore makes them first.

CREATE FUNCTION steward.ledger_hash(entry jsonb) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN  -- plpgsql keeps its plan from call to call: a body in SQL is planned again for every row written
  RETURN sha256(convert_to(jsonb_strip_nulls(entry - 'hash')::text, 'UTF8'));
END
$$;
COMMENT ON FUNCTION steward.ledger_hash(jsonb) IS
'SHA-256 of a ledger row in format 1: the row as jsonb, in time zone UTC, without hash and without NULLs, as UTF-8. A later column that is NULL in old rows leaves their hash as it is.';

CREATE FUNCTION steward.current_heads() RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN coalesce((SELECT heads FROM steward.ledger ORDER BY seq DESC LIMIT 1), '{}');
END
$$;
COMMENT ON FUNCTION steward.current_heads() IS 'The heads after the ledger''s last row.';

CREATE FUNCTION steward.is_applied(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- "+ 0" keeps the planner from walking back through the whole primary key for a revision that is not there.
  RETURN coalesce((SELECT direction = 'upgrade' FROM steward.ledger
                   WHERE revision = wanted AND direction IS NOT NULL
                     AND action IN ('upgrade', 'downgrade', 'stamp', 'adopt', 'repair')
                   ORDER BY seq + 0 DESC LIMIT 1), false);
END
$$;
COMMENT ON FUNCTION steward.is_applied(text) IS 'Whether the revision of this id is applied now.';

CREATE FUNCTION steward.heads_after(heads text[], direction text, id text, parents text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent text;
BEGIN
  IF direction IS NULL THEN
    RETURN heads;
  END IF;
  heads := array_remove(heads, id);
  FOREACH parent IN ARRAY coalesce(parents, '{}') LOOP
    IF direction = 'upgrade' THEN
      heads := array_remove(heads, parent);
    ELSIF steward.is_applied(parent)
          AND NOT EXISTS (SELECT FROM steward.ledger AS sibling
                          WHERE parent = ANY (sibling.parents) AND sibling.revision <> id
                            AND steward.is_applied(sibling.revision)) THEN
      heads := heads || parent;
    END IF;
  END LOOP;
  RETURN CASE direction WHEN 'upgrade' THEN heads || id ELSE heads END;
END
$$;
COMMENT ON FUNCTION steward.heads_after(text[], text, text, text[]) IS
'The heads once the revision has gone in that direction: those that it revises give way to it; undone, its parents return where nothing else applied revises them.';

CREATE FUNCTION steward.append_row(entry jsonb, outcome jsonb, session_role name, client_addr inet, application_name text,
  transaction xid8, OUT seq bigint, OUT hash text)
LANGUAGE plpgsql AS $$
DECLARE
  last record;
  filled steward.ledger;
BEGIN
  SELECT l.seq, l.hash, l.heads INTO last FROM steward.ledger AS l ORDER BY l.seq DESC LIMIT 1;
  filled := jsonb_populate_record(jsonb_populate_record(NULL::steward.ledger, entry), jsonb_build_object(
    'seq', coalesce(last.seq, 0) + 1,
    'format', 1,
    'action', outcome -> 'action',
    'parents', coalesce(entry -> 'parents', '[]'),
    'depends_on', coalesce(entry -> 'depends_on', '[]'),
    'labels', coalesce(entry -> 'labels', '[]'),
    'heads', coalesce(nullif(outcome -> 'heads', 'null'), to_jsonb(coalesce(last.heads, '{}'))),
    'session_role', session_role,
    'acting_role', outcome -> 'acting_role',
    'client_addr', host(client_addr),
    'application_name', application_name,
    'started_at', outcome -> 'started_at',
    'duration_ms', outcome -> 'duration_ms',
    'transaction', transaction::text,
    'system_identifier', outcome -> 'system_identifier',
    'wal_bytes', outcome -> 'wal_bytes',
    'statements', outcome -> 'statements',
    'fingerprint', outcome -> 'fingerprint',
    'detail', CASE WHEN jsonb_typeof(entry -> 'detail') = 'object'
                   THEN (entry -> 'detail') || coalesce(nullif(outcome -> 'detail', 'null'), '{}')
                   ELSE outcome -> 'detail' END,
    'previous_hash', coalesce(last.hash, ''),
    'hash', NULL));
  filled.hash := steward.ledger_hash(to_jsonb(filled));
  INSERT INTO steward.ledger SELECT filled.*;
  seq := filled.seq;
  hash := encode(filled.hash, 'hex');
END
$$;
COMMENT ON FUNCTION steward.append_row(jsonb, jsonb, name, inet, text, xid8) IS
'Adds a row to the end of the chain. For steward.append_entry alone, whose settings it needs.';

CREATE FUNCTION steward.append_entry(entry jsonb, outcome jsonb, OUT seq bigint, OUT hash text)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = 1
AS $$
DECLARE
  waiting record;
BEGIN
  IF EXISTS (SELECT FROM steward.unchained) THEN
    FOR waiting IN
      WITH taken AS (DELETE FROM steward.unchained RETURNING *)
      SELECT * FROM taken ORDER BY taken.transaction
    LOOP
      PERFORM steward.append_row(waiting.entry, waiting.outcome, waiting.session_role, waiting.client_addr,
                                 waiting.application_name, waiting.transaction);
    END LOOP;
  END IF;
  SELECT r.seq, r.hash INTO seq, hash
  FROM steward.append_row(entry, outcome, session_user, inet_client_addr(), current_setting('application_name'),
                          pg_current_xact_id()) AS r;
END
$$;
COMMENT ON FUNCTION steward.append_entry(jsonb, jsonb) IS
'Adds a row to the ledger. entry: what the runner says of the revision; its detail is kept with what outcome adds. outcome: what this side knows (action, heads if they change, acting_role, system_identifier, started_at, duration_ms, wal_bytes, statements, fingerprint, detail); everything else that matters is read from the server. The caller holds the runner lock.';

CREATE FUNCTION steward.take_lock() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(steward.lock_key()) THEN
    RAISE EXCEPTION 'another runner is at work on this database'
      USING ERRCODE = 'lock_not_available',
            HINT = 'Wait until it is done. Who it is: SELECT pid FROM pg_locks WHERE locktype = ''advisory'' AND classid = 1937007991;';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.take_lock() IS
'Tries the runner lock for this transaction and never waits: a waiter that holds a snapshot would stop another runner''s CREATE INDEX CONCURRENTLY for ever. Error: 55P03.';

CREATE FUNCTION steward.expect_heads(expected text[], heads text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (heads @> expected AND heads <@ expected) THEN
    RAISE EXCEPTION 'the ledger''s heads are %, not %', heads, expected
      USING ERRCODE = 'ST001',
            DETAIL = 'Something else changed the history after the plan was made.',
            HINT = 'Plan again: steward status';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.expect_heads(text[], text[]) IS
'Refuses heads that are not the expected ones, in any order; NULL expects nothing. Error: ST001.';

CREATE FUNCTION steward.record(entry jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
DECLARE
  said record;
  heads text[];
  revised boolean;
  recorded bigint;
BEGIN
  said := steward.read_entry(entry, 'record');
  IF said.action IS NULL OR said.action NOT IN ('stamp', 'adopt', 'repair', 'failed') THEN
    RAISE EXCEPTION 'record: "action" must be stamp, adopt, repair or failed, not %', entry -> 'action'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'See docs/protocol.md.';
  END IF;
  PERFORM steward.take_lock();
  heads := steward.current_heads();
  PERFORM steward.expect_heads(said.expected, heads);
  IF said.action <> 'failed' THEN
    -- What is applied already and is no head has others standing on it: said anew, it does not become one.
    revised := said.direction = 'upgrade' AND said.revision <> ALL (heads) AND steward.is_applied(said.revision);
    heads := steward.heads_after(heads, said.direction, said.revision, said.parents);
    IF revised THEN
      heads := array_remove(heads, said.revision);
    END IF;
  END IF;
  SELECT seq INTO recorded FROM steward.append_entry(entry, jsonb_build_object(
    'action', said.action,
    'heads', heads,
    'acting_role', session_user,
    'system_identifier', (pg_control_system()).system_identifier,
    'started_at', clock_timestamp(),
    'duration_ms', entry -> 'duration_ms',
    'statements', entry -> 'statements',
    'detail', entry -> 'detail'));
  RETURN recorded;
END
$$;
COMMENT ON FUNCTION steward.record(jsonb) IS
'Records what was done to the ledger without running a script: action stamp, adopt, repair or failed (docs/protocol.md). Takes the runner lock for the transaction. Returns the row''s seq. Errors: 55P03, ST001, 22023.';

CREATE FUNCTION steward.script_text(wanted text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT body FROM steward.script WHERE checksum = wanted ORDER BY piece;
END
$$;
COMMENT ON FUNCTION steward.script_text(text) IS
'A script that the ledger keeps in pieces, by its checksum, piece by piece in order.';
