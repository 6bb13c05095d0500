-- Whom the transaction acts for (extension/identity.cpp). Reading it is for everybody; setting it is for roles that are trusted
-- to say who they act for. identity() and its twins are used as (SELECT steward.identity_uuid()): evaluated once for each query
-- by the leader, so that index scans and parallel plans are kept.
CREATE FUNCTION steward.act_as(identity text) RETURNS void
LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'steward_act_as';
COMMENT ON FUNCTION steward.act_as(text) IS
'Sets whom this transaction acts for, sealed until it ends; the same again does nothing. Closes cursors WITH HOLD and forgets sequence values that earlier transactions of this connection left. Outside of a transaction block it lasts for its statement alone: warning 25P01 when nothing read it. Errors: 42501 when the transaction acts for another, 22004 for NULL, 22023 for an empty identity or one over 255 bytes. Who may call it: steward.grant_identity.';

CREATE FUNCTION steward.identity() RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_identity';
COMMENT ON FUNCTION steward.identity() IS 'Whom this transaction acts for; NULL when nobody said.';

CREATE FUNCTION steward.identity_uuid() RETURNS uuid
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_identity_uuid';
COMMENT ON FUNCTION steward.identity_uuid() IS
'Whom this transaction acts for, as a uuid; NULL when nobody said. Error: 22P02 when the identity is not 32 hex digits in groups of 8-4-4-4-12.';

CREATE FUNCTION steward.identity_bigint() RETURNS bigint
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_identity_bigint';
COMMENT ON FUNCTION steward.identity_bigint() IS
'Whom this transaction acts for, as a bigint; NULL when nobody said. Error: 22P02 when the identity is not a decimal number of that range, without leading zeros.';

CREATE FUNCTION steward.acting_as_admin() RETURNS boolean
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'steward_acting_as_admin';
COMMENT ON FUNCTION steward.acting_as_admin() IS
'Whether this transaction is a recorded admin''s (steward.act_as_admin), who acts for nobody and reaches every row of the tables whose policies let admins.';

CREATE FUNCTION steward.prove_as(identity text) RETURNS void
LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'steward_prove_as';
COMMENT ON FUNCTION steward.prove_as(text) IS
'For proofs of isolation alone: acts for this identity, NULL for nobody, until the subtransaction it is called in ends; then what was in force before is again. It breaks the seal, so nobody but the extension''s owner may call it. Error: 25P01 outside of a subtransaction.';

CREATE FUNCTION steward.grant_identity(role name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION steward.act_as(text) TO %I', role);
END
$$;
COMMENT ON FUNCTION steward.grant_identity(name) IS
'Trusts a role to say whom it acts for, with steward.act_as. Whoever runs SQL as that role can act for anybody: where that is too much, leave it steward.act_as_token alone. Taken back with REVOKE EXECUTE ON FUNCTION steward.act_as(text). Locks: none that others wait for.';

REVOKE EXECUTE ON FUNCTION steward.act_as(text), steward.prove_as(text), steward.grant_identity(name) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.act_as(text), steward.grant_identity(name) TO pg_database_owner;
