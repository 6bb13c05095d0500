\set SHOW_CONTEXT never
-- A script too large for a row is kept in pieces, and only whole.
SELECT to_jsonb(heads) AS heads FROM steward.ledger ORDER BY seq DESC LIMIT 1 \gset
SELECT encode(sha256('SELECT 1; SELECT 2'), 'hex') AS checksum \gset
SELECT format('{"revision": "p1", "direction": "upgrade", "upgrade_checksum": "%s"}', :'checksum') AS step \gset
BEGIN;
SELECT steward.begin_step(:'step') IS NOT NULL AS begun;
SELECT steward.keep_script('upgrade', 'SELECT 1; ');
SELECT steward.keep_script('upgrade', 'SELECT 2');
SELECT 1 AS first;
SELECT seq IS NOT NULL AS ended FROM steward.end_step();
COMMIT;
SELECT script_text FROM steward.script_text(:'checksum');
SELECT upgrade IS NULL AS not_in_row, jsonb_array_length(statements) AS statements FROM steward.ledger WHERE revision = 'p1';
SELECT * FROM steward.verify_ledger();

-- The same script again is kept once.
BEGIN;
SELECT steward.begin_step(replace(:'step', 'p1', 'p2')::jsonb) IS NOT NULL AS begun;
SELECT steward.keep_script('upgrade', 'SELECT 1; ');
SELECT seq IS NOT NULL AS ended FROM steward.end_step();
COMMIT;
SELECT count(*) FROM steward.script;

-- Pieces that are not the script, a direction that is none, a script without a checksum.
BEGIN;
SELECT steward.begin_step('{"revision": "p3", "direction": "upgrade", "upgrade_checksum": "0123"}') IS NOT NULL AS begun;
SELECT steward.keep_script('upgrade', 'SELECT 1');
SELECT steward.end_step();
ROLLBACK;
BEGIN;
SELECT steward.begin_step('{"revision": "p3", "direction": "upgrade", "upgrade_checksum": "0123"}') IS NOT NULL AS begun;
SELECT steward.keep_script('sideways', 'SELECT 1');
ROLLBACK;
BEGIN;
SELECT steward.begin_step('{"revision": "p3", "direction": "upgrade", "upgrade_checksum": "0123"}') IS NOT NULL AS begun;
SELECT steward.keep_script('downgrade', 'SELECT 1');
ROLLBACK;
SELECT count(*) FROM steward.script;

-- A script that was changed where it is kept is found.
BEGIN;
ALTER TABLE steward.script DISABLE TRIGGER refuse_change;
UPDATE steward.script SET body = 'SELECT 3' WHERE piece = 2;
SELECT replace(problem, :'checksum', 'CHECKSUM') AS problem FROM steward.verify_ledger();
ROLLBACK;

-- Many statements of one kind are told together after the first thousand.
BEGIN;
SELECT steward.begin_step('{"revision": "p4", "direction": "upgrade"}') IS NOT NULL AS begun;
\set ECHO none
\o /dev/null
SELECT 'SELECT 1 WHERE false' FROM generate_series(1, 1500) \gexec
\o
\set ECHO all
SELECT seq IS NOT NULL AS ended FROM steward.end_step();
COMMIT;
SELECT jsonb_array_length(statements) AS entries, statements -> -1 ->> 'n' AS last_from, statements -> -1 ->> 'count' AS last_count
FROM steward.ledger WHERE revision = 'p4';
