-- What the paragraphs of the rules share. check_rule(): everything that a rule finds in the schema h, and then, with the
-- first finding waived, how many are left.
\set ECHO none
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only
CREATE FUNCTION pg_temp.check_rule(rule text, options jsonb DEFAULT '{}', schemas text[] DEFAULT '{h}', object text DEFAULT '%')
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  config jsonb := jsonb_build_object('rules', jsonb_build_object(rule, options));
  f record;
  first text;
BEGIN
  FOR f IN SELECT * FROM steward.hygiene(schemas, ARRAY[rule], config) AS x WHERE x.object LIKE check_rule.object AND x.rule = check_rule.rule LOOP
    RETURN NEXT concat_ws(' ', f.severity || ',', f.object || ':', f.message);
    IF f.fix IS NOT NULL THEN
      RETURN NEXT '  fix: ' || f.fix;
    END IF;
    first := coalesce(first, f.object);
  END LOOP;
  IF first IS NULL THEN
    RETURN NEXT 'nothing';
    RETURN;
  END IF;
  PERFORM steward.waive(rule, first, 'it is a test');
  RETURN NEXT format('%s waived, %s left', first,
                     (SELECT count(*) FROM steward.hygiene(schemas, ARRAY[rule], config) AS x WHERE x.object LIKE check_rule.object AND x.rule = check_rule.rule));
  PERFORM steward.unwaive(rule, first);
END
$$;
\set ECHO all
