-- The C++ side of a step (extension/step.cpp). Anybody may call what follows begin_step: without an open
-- step it does nothing but complain, and a revision may have changed the role.
CREATE FUNCTION steward.begin_step(step jsonb) RETURNS xid8
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'steward_begin_step';
COMMENT ON FUNCTION steward.begin_step(jsonb) IS
'Opens a step: tries the runner lock, compares the expected heads, arms the hooks. Argument, result and errors: docs/protocol.md. Returns the transaction''s id; NULL for a step outside a transaction. Locks: the advisory lock steward.lock_key(), until the transaction ends.';

CREATE FUNCTION steward.continue_step(line integer) RETURNS void
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'steward_continue_step';
COMMENT ON FUNCTION steward.continue_step(integer) IS
'Says on which line of the revision''s file the text after this statement begins, for messages.';

CREATE FUNCTION steward.keep_script(direction text, piece text) RETURNS void
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'steward_keep_script';
COMMENT ON FUNCTION steward.keep_script(text, text) IS
'Keeps the next piece of the open step''s upgrade or downgrade script in steward.script; end_step checks the whole.';

CREATE FUNCTION steward.mark_statement(number integer) RETURNS void
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'steward_mark_statement';
COMMENT ON FUNCTION steward.mark_statement(integer) IS
'In a step outside a transaction: records that its statements up to this number are done.';

CREATE FUNCTION steward.end_step(OUT seq bigint, OUT hash text, OUT duration_ms double precision)
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'steward_end_step';
COMMENT ON FUNCTION steward.end_step() IS
'Closes the step: same transaction, lock still held, then the ledger row. Returns the row''s seq and hash (hex), and how long the step took. Errors: ST003, ST004, ST005.';

CREATE FUNCTION steward.abandon_step() RETURNS void
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'steward_abandon_step';
COMMENT ON FUNCTION steward.abandon_step() IS
'Forgets the open step of this session without recording it, so that its transaction may be rolled back.';

CREATE FUNCTION steward.version() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT extversion FROM pg_extension WHERE extname = 'pg_steward' $$;
COMMENT ON FUNCTION steward.version() IS 'The version of the SQL layer installed in this database.';

-- In C++ it costs a quarter.
CREATE OR REPLACE FUNCTION steward.relation_tallies(schemas oid[]) RETURNS TABLE (class oid, object oid, tally bigint)
LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'steward_relation_tallies';
