-- The ledger: one row for each thing done to this database, never changed afterwards. Ordinary objects,
-- not members of the extension: DROP EXTENSION, even CASCADE, leaves them, pg_dump carries them.
-- No CHECK: its expression would be read and compiled again for every row. What may stand here is decided
-- where rows are written, in append_entry and its callers.
CREATE TABLE steward.ledger (
  seq                 bigint PRIMARY KEY,
  format              smallint NOT NULL,
  action              text NOT NULL,
  direction           text,
  revision            text,
  parents             text[] NOT NULL,
  depends_on          text[] NOT NULL,
  labels              text[] NOT NULL,
  message             text,
  heads               text[] NOT NULL,
  upgrade             text,
  downgrade           text,
  upgrade_checksum    text,
  downgrade_checksum  text,
  file                text,
  run                 text,
  runner              text,
  session_role        name NOT NULL,
  acting_role         name NOT NULL,
  client_addr         inet,
  application_name    text,
  started_at          timestamptz NOT NULL,
  duration_ms         double precision,
  transaction         xid8 NOT NULL,
  system_identifier   bigint NOT NULL,
  wal_bytes           bigint,
  statements          jsonb,
  fingerprint         text,
  detail              jsonb,
  previous_hash       bytea NOT NULL,
  hash                bytea NOT NULL
);

-- What decides whether a revision is applied: the last of these rows that names it.
CREATE INDEX ledger_revision_idx ON steward.ledger (revision, seq DESC);

-- Scripts too large to stand in a row (over 256 kB), in pieces, by their checksum.
CREATE TABLE steward.script (
  checksum  text NOT NULL,
  piece     integer NOT NULL CHECK (piece > 0),
  body      text NOT NULL,
  PRIMARY KEY (checksum, piece)
);

CREATE FUNCTION steward.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  RAISE EXCEPTION '% of steward.% is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege',
          DETAIL = 'The ledger is append-only: it records what was done, and a record is never changed.',
          HINT = 'To correct what it says, add to it: steward stamp.';
END
$body$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON steward.ledger
  FOR EACH STATEMENT EXECUTE FUNCTION steward.refuse_change();
ALTER TABLE steward.ledger ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON steward.script
  FOR EACH STATEMENT EXECUTE FUNCTION steward.refuse_change();
ALTER TABLE steward.script ENABLE ALWAYS TRIGGER refuse_change;

CREATE VIEW steward.revision AS
SELECT seq, revision, parents, depends_on, labels, message, upgrade_checksum, downgrade_checksum,
       action, started_at AS applied_at, session_role AS applied_by, run
FROM (SELECT DISTINCT ON (revision) *
      FROM steward.ledger
      WHERE direction IS NOT NULL AND action IN ('upgrade', 'downgrade', 'stamp', 'adopt', 'repair')
      ORDER BY revision, seq DESC) AS latest
WHERE direction = 'upgrade'
ORDER BY seq;

CREATE VIEW steward.head AS
SELECT unnest(heads) AS revision
FROM (SELECT heads FROM steward.ledger ORDER BY seq DESC LIMIT 1) AS latest;

CREATE VIEW steward.history AS
SELECT seq, action, direction, revision, message, started_at,
       make_interval(secs => duration_ms / 1000) AS duration,
       session_role AS "session_user", acting_role AS "current_user", client_addr, application_name,
       transaction, wal_bytes, heads, file, detail
FROM steward.ledger
ORDER BY seq;

CREATE VIEW steward.open_step AS
SELECT revision, direction, coalesce((detail ->> 'statements_done')::integer, 0) AS statements_done,
       started_at, run, session_role AS started_by
FROM (SELECT DISTINCT ON (revision) *
      FROM steward.ledger
      WHERE direction IS NOT NULL
        AND action IN ('started', 'upgrade', 'downgrade', 'stamp', 'adopt', 'repair')
      ORDER BY revision, seq DESC) AS latest
WHERE action = 'started';

ALTER TABLE steward.ledger OWNER TO steward_ledger;
ALTER TABLE steward.script OWNER TO steward_ledger;
ALTER VIEW steward.revision OWNER TO steward_ledger;
ALTER VIEW steward.head OWNER TO steward_ledger;
ALTER VIEW steward.history OWNER TO steward_ledger;
ALTER VIEW steward.open_step OWNER TO steward_ledger;
REVOKE ALL ON steward.ledger, steward.script FROM PUBLIC;

-- The database's owner may read; others are let in by steward.grant_runner().
GRANT SELECT ON steward.ledger, steward.script, steward.revision, steward.head, steward.history,
  steward.open_step TO pg_database_owner;

COMMENT ON TABLE steward.ledger IS
'Append-only record of everything done to this database: one row for each upgrade, downgrade, stamp, adoption, repair and failure, written in the transaction of the change itself and chained by hashes (steward.verify_ledger).';
COMMENT ON COLUMN steward.ledger.seq IS 'Position in the chain, from 1, without gaps.';
COMMENT ON COLUMN steward.ledger.format IS 'Version of the formula that hash is computed by.';
COMMENT ON COLUMN steward.ledger.action IS 'started, upgrade, downgrade, stamp, adopt, repair, unmanaged, refused or failed.';
COMMENT ON COLUMN steward.ledger.direction IS 'upgrade: the revision counts as applied from here on; downgrade: no longer; NULL: no change.';
COMMENT ON COLUMN steward.ledger.heads IS 'The applied revisions that no applied revision revises, after this row.';
COMMENT ON COLUMN steward.ledger.upgrade IS 'The upgrade script; NULL when there is none or when it is kept in pieces in steward.script.';
COMMENT ON COLUMN steward.ledger.downgrade IS 'The downgrade script, so that a release without the file can still roll back; NULL as for upgrade.';
COMMENT ON COLUMN steward.ledger.upgrade_checksum IS 'SHA-256 of the script, hex: line ends as LF, trailing blank lines dropped.';
COMMENT ON COLUMN steward.ledger.run IS 'The invocation of the runner that did it.';
COMMENT ON COLUMN steward.ledger.transaction IS 'The transaction that did it; meaningful on the server that system_identifier names.';
COMMENT ON COLUMN steward.ledger.wal_bytes IS 'Write-ahead log written by this step, in bytes.';
COMMENT ON COLUMN steward.ledger.statements IS 'For each statement: n, line, tag, ms, rows, and the strongest lock it was first to take on each relation; after the first thousand, runs of one tag without new locks are joined, with their count.';
COMMENT ON COLUMN steward.ledger.fingerprint IS 'SHA-256 of the schema''s snapshot after this row, where one was taken.';
COMMENT ON COLUMN steward.ledger.previous_hash IS 'hash of the row before; empty for the first.';
COMMENT ON TABLE steward.script IS 'Scripts too large for a ledger row, in pieces, by the checksum that the ledger row names.';
COMMENT ON VIEW steward.revision IS 'The revisions applied now, in the order they were applied.';
COMMENT ON VIEW steward.head IS 'The applied revisions that no applied revision revises.';
COMMENT ON VIEW steward.history IS 'The ledger for people: what was done, when, by whom, how long it took.';
COMMENT ON VIEW steward.open_step IS 'Steps outside a transaction that were started and have not ended: running now, or interrupted.';
