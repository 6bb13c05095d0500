\set SHOW_CONTEXT never
-- A schema of which no fingerprint was recorded may be anything; after a comparison it is known to be what the revisions make.
BEGIN;
SELECT steward.record('{"action": "stamp", "revision": "drift-0", "direction": "upgrade", "parents": [], "labels": []}') > 0 AS stamped;
SELECT steward.schema_state();
SELECT steward.keep_compared(steward.tally() + 1);
SELECT steward.keep_compared(steward.tally());
SELECT steward.schema_state();

-- A run that begins with what was recorded leaves its fingerprint with its last step, and with no other.
SELECT heads[cardinality(heads)] AS head, to_jsonb(heads) AS heads FROM steward.ledger ORDER BY seq DESC LIMIT 1 \gset
SELECT steward.begin_step(format('{"run": "drift", "revision": "drift-1", "direction": "upgrade", "parents": ["%s"], "expected": %s,
  "first": true}', :'head', :'heads')::jsonb) IS NOT NULL AS begun;
CREATE TABLE regress_drifted (id integer PRIMARY KEY, name text);
SELECT seq > 0 AS recorded FROM steward.end_step();
SELECT to_jsonb(heads) AS heads FROM steward.ledger ORDER BY seq DESC LIMIT 1 \gset
SELECT steward.begin_step(format('{"run": "drift", "revision": "drift-2", "direction": "upgrade", "parents": ["drift-1"], "expected": %s,
  "last": true, "upgrade": "CREATE FUNCTION regress_drifted(...)"}', :'heads')::jsonb) IS NOT NULL AS begun;
CREATE FUNCTION regress_drifted(regress_drifted) RETURNS text LANGUAGE sql RETURN $1.name;
SELECT seq > 0 AS recorded FROM steward.end_step();
SELECT revision, fingerprint = steward.fingerprint() AS of_the_schema FROM steward.ledger WHERE revision LIKE 'drift-_' ORDER BY seq;
SELECT steward.schema_state();

-- Which step touched what: a table by its locks, a function by its name in the script; who did by hand.
SELECT t.n, t.action, t.revision FROM steward.last_touched('{public.regress_drifted,"public.regress_drifted(regress_drifted)",public.nowhere}') AS t;
-- What is no relation's name is none's: a cast, default privileges, an operator.
SELECT t.n FROM steward.last_touched(ARRAY['(text AS "My Type")', 'FOR ROLE nobody ON TABLES', 'public.===(integer, integer)']) AS t;
SELECT count(*) FROM steward.touched_by_hand('{public.regress_drifted}');

-- What was changed by others is told, also to the next run, which then records nothing.
ALTER TABLE regress_drifted ADD COLUMN born date;
SELECT steward.schema_state();
SELECT to_jsonb(heads) AS heads FROM steward.ledger ORDER BY seq DESC LIMIT 1 \gset
SELECT steward.begin_step(format('{"run": "drift again", "revision": "drift-3", "direction": "upgrade", "parents": ["drift-2"],
  "expected": %s, "first": true, "last": true}', :'heads')::jsonb) IS NOT NULL AS begun;
SELECT seq > 0 AS recorded FROM steward.end_step();
SELECT fingerprint FROM steward.ledger WHERE revision = 'drift-3';
SELECT steward.schema_state();
ROLLBACK;

-- Only who may run steps may say that a schema is as it should be; anybody may ask whether it is.
CREATE ROLE regress_drift;
SET ROLE regress_drift;
SELECT steward.keep_compared(1);
SELECT steward.run_ends();
SELECT steward.schema_state() IS NOT NULL AS told;
RESET ROLE;
DROP ROLE regress_drift;
