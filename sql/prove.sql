-- prove_isolation: really tries, as two identities and as the application's role, in a subtransaction that is always
-- rolled back. What is judged is what the database did, not what the catalog says.
CREATE FUNCTION steward.become(role name, prover name, identity text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM set_config('role', prover, true);
  PERFORM steward.prove_as(identity);
  PERFORM set_config('role', role, true);
END
$$;
COMMENT ON FUNCTION steward.become(name, name, text) IS
'Acts for an identity, as a role; on the way the role is the prover''s, who alone may change the identity.';

CREATE FUNCTION steward.fingerprint_of(g steward.target) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  result text;
BEGIN
  EXECUTE format('SELECT coalesce(md5(string_agg(concat(r.ctid, r.xmin, r.tableoid), '' '' ORDER BY r.tableoid, r.ctid)), ''none'') FROM %s AS r WHERE %s',
                 g.relation, CASE WHEN (g.terms).owner_column IS NULL THEN 'true'
                                  ELSE format('r.%I = %L', (g.terms).owner_column, steward.owner_value(g.terms, g.victim)) END) INTO result;
  RETURN result;
END
$$;
COMMENT ON FUNCTION steward.fingerprint_of(steward.target) IS 'Which rows the victim has, and in which versions, as the identity and role of the moment see it.';

CREATE FUNCTION steward.error_tells(g steward.target, a steward.attempt, code text, said text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN a.kind = 'tells' THEN code = a.first OR (a.first = 'known' AND code = '23505')
    WHEN a.statement LIKE 'INSERT%' OR victim.owner IS NULL THEN false
    ELSE position(victim.owner IN said) > 0 AND position(victim.owner IN a.statement) = 0 END
  FROM (SELECT steward.owner_value(g.terms, g.victim)) AS victim (owner)
$$;
COMMENT ON FUNCTION steward.error_tells(steward.target, steward.attempt, text, text) IS
'Whether an attempt''s error gives away what it should not: by its code, or by showing the victim, whom the statement did not name.';

-- What the statement did when this identity ran it: "reached" says that it got at the victim's rows. Only an error of the
-- attempt itself is judged; one on the way to it ends the proof.
CREATE FUNCTION steward.try_as(g steward.target, a steward.attempt, identity text, OUT reached boolean, OUT detail text,
                               OUT sqlstate_seen text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  prover name := current_setting('role');
  trying boolean := false;
  before text;
  number bigint;
  said text;
  more text;
BEGIN
  PERFORM steward.become(g.role, prover, g.victim ->> 'identity');
  before := CASE WHEN a.kind = 'changes' THEN steward.fingerprint_of(g) END;
  PERFORM steward.become(g.role, prover, identity);
  trying := true;
  IF a.kind <> 'tells' AND a.first IS NOT NULL THEN
    EXECUTE a.first;
  END IF;
  IF a.kind IN ('reads', 'tells') AND a.statement NOT LIKE 'INSERT%' THEN
    EXECUTE a.statement INTO number;
  ELSE
    EXECUTE a.statement;
    GET DIAGNOSTICS number = ROW_COUNT;
  END IF;
  trying := false;
  PERFORM steward.become(g.role, prover, g.victim ->> 'identity');
  reached := CASE a.kind WHEN 'reads' THEN number > 0 WHEN 'refused' THEN true WHEN 'tells' THEN false
                         ELSE before IS DISTINCT FROM steward.fingerprint_of(g) END;
  detail := CASE WHEN NOT reached AND a.kind = 'reads' THEN 'saw nothing'
                 WHEN NOT reached THEN 'reached nothing'
                 WHEN a.kind = 'reads' THEN format('saw %s', number) WHEN a.kind = 'refused' THEN 'was not refused'
                 ELSE 'changed the other''s rows' END;
  RAISE EXCEPTION USING ERRCODE = 'ST011', MESSAGE = 'undo';
EXCEPTION
  WHEN SQLSTATE 'ST011' THEN
    NULL;
  WHEN OTHERS THEN
    IF NOT trying THEN
      RAISE;
    END IF;
    GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL;
    sqlstate_seen := SQLSTATE;
    reached := steward.error_tells(g, a, SQLSTATE, concat(said, more));
    detail := CASE WHEN reached AND a.kind = 'tells' THEN format('%s tells that the other has it', SQLSTATE)
                   WHEN reached THEN format('%s shows the other''s row', SQLSTATE) ELSE format('%s: %s', SQLSTATE, said) END;
END
$$;
COMMENT ON FUNCTION steward.try_as(steward.target, steward.attempt, text) IS
'Runs one attempt as this identity, in a subtransaction that is undone, and says whether it reached the victim''s rows, and how it ended.';

CREATE FUNCTION steward.judge(g steward.target, a steward.attempt, OUT outcome text, OUT detail text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tried record;
  nameless record;
  own record;
BEGIN
  SELECT * INTO tried FROM steward.try_as(g, a, g.intruder ->> 'identity');
  SELECT * INTO nameless FROM steward.try_as(g, a, NULL);
  detail := tried.detail;
  IF tried.reached OR (nameless.reached AND a.kind IN ('reads', 'changes')) THEN
    outcome := CASE WHEN a.first = 'known' THEN 'residual' ELSE 'leaked' END;
    detail := CASE WHEN tried.reached THEN tried.detail ELSE 'without any identity: ' || nameless.detail END;
    RETURN;
  END IF;
  outcome := CASE WHEN tried.sqlstate_seen IS NULL OR tried.sqlstate_seen IN ('42501', '23502', '23503', '55000', '428C9')
                       OR (a.statement LIKE 'INSERT%ON CONFLICT%' AND tried.sqlstate_seen = '23505') THEN 'held' ELSE 'failed' END;
  IF NOT a.control OR outcome = 'failed' THEN
    RETURN;
  END IF;
  SELECT * INTO own FROM steward.try_as(g, a, g.victim ->> 'identity');
  -- A foreign key that keeps the owner from deleting his row shows that he reached it.
  IF NOT own.reached AND own.sqlstate_seen IS DISTINCT FROM '42501'
     AND NOT (own.sqlstate_seen IS NOT DISTINCT FROM '23503' AND a.statement LIKE '%DELETE%') THEN
    outcome := 'failed';
    detail := format('the owner does not reach his row this way either (%s): nothing is proved', own.detail);
  END IF;
END
$$;
COMMENT ON FUNCTION steward.judge(steward.target, steward.attempt) IS
'The outcome of an attempt by another identity and by none: held; leaked; residual (a key that is taken cannot be hidden); failed: it proves nothing, as it ended in another error, or does not work for the owner either.';

CREATE FUNCTION steward.proving_role(relation regclass, role name) RETURNS name
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner oid := (SELECT relowner FROM pg_class WHERE oid = relation);
  chosen name := coalesce(role,
    (SELECT min(r) FROM steward.isolated AS i, unnest((i.terms).roles) AS r WHERE i.relation = proving_role.relation),
    (SELECT min(g.role) FROM steward.privileges(relation) AS g WHERE g.role IS NOT NULL AND g.privilege = 'SELECT'
     AND steward.is_bound(g.role)));
BEGIN
  IF chosen IS NULL THEN
    RAISE EXCEPTION 'no role works with %', relation
      USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Name the application''s: SELECT * FROM steward.isolate(..., roles => ''{app}''); or prove_isolation(..., role => ''app'').';
  ELSIF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = chosen) THEN
    RAISE EXCEPTION 'role "%" does not exist', chosen USING ERRCODE = 'undefined_object';
  ELSIF NOT pg_has_role(chosen, 'MEMBER') THEN
    RAISE EXCEPTION '"%" may not act as "%"', current_user, chosen
      USING ERRCODE = 'insufficient_privilege', HINT = format('GRANT %I TO %I;', chosen, current_user);
  END IF;
  RETURN chosen;
END
$$;
COMMENT ON FUNCTION steward.proving_role(regclass, name) IS
'The role that a proof acts as: the one named, else the first that isolate() was given, else the first bound one that may read. Errors: 55000, 42704, 42501.';

CREATE FUNCTION steward.new_owner(relation regclass, t steward.isolation_terms) RETURNS jsonb
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
RETURN CASE
  WHEN t.owner_column IS NULL THEN jsonb_build_object('identity', gen_random_uuid()::text)
  WHEN t.members IS NULL THEN
    jsonb_build_object('identity', (steward.candidates(relation, t.owner_column, '{}'))[1])
  ELSE jsonb_build_object('identity', (steward.candidates(t.members, t.members_identity, '{}'))[1],
                          'group', (steward.candidates(t.members, t.members_group, '{}'))[1]) END;
COMMENT ON FUNCTION steward.new_owner(regclass, steward.isolation_terms) IS
'A made-up owner: an identity of the owner column''s type, and a group where rows belong to groups.';

CREATE FUNCTION steward.settle_owner(t steward.isolation_terms, relation regclass, who jsonb, OUT first_row jsonb, OUT another jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM steward.prove_as(who ->> 'identity');
  IF t.members IS NOT NULL THEN
    PERFORM steward.make_row(t.members, jsonb_build_object(t.members_group, who -> 'group', t.members_identity, who -> 'identity'), who);
  END IF;
  first_row := steward.make_row(relation, '{}', who);
  another := steward.make_values(relation, '{}', who);
END
$$;
COMMENT ON FUNCTION steward.settle_owner(steward.isolation_terms, regclass, jsonb) IS
'Gives a made-up owner a row, with all that it needs, and values for another. Errors: ST010 and those of the inserts.';

CREATE FUNCTION steward.set_target(relation regclass, role name) RETURNS steward.target
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  g steward.target;
BEGIN
  g.relation := relation;
  g.role := role;
  g.terms := (SELECT i.terms FROM steward.isolated AS i WHERE i.relation = set_target.relation);
  g.victim := steward.new_owner(relation, g.terms);
  g.intruder := steward.new_owner(relation, g.terms);
  SELECT s.first_row, s.another INTO g.victim_row, g.victim_new FROM steward.settle_owner(g.terms, relation, g.victim) AS s;
  SELECT s.first_row, s.another INTO g.intruder_row, g.intruder_new FROM steward.settle_owner(g.terms, relation, g.intruder) AS s;
  RETURN g;
END
$$;
COMMENT ON FUNCTION steward.set_target(regclass, name) IS 'Two owners with a row each, for the attempts. Errors: ST010 and those of the inserts.';

CREATE FUNCTION steward.check_provable(relation regclass) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM steward.isolated AS i WHERE i.relation = check_provable.relation) THEN
    RAISE EXCEPTION '% is not isolated', relation
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = format('SELECT * FROM steward.isolate(%L);', relation);
  ELSIF NOT (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = relation) THEN
    RAISE EXCEPTION 'must be owner of table %', relation USING ERRCODE = 'insufficient_privilege';
  ELSIF NOT has_function_privilege('steward.prove_as(text)', 'EXECUTE') THEN
    RAISE EXCEPTION 'role "%" may not prove isolation', current_user
      USING ERRCODE = 'insufficient_privilege', HINT = format('As the database''s owner: SELECT steward.grant_prover(%L);', current_user);
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_provable(regclass) IS 'Refuses a table that is not isolated, or not the caller''s, and callers who may not prove. Errors: 55000, 42501.';

-- An attempt on every row would, where isolation is broken already, rewrite the whole table before it is undone.
CREATE FUNCTION steward.try_all(g steward.target) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a steward.attempt;
  j record;
  results jsonb := '[]';
BEGIN
  FOR a IN SELECT * FROM steward.attempts(g) LOOP
    IF a.attempt LIKE '% every row%' AND results @> '[{"outcome": "leaked"}]' THEN
      SELECT 'skipped' AS outcome, 'it might rewrite the whole table, since others leaked' AS detail INTO j;
    ELSE
      j := steward.judge(g, a);
    END IF;
    results := results || jsonb_build_object('attempt', a.attempt, 'outcome', j.outcome, 'detail', j.detail);
  END LOOP;
  RETURN results;
END
$$;
COMMENT ON FUNCTION steward.try_all(steward.target) IS
'Judges every attempt: [{"attempt", "outcome", "detail"}, ...]. What would touch every row is not tried any more once one has leaked.';

CREATE FUNCTION steward.prove_isolation(relation regclass, role name DEFAULT NULL)
RETURNS TABLE (n bigint, attempt text, outcome text, detail text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on SET lock_timeout = '5s' AS $$
#variable_conflict use_variable
DECLARE
  g steward.target;
  acting name;
  results jsonb;
BEGIN
  PERFORM steward.check_provable(relation);
  acting := steward.proving_role(relation, role);
  BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    g := steward.set_target(relation, acting);
    results := steward.try_all(g);
    RAISE EXCEPTION USING ERRCODE = 'ST011', MESSAGE = 'undo';
  EXCEPTION
    WHEN SQLSTATE 'ST011' THEN
      NULL;
  END;
  RETURN QUERY SELECT r.n, r.value ->> 'attempt', r.value ->> 'outcome', r.value ->> 'detail'
               FROM jsonb_array_elements(results) WITH ORDINALITY AS r (value, n);
END
$$;
COMMENT ON FUNCTION steward.prove_isolation(regclass, name) IS
'Tries, as two made-up identities and without one, each way to reach another''s rows that applies to the table, as the application''s role. Returns each attempt with its outcome: held, leaked, residual (what no policy can hide), failed (it proves nothing) or skipped (it would touch every row, and others leaked), and what happened. Leaves nothing: the rows, the parents they need and every attempt are rolled back, no number is drawn from a sequence. role: whom to act as, by default the first role isolate() was given; the caller must be a member of it, own the table, and be allowed to prove (steward.grant_prover). Triggers of the table fire. Errors: 55000, 42501, 42704, ST010 when no row can be generated. Locks: those of the attempts, until they are rolled back.';

CREATE FUNCTION steward.grant_prover(role name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION steward.prove_as(text) TO %I', role);
END
$$;
COMMENT ON FUNCTION steward.grant_prover(name) IS
'Lets a role prove isolation: it may then act for anybody inside a subtransaction, sealed or not. For roles that own tables, never for an application''s. Taken back with REVOKE EXECUTE ON FUNCTION steward.prove_as(text).';
REVOKE EXECUTE ON FUNCTION steward.grant_prover(name) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.grant_prover(name) TO pg_database_owner;
