-- What a step must satisfy before anything is done: shared by the C++ functions and by a portable twin.
CREATE FUNCTION steward.check_entry(entry jsonb, caller text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  problem text;
BEGIN
  problem := CASE
    WHEN jsonb_typeof(entry) IS DISTINCT FROM 'object' THEN 'the argument must be a JSON object'
    WHEN entry ->> 'revision' IS NULL AND entry ->> 'direction' IS NOT NULL THEN '"revision" is missing'
    WHEN length(entry ->> 'revision') NOT BETWEEN 1 AND 128 THEN '"revision" must have 1 to 128 characters'
    WHEN entry ->> 'direction' NOT IN ('upgrade', 'downgrade') THEN '"direction" must be upgrade or downgrade'
    ELSE (SELECT format('"%s" must be an array of text', field)
          FROM unnest(ARRAY['parents', 'depends_on', 'labels', 'expected']) AS field
          WHERE jsonb_typeof(entry -> field) NOT IN ('array', 'null') LIMIT 1)
  END;
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION '%: %', caller, problem USING ERRCODE = 'invalid_parameter_value', HINT = 'See docs/protocol.md.';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_entry(jsonb, text) IS 'Refuses a malformed entry, in the name of the function that was called. Error: 22023.';

CREATE FUNCTION steward.check_direction(step jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  id text := step ->> 'revision';
  upward boolean := step ->> 'direction' = 'upgrade';
  culprit text;
BEGIN
  IF steward.is_applied(id) = upward THEN
    RAISE EXCEPTION 'revision "%" is % applied', id, CASE WHEN upward THEN 'already' ELSE 'not' END
      USING ERRCODE = 'ST002', HINT = 'See what is applied: steward current';
  END IF;
  IF upward THEN
    SELECT needed INTO culprit
    FROM unnest(steward.text_array(step -> 'parents') || steward.text_array(step -> 'depends_on')) AS needed
    WHERE NOT steward.is_applied(needed) LIMIT 1;
  ELSE
    -- What revises a head is not applied; the rest is looked up by name, not through the view of all.
    SELECT revision INTO culprit FROM steward.ledger
    WHERE (id = ANY (depends_on) OR (id = ANY (parents) AND id <> ALL (steward.current_heads())))
      AND steward.is_applied(revision) LIMIT 1;
  END IF;
  IF culprit IS NOT NULL THEN
    RAISE EXCEPTION '%', CASE WHEN upward THEN format('revision "%s" stands on "%s", which is not applied', id, culprit)
                              ELSE format('revision "%s" cannot be undone while "%s" stands on it', id, culprit) END
      USING ERRCODE = 'ST002', HINT = 'See what is applied: steward current';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_direction(jsonb) IS
'Refuses a step whose revision is already where the step would take it, or that others stand in the way of. Error: ST002.';

CREATE FUNCTION steward.check_step(step jsonb, acting_role name,
  OUT heads text, OUT revision text, OUT direction text, OUT file text, OUT line integer,
  OUT transactional boolean, OUT upgrade_checksum text, OUT downgrade_checksum text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT has_function_privilege(session_user, 'steward.record(jsonb)', 'EXECUTE')
     AND NOT has_function_privilege(acting_role, 'steward.record(jsonb)', 'EXECUTE') THEN
    RAISE EXCEPTION 'role "%" may not run steps in this database', session_user
      USING ERRCODE = 'insufficient_privilege',
            HINT = format('As the database''s owner: SELECT steward.grant_runner(%L);', session_user);
  END IF;
  PERFORM steward.check_entry(step, 'begin_step');
  IF step ->> 'revision' IS NULL OR step ->> 'direction' IS NULL THEN
    RAISE EXCEPTION 'begin_step: "revision" and "direction" are needed'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'See docs/protocol.md.';
  END IF;
  PERFORM steward.expect_heads(step -> 'expected');
  PERFORM steward.check_direction(step);
  heads := to_jsonb(steward.heads_after(step))::text;
  revision := step ->> 'revision';
  direction := step ->> 'direction';
  file := coalesce(step ->> 'file', revision);
  line := coalesce((step ->> 'line')::integer, 1);
  transactional := coalesce((step ->> 'transactional')::boolean, true);
  upgrade_checksum := step ->> 'upgrade_checksum';
  downgrade_checksum := step ->> 'downgrade_checksum';
END
$$;
COMMENT ON FUNCTION steward.check_step(jsonb, name) IS
'Whether this step may be taken now, by this role, from these heads; returns the heads after it (JSON) and the fields of the step that the caller needs. The caller holds the runner lock. Errors: 42501, 22023, ST001, ST002.';
