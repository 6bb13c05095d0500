-- Waivers: recorded exceptions. One that says no reason, names no rule or has ended waives nothing, and is
-- itself a finding (sql/rules/waiver-*.sql). Nothing is refused here: waivers stand in revisions, and one whose rule
-- was renamed since must not keep an old revision from being applied again.
CREATE TABLE steward.waiver (
  rule        text NOT NULL,
  object      text NOT NULL,
  reason      text,
  until       timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  created_by  name NOT NULL DEFAULT session_user,
  PRIMARY KEY (rule, object)
);
COMMENT ON TABLE steward.waiver IS
'Findings that are known and accepted: for which rule and object, why, and until when. steward.waive() writes it.';
COMMENT ON COLUMN steward.waiver.object IS
'The object as findings name it, or its table (schema.name), which waives the rule for everything of that table.';
COMMENT ON COLUMN steward.waiver.until IS 'When it ends; NULL: never.';

CREATE FUNCTION steward.waive(rule text, object text, reason text DEFAULT NULL, until timestamptz DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  problem text := CASE
    WHEN NOT EXISTS (SELECT FROM steward.known_rule AS k WHERE k.rule = waive.rule) THEN format('there is no rule "%s"', waive.rule)
    WHEN coalesce(btrim(waive.reason), '') = '' THEN 'it gives no reason'
    WHEN waive.until <= now() THEN 'it has ended already' END;
BEGIN
  INSERT INTO steward.waiver (rule, object, reason, until)
  VALUES (waive.rule, waive.object, waive.reason, waive.until)
  ON CONFLICT (rule, object) DO UPDATE
    SET reason = excluded.reason, until = excluded.until, created_at = excluded.created_at, created_by = excluded.created_by;
  IF problem IS NOT NULL THEN
    RAISE WARNING 'the waiver of "%" for "%" has no effect: %', waive.rule, waive.object, problem
      USING HINT = 'steward.hygiene() reports it until it is corrected: SELECT steward.waive(rule, object, reason, until);';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.waive(text, text, text, timestamptz) IS
'Records that a rule''s findings for an object (as findings name it, or its table) are accepted, why, and until when; in place of an '
'earlier waiver. A waiver without effect is recorded with a warning, and reported by steward.hygiene(). Error: 42501. Locks: '
'RowExclusiveLock on steward.waiver.';

CREATE FUNCTION steward.unwaive(rule text, object text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM steward.waiver AS w WHERE w.rule = unwaive.rule AND w.object = unwaive.object;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION steward.unwaive(text, text) IS
'Ends a waiver; false when there was none. Error: 42501. Locks: RowExclusiveLock on steward.waiver.';

REVOKE ALL ON steward.waiver FROM PUBLIC;
GRANT SELECT ON steward.waiver TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON steward.waiver TO pg_database_owner;
