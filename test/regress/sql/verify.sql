\set SHOW_CONTEXT never
-- A superuser who takes the trigger off can change the ledger, but not unseen.
SELECT steward.record('{"action": "failed", "revision": "to-be-verified"}') > 0 AS recorded;
SELECT steward.anchor() AS anchor, max(seq) AS last FROM steward.ledger \gset
SELECT * FROM steward.verify_ledger(:'anchor');

BEGIN;
ALTER TABLE steward.ledger DISABLE TRIGGER refuse_change;

-- An edited row.
SAVEPOINT clean;
UPDATE steward.ledger SET message = 'never said' WHERE seq = 2;
SELECT * FROM steward.verify_ledger();
ROLLBACK TO clean;

-- A row whose hash was recomputed after the edit: the next one does not follow any more.
UPDATE steward.ledger SET message = 'never said' WHERE seq = 2;
SET LOCAL timezone = 'UTC';
UPDATE steward.ledger AS l SET hash = steward.ledger_hash(to_jsonb(l)) WHERE seq = 2;
SELECT * FROM steward.verify_ledger();
ROLLBACK TO clean;

-- Missing rows.
DELETE FROM steward.ledger WHERE seq = 2;
SELECT * FROM steward.verify_ledger();
DELETE FROM steward.ledger WHERE seq = 3;
SELECT * FROM steward.verify_ledger();
DELETE FROM steward.ledger WHERE seq = 1;
SELECT * FROM steward.verify_ledger();
ROLLBACK TO clean;

-- Two rows in each other's place.
UPDATE steward.ledger SET seq = 1000000 WHERE seq = 2;
UPDATE steward.ledger SET seq = 2 WHERE seq = 3;
UPDATE steward.ledger SET seq = 3 WHERE seq = 1000000;
SELECT * FROM steward.verify_ledger();
ROLLBACK TO clean;

-- A cut tail: the chain is whole, the anchor knows better.
DELETE FROM steward.ledger WHERE seq = :last;
SELECT * FROM steward.verify_ledger();
SELECT seq = :last AS last_one, problem FROM steward.verify_ledger(:'anchor');
-- and a tail that was cut and grew again.
SELECT steward.record('{"action": "failed", "revision": "another"}') = :last AS grown;
SELECT seq = :last AS last_one, problem FROM steward.verify_ledger(:'anchor');
ROLLBACK;

-- What the session is set to changes no hash.
SET timezone = 'Asia/Kolkata'; SET datestyle = 'German'; SET bytea_output = 'escape'; SET extra_float_digits = -5;
SELECT * FROM steward.verify_ledger(:'anchor');
RESET ALL;

SELECT * FROM steward.verify_ledger('no anchor');
