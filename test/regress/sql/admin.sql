\set SHOW_CONTEXT never
-- A table whose policies let admins, a role for support, and one that is nobody's.
CREATE ROLE regress_support LOGIN;
CREATE ROLE regress_app LOGIN;
CREATE TABLE regress_note (id integer PRIMARY KEY, owner text NOT NULL);
INSERT INTO regress_note VALUES (1, 'alice'), (2, 'bob'), (3, 'bob');
ALTER TABLE regress_note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON regress_note USING (owner = (SELECT steward.identity()));
CREATE POLICY admin ON regress_note TO regress_support USING ((SELECT steward.acting_as_admin()));
GRANT SELECT ON regress_note TO regress_support, regress_app;

-- Nobody announces or uses an access who was not let.
\c - regress_support
SELECT steward.announce_admin('curiosity');
BEGIN; SELECT steward.act_as_admin(); ROLLBACK;
BEGIN; SELECT steward.impersonate('alice'); ROLLBACK;
BEGIN; SELECT steward.seal_admin(); ROLLBACK;
SELECT steward.use_announcement(NULL);
SELECT steward.grant_admin('regress_support');
SELECT * FROM steward.admin_access;
\c - postgres
SELECT steward.grant_admin('regress_support');
\c - regress_support

-- Not unannounced, and not announced by the transaction that reads: its rollback would take the record along.
BEGIN; SELECT steward.act_as_admin(); ROLLBACK;
BEGIN;
SELECT steward.announce_admin('ticket 1') > 0 AS announced;
SELECT steward.act_as_admin();
ROLLBACK;
BEGIN;
SAVEPOINT one;
SELECT steward.announce_admin('ticket 1') > 0 AS announced;
RELEASE one;
SELECT steward.act_as_admin();
ROLLBACK;
\set VERBOSITY terse
SELECT steward.announce_admin(' ');
SELECT steward.announce_admin(NULL);
SELECT steward.announce_admin('ticket 1', lifetime => '2 days');

-- Announced: every row of what lets admins, sealed as any identity is, for the transaction alone.
SELECT steward.announce_admin('ticket 1') > 0 AS announced;
BEGIN;
SELECT steward.act_as_admin();
SELECT steward.acting_as_admin(), steward.identity() IS NULL AS nobody, count(*) FROM regress_note;
SELECT steward.act_as_admin();
SAVEPOINT one;
SELECT steward.impersonate('alice');
ROLLBACK TO one;
ROLLBACK;
SELECT steward.acting_as_admin(), count(*) FROM regress_note;

-- One identity's rows alone need their own announcement.
BEGIN; SELECT steward.impersonate('bob'); ROLLBACK;
BEGIN; SELECT steward.impersonate(NULL); ROLLBACK;
SELECT steward.announce_admin('ticket 2', 'bob') > 0 AS announced;
BEGIN; SELECT steward.impersonate('alice'); ROLLBACK;
BEGIN; SELECT steward.impersonate('bob'); SELECT steward.identity(), count(*) FROM regress_note; COMMIT;

-- An announcement is for the role that made it, and for its time.
SELECT steward.announce_admin('ticket 3', 'carol', '1 millisecond') > 0 AS announced;
SELECT pg_sleep(0.01);
BEGIN; SELECT steward.impersonate('carol'); ROLLBACK;
\c - postgres
SELECT steward.grant_admin('regress_app');
\c - regress_app
BEGIN; SELECT steward.act_as_admin(); ROLLBACK;

-- The record stays, whatever was rolled back, and is not changed.
\c - postgres
SELECT role, identity, reason, expires_at > announced_at AS lasts FROM steward.admin_access ORDER BY id;
UPDATE steward.admin_access SET reason = 'nothing';
DELETE FROM steward.admin_access;
TRUNCATE steward.admin_access;

DROP TABLE regress_note;
DROP OWNED BY regress_support, regress_app;
DROP ROLE regress_support, regress_app;
