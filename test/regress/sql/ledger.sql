\set SHOW_CONTEXT never
-- The extension makes its ledger with the schema, and does not own it.
SELECT c.relname, c.relkind, pg_get_userbyid(c.relowner) AS owner, d.objid IS NOT NULL AS member
FROM pg_class AS c LEFT JOIN pg_depend AS d ON d.objid = c.oid AND d.deptype = 'e'
WHERE c.relnamespace = 'steward'::regnamespace AND c.relname IN ('ledger', 'script', 'revision', 'head', 'history', 'open_step') ORDER BY 1;
SELECT rolcanlogin, rolsuper, rolinherit FROM pg_roles WHERE rolname = 'steward_ledger';
SELECT steward.anchor() IS NULL AS empty;

-- What a runner records comes back: state, heads, history.
SELECT steward.record('{"action": "stamp", "direction": "upgrade", "revision": "a1", "message": "first", "run": "r"}');
SELECT steward.record('{"action": "stamp", "direction": "upgrade", "revision": "b1", "parents": ["a1"], "labels": ["blue"]}');
SELECT steward.record('{"action": "stamp", "direction": "upgrade", "revision": "b2", "parents": ["a1"]}');
SELECT revision, parents, labels FROM steward.revision;
SELECT revision FROM steward.head ORDER BY 1;
SELECT steward.record('{"action": "stamp", "direction": "upgrade", "revision": "c1", "parents": ["b1", "b2"], "expected": ["b2", "b1"]}');
SELECT revision FROM steward.head;
SELECT steward.record('{"action": "stamp", "direction": "downgrade", "revision": "c1", "parents": ["b1", "b2"]}');
SELECT steward.record('{"action": "stamp", "direction": "downgrade", "revision": "b2", "parents": ["a1"]}');
SELECT revision FROM steward.head;
SELECT steward.record('{"action": "failed", "revision": "zz", "detail": {"sqlstate": "42P01"}}');
SELECT seq, action, direction, revision, heads, detail FROM steward.history;
SELECT * FROM steward.verify_ledger(steward.anchor());

-- What a runner may not record.
\set VERBOSITY terse
SELECT steward.record('{"action": "upgrade", "revision": "a1", "direction": "upgrade"}');
SELECT steward.record('{"action": "stamp", "direction": "sideways", "revision": "a1"}');
SELECT steward.record('{"action": "stamp", "direction": "upgrade"}');
SELECT steward.record('{"action": "stamp", "revision": "a1", "parents": "b1"}');
SELECT steward.record('{"action": "stamp", "direction": "upgrade", "revision": "d1", "expected": ["c1"]}');
SELECT steward.record('[]');

-- Nobody changes a row: not a superuser by accident, with replica rules or not.
UPDATE steward.ledger SET revision = 'x';
DELETE FROM steward.ledger;
TRUNCATE steward.ledger;
TRUNCATE steward.script;
SET session_replication_role = replica;
DELETE FROM steward.ledger;
RESET session_replication_role;
\set VERBOSITY default

-- The database's owner and a role that may run steps read the ledger, and write it only through record.
CREATE ROLE regress_owner;
CREATE ROLE regress_runner;
CREATE ROLE regress_stranger;
SELECT current_database() AS db, pg_get_userbyid(datdba) AS db_owner FROM pg_database WHERE datname = current_database() \gset
ALTER DATABASE :"db" OWNER TO regress_owner;
SELECT steward.grant_runner('regress_runner');
\set VERBOSITY terse
SET ROLE regress_owner;
SELECT count(*) > 0 AS readable FROM steward.ledger;
INSERT INTO steward.ledger SELECT * FROM steward.ledger;
UPDATE steward.ledger SET revision = 'x';
DELETE FROM steward.ledger;
TRUNCATE steward.ledger;
DROP TABLE steward.ledger CASCADE;
ALTER TABLE steward.ledger DISABLE TRIGGER ALL;
ALTER TABLE steward.ledger OWNER TO regress_owner;
DROP SCHEMA steward CASCADE;
ALTER SCHEMA steward RENAME TO gone;
SELECT steward.append_entry('{}', '{}');
SET ROLE regress_runner;
SELECT count(*) > 0 AS readable FROM steward.ledger;
DELETE FROM steward.ledger;
DROP TABLE steward.ledger CASCADE;
SELECT steward.grant_runner('regress_stranger');
SET SESSION AUTHORIZATION regress_runner;
SELECT steward.record('{"action": "failed", "revision": "by-runner"}') > 0 AS recorded;
SET SESSION AUTHORIZATION regress_stranger;
SELECT count(*) FROM steward.ledger;
SELECT steward.record('{"action": "failed", "revision": "by-stranger"}');
BEGIN;
SELECT steward.begin_step('{"revision": "e1", "direction": "upgrade"}');
ROLLBACK;
RESET SESSION AUTHORIZATION;
\set VERBOSITY default
SELECT session_role FROM steward.ledger WHERE revision = 'by-runner';

-- DROP EXTENSION CASCADE leaves the ledger as it was, still protected; CREATE EXTENSION takes it up again.
SELECT steward.anchor() AS anchor \gset
SET client_min_messages = warning;
DROP EXTENSION pg_steward CASCADE;
RESET client_min_messages;
SELECT count(*) FROM steward.ledger;
SELECT revision FROM steward.head;
DELETE FROM steward.ledger;
CREATE EXTENSION pg_steward;
SELECT steward.anchor() = :'anchor' AS same;
SELECT * FROM steward.verify_ledger(:'anchor');
SELECT steward.record('{"action": "failed", "revision": "after"}') = split_part(:'anchor', ':', 2)::bigint + 1 AS goes_on;

ALTER DATABASE :"db" OWNER TO :"db_owner";
SELECT steward.install_ledger();
DROP OWNED BY regress_runner, regress_owner;
DROP ROLE regress_runner, regress_owner, regress_stranger;
