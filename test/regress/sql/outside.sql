\set SHOW_CONTEXT never
-- A step outside a transaction: started is recorded before it, its end after it.
SELECT steward.begin_step('{"revision": "o1", "direction": "upgrade", "transactional": false, "file": "m/o1.sql", "line": 3}') IS NULL AS begun;
SELECT revision, direction, statements_done FROM steward.open_step;
CREATE TABLE regress_outside (id integer);
SELECT steward.mark_statement(1);
CREATE INDEX CONCURRENTLY regress_outside_idx ON regress_outside (id);
BEGIN;
INSERT INTO regress_outside VALUES (1);
COMMIT;
SELECT revision, statements_done FROM steward.open_step;
SELECT seq IS NOT NULL AS ended FROM steward.end_step();
SELECT count(*) AS still_open FROM steward.open_step;
SELECT action, detail FROM steward.ledger WHERE revision = 'o1' ORDER BY seq;
SELECT s ->> 'tag' AS tag, s -> 'locks' ? 'public.regress_outside' AS locked
FROM steward.ledger, jsonb_array_elements(statements) AS s WHERE revision = 'o1' AND action = 'upgrade';
SELECT count(*) AS lock_held FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();

-- It fails: what was recorded stays, and the session can go on or let go.
SELECT steward.begin_step('{"revision": "o2", "direction": "upgrade", "transactional": false, "file": "m/o2.sql", "line": 3}') IS NULL AS begun;
\set SHOW_CONTEXT errors
CREATE INDEX CONCURRENTLY regress_outside_idx ON regress_outside (id);
\set SHOW_CONTEXT never
SELECT count(*) AS lock_held FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
SELECT steward.abandon_step();
SELECT count(*) AS lock_held FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
SELECT revision, statements_done FROM steward.open_step;

-- It is begun again where it stopped, and ends.
SELECT steward.begin_step('{"revision": "o2", "direction": "upgrade", "transactional": false}') IS NULL AS begun;
SELECT seq IS NOT NULL AS ended FROM steward.end_step();
SELECT count(*) AS still_open FROM steward.open_step;

-- A step that cannot begin leaves no lock behind.
SELECT steward.begin_step('{"revision": "o2", "direction": "upgrade", "transactional": false}');
BEGIN;
SELECT steward.begin_step('{"revision": "o3", "direction": "upgrade", "transactional": false}') IS NULL AS begun;
ROLLBACK;
SELECT count(*) AS lock_held FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
SELECT * FROM steward.verify_ledger();
DROP TABLE regress_outside;
