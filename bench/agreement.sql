-- Another linter's cases that judge what a table looks like: each is run in a subtransaction, its tables are looked at,
-- and all is rolled back. Cases that need tables they do not make cannot be run, and are counted apart.
CREATE TABLE public.given (line jsonb);
-- As superuser, the server reads the file itself: a line is a case.
COPY public.given FROM :'cases' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02');
CREATE TABLE public.mapping AS SELECT * FROM (VALUES
  ('prefer-timestamptz', '{column-type-timestamp}'::text[], '{}'::jsonb),
  ('prefer-timestamp-tz', '{column-type-timestamp}', '{}'),
  ('ban-char-field', '{column-type-char}', '{}'),
  ('prefer-text-field', '{column-length}', '{"rules": {"column-length": {"policy": "text"}}}'),
  ('prefer-identity', '{primary-key-serial,column-type-serial}', '{}'),
  ('prefer-bigint-over-int', '{primary-key-short-integer,column-type-int4}', '{"rules": {"column-type-int4": {"pattern": "."}}}'),
  ('prefer-bigint-over-smallint', '{primary-key-short-integer}', '{}'),
  ('identifier-too-long', '{name-too-long}', '{}')) AS m (theirs, ours, config);
CREATE TABLE public.outcome (theirs text, name text, expected boolean, found boolean, problem text);

DO $$
DECLARE
  one record;
  found boolean;
  problem text;
BEGIN
  FOR one IN SELECT m.*, line ->> 'case' AS name, line ->> 'sql' AS statements, line -> 'expect' ? m.theirs AS expected
             FROM public.given JOIN public.mapping AS m ON m.theirs = line ->> 'rule_under_test' LOOP
    BEGIN
      CREATE SCHEMA looked_at;
      CREATE SCHEMA app;  -- that some of them write into
      SET LOCAL search_path = looked_at;
      found := NULL;
      problem := NULL;
      EXECUTE one.statements;
      found := EXISTS (SELECT FROM steward.hygiene('{looked_at,app}', one.ours, one.config));
      RAISE EXCEPTION USING ERRCODE = 'ST099';
    EXCEPTION WHEN SQLSTATE 'ST099' THEN NULL;
              WHEN OTHERS THEN problem := SQLERRM;
    END;
    INSERT INTO public.outcome VALUES (one.theirs, one.name, one.expected, found, problem);
  END LOOP;
END
$$;
SELECT theirs, count(*) AS cases, count(found) AS run, count(*) FILTER (WHERE found = expected) AS agree,
       count(*) FILTER (WHERE expected AND NOT found) AS missed, count(*) FILTER (WHERE found AND NOT expected) AS more
FROM public.outcome GROUP BY 1 ORDER BY 1;
SELECT theirs, name, CASE WHEN expected THEN 'missed' ELSE 'more' END FROM public.outcome WHERE found <> expected ORDER BY 1, 2;
