-- What a step must satisfy before anything is done: shared by the C++ functions and by a portable twin.
CREATE FUNCTION steward.read_entry(entry jsonb, caller text,
  OUT action text, OUT revision text, OUT direction text, OUT parents text[], OUT depends_on text[], OUT expected text[],
  OUT file text, OUT line integer, OUT transactional boolean, OUT progress boolean,
  OUT upgrade_checksum text, OUT downgrade_checksum text, OUT run text, OUT first boolean, OUT last boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  problem text;
BEGIN
  IF jsonb_typeof(entry) = 'object' THEN
    SELECT * INTO action, revision, direction, parents, depends_on, expected, file, line, transactional,
                  progress, upgrade_checksum, downgrade_checksum, run, first, last
    FROM jsonb_to_record(entry) AS said (action text, revision text, direction text, parents text[], depends_on text[],
      expected text[], file text, line integer, transactional boolean, progress boolean, upgrade_checksum text,
      downgrade_checksum text, run text, first boolean, last boolean);
  END IF;
  problem := CASE
    WHEN jsonb_typeof(entry) IS DISTINCT FROM 'object' THEN 'the argument must be a JSON object'
    WHEN revision IS NULL AND direction IS NOT NULL THEN '"revision" is missing'
    WHEN length(revision) NOT BETWEEN 1 AND 128 THEN '"revision" must have 1 to 128 characters'
    WHEN direction NOT IN ('upgrade', 'downgrade') THEN '"direction" must be upgrade or downgrade'
  END;
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION '%: %', caller, problem USING ERRCODE = 'invalid_parameter_value', HINT = 'See docs/protocol.md.';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.read_entry(jsonb, text) IS
'The fields of an entry, typed; a malformed one is refused in the name of the function that was called. Errors: 22023, 22P02.';

CREATE FUNCTION steward.check_direction(direction text, id text, needed text[], heads text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  culprit text;
BEGIN
  IF steward.is_applied(id) = (direction = 'upgrade') THEN
    RAISE EXCEPTION 'revision "%" is % applied', id, CASE direction WHEN 'upgrade' THEN 'already' ELSE 'not' END
      USING ERRCODE = 'ST002', HINT = 'See what is applied: steward current';
  END IF;
  IF direction = 'upgrade' THEN
    FOREACH culprit IN ARRAY needed LOOP
      EXIT WHEN NOT steward.is_applied(culprit);
      culprit := NULL;
    END LOOP;
  ELSE
    -- What revises a head is not applied; the rest is looked up by name, not through the view of all.
    culprit := (SELECT l.revision FROM steward.ledger AS l
                WHERE (id = ANY (l.depends_on) OR (id = ANY (l.parents) AND id <> ALL (heads)))
                  AND steward.is_applied(l.revision) LIMIT 1);
  END IF;
  IF culprit IS NOT NULL THEN
    RAISE EXCEPTION '%', CASE direction
                           WHEN 'upgrade' THEN format('revision "%s" stands on "%s", which is not applied', id, culprit)
                           ELSE format('revision "%s" cannot be undone while "%s" stands on it', id, culprit) END
      USING ERRCODE = 'ST002', HINT = 'See what is applied: steward current';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_direction(text, text, text[], text[]) IS
'Refuses a step whose revision is already where the step would take it, or that others stand in the way of. Error: ST002.';

CREATE FUNCTION steward.heads_of_step(id text, direction text, parents text[], depends_on text[], expected text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  heads text[] := steward.current_heads();
BEGIN
  IF id IS NULL OR direction IS NULL THEN
    RAISE EXCEPTION 'begin_step: "revision" and "direction" are needed'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'See docs/protocol.md.';
  END IF;
  PERFORM steward.expect_heads(expected, heads);
  PERFORM steward.check_direction(direction, id, coalesce(parents, '{}') || coalesce(depends_on, '{}'), heads);
  RETURN steward.heads_after(heads, direction, id, parents);
END
$$;
COMMENT ON FUNCTION steward.heads_of_step(text, text, text[], text[], text[]) IS
'The heads after this step; refuses one that cannot be taken from the ledger''s heads. Errors: 22023, ST001, ST002.';

-- The role is text: a parameter of type name would give every comparison in here collation "C", which the
-- ledger's indexes do not have.
CREATE FUNCTION steward.check_step(step jsonb, acting_role text,
  OUT heads text, OUT revision text, OUT direction text, OUT file text, OUT line integer,
  OUT transactional boolean, OUT progress boolean, OUT upgrade_checksum text, OUT downgrade_checksum text,
  OUT run text, OUT first boolean, OUT last boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said record;
BEGIN
  IF NOT has_function_privilege(session_user, 'steward.record(jsonb)'::regprocedure, 'EXECUTE')
     AND NOT has_function_privilege(acting_role, 'steward.record(jsonb)'::regprocedure, 'EXECUTE') THEN
    RAISE EXCEPTION 'role "%" may not run steps in this database', session_user
      USING ERRCODE = 'insufficient_privilege',
            HINT = format('As the database''s owner: SELECT steward.grant_runner(%L);', session_user);
  END IF;
  -- One query decides the plain case, which is nearly every step of a deploy: the next revision of a line,
  -- onto the only head that it needs. What is not plain is looked at thoroughly.
  SELECT s.*, l.heads AS before,
         s.direction = 'upgrade' AND length(s.revision) BETWEEN 1 AND 128 AND s.expected = l.heads
           AND s.depends_on = '{}' AND s.parents = l.heads
           AND NOT EXISTS (SELECT FROM steward.ledger AS earlier WHERE earlier.revision = s.revision) AS plain
  INTO said
  FROM jsonb_to_record(step) AS s (revision text, direction text, parents text[], depends_on text[], expected text[],
         file text, line integer, transactional boolean, progress boolean, upgrade_checksum text, downgrade_checksum text,
         run text, first boolean, last boolean),
       (SELECT newest.heads FROM steward.ledger AS newest ORDER BY newest.seq DESC LIMIT 1) AS l
  WHERE jsonb_typeof(step) = 'object';
  IF said.plain THEN
    heads := jsonb_build_array(said.revision)::text;
  ELSE
    said := steward.read_entry(step, 'begin_step');
    heads := to_jsonb(steward.heads_of_step(said.revision, said.direction, said.parents, said.depends_on, said.expected))::text;
  END IF;
  revision := said.revision;
  direction := said.direction;
  file := coalesce(said.file, said.revision);
  line := coalesce(said.line, 1);
  transactional := coalesce(said.transactional, true);
  progress := coalesce(said.progress, false);
  upgrade_checksum := said.upgrade_checksum;
  downgrade_checksum := said.downgrade_checksum;
  run := said.run;
  first := coalesce(said.first, false);
  last := coalesce(said.last, false);
END
$$;
COMMENT ON FUNCTION steward.check_step(jsonb, text) IS
'Whether this step may be taken now, by this role, from these heads; returns the heads after it (JSON) and the fields of the step that the caller needs. The caller holds the runner lock. Errors: 42501, 22023, 22P02, ST001, ST002.';
