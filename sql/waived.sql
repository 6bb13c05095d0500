-- What is wrong with the exceptions themselves, and with what was configured.
CREATE FUNCTION steward.waiver_findings(chosen text[], everywhere boolean, config jsonb, seen text[]) RETURNS TABLE (
  rule text, level text, object text, message text, hint text, fix text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH judged AS (
    SELECT w.rule || ': ' || w.object AS object, w.rule AS waived, w.object AS waived_object,
      CASE
        WHEN k.rule IS NULL THEN 'waiver-unknown-rule'
        WHEN coalesce(btrim(w.reason), '') = '' THEN 'waiver-without-reason'
        WHEN w.until <= now() THEN 'waiver-expired'
        -- Whether it matches can be said only of rules that ran on everything.
        WHEN everywhere AND k.family = 'hygiene' AND w.rule || ': ' || w.object <> ALL (seen)
             AND EXISTS (SELECT FROM steward.rule_plan(config, chosen) AS p WHERE p.rule = w.rule AND p.level <> 'off') THEN 'waiver-unused'
      END AS problem, w.until
    FROM steward.waiver AS w LEFT JOIN steward.known_rule AS k ON k.rule = w.rule
    WHERE chosen IS NULL OR w.rule = ANY (chosen) OR chosen && '{waiver-unknown-rule,waiver-without-reason,waiver-expired,waiver-unused}'),
  problems AS (
    SELECT problem AS rule, object,
           CASE problem
             WHEN 'waiver-unknown-rule' THEN format('the waiver is for a rule that does not exist: "%s"', waived)
             WHEN 'waiver-without-reason' THEN 'the waiver gives no reason, and waives nothing'
             WHEN 'waiver-expired' THEN format('the waiver ended on %s', to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
             ELSE 'the waiver matches nothing that the rule finds' END AS message,
           CASE problem
             WHEN 'waiver-without-reason' THEN format('SELECT steward.waive(%L, %L, ''the reason'');', waived, waived_object)
             WHEN 'waiver-expired' THEN 'mend what it was for, or give the waiver a new end and reason with steward.waive()'
             ELSE 'take it back, or correct its rule and object as findings name them' END AS hint,
           CASE WHEN problem IN ('waiver-unknown-rule', 'waiver-unused')
             THEN format('SELECT steward.unwaive(%L, %L);', waived, waived_object) END AS fix
    FROM judged WHERE problem IS NOT NULL
    UNION ALL
    SELECT 'rule-unknown', s.rule, format('a level or option is configured for a rule that does not exist: "%s"', s.rule),
           'correct its name: SELECT rule FROM steward.known_rule', format('DELETE FROM steward.rule WHERE rule = %L;', s.rule)
    FROM steward.rule AS s
    WHERE s.rule <> '*' AND NOT EXISTS (SELECT FROM steward.known_rule AS k WHERE k.rule = s.rule)
      AND (chosen IS NULL OR 'rule-unknown' = ANY (chosen))),
  levels AS (
    SELECT k.rule, coalesce((SELECT nullif(s.level, 'on') FROM steward.rule_settings(config) AS s
                             WHERE s.rule = k.rule AND s.schema_name IS NULL AND s.level IS NOT NULL ORDER BY s.given DESC LIMIT 1),
                               k.level) AS level
    FROM steward.known_rule AS k WHERE k.family = 'waiver')
  SELECT p.rule, l.level, p.object, p.message, p.hint, p.fix
  FROM problems AS p JOIN levels AS l USING (rule) WHERE l.level <> 'off'
$$;
COMMENT ON FUNCTION steward.waiver_findings(text[], boolean, jsonb, text[]) IS
'Waivers without reason, for no rule, past their end or matching nothing, and settings for no rule. seen: what the rules found, as "rule: '
'object"; everywhere: in all schemas.';
