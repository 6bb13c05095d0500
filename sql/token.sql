-- Tokens: an identity that somebody signed (extension/token.cpp, login.cpp). The keys are readable by nobody but the owner of the
-- extension; they are not dumped: who holds a copy of the database could forge tokens for the original.
CREATE TABLE steward.token_key (
  kid           text PRIMARY KEY,
  alg           text NOT NULL CHECK (alg IN ('v1', 'HS256', 'RS256', 'ES256', 'EdDSA')),
  material      bytea NOT NULL,
  issuer        text,
  audience      text,
  leeway        interval NOT NULL CHECK (isfinite(leeway)),
  max_lifetime  interval CHECK (isfinite(max_lifetime)),
  not_before    timestamptz NOT NULL CHECK (isfinite(not_before)),
  not_after     timestamptz CHECK (isfinite(not_after)),
  created_at    timestamptz NOT NULL DEFAULT now(),
  created_by    name NOT NULL DEFAULT session_user
);
REVOKE ALL ON steward.token_key FROM PUBLIC;
-- All but the material.
GRANT SELECT (kid, alg, issuer, audience, leeway, max_lifetime, not_before, not_after, created_at, created_by) ON steward.token_key
  TO pg_database_owner;
COMMENT ON TABLE steward.token_key IS
'The keys that tokens are verified with, several at once so that they can be rotated. Secrets and public keys are readable by the extension''s owner alone, and not carried by pg_dump: add them again after a restore.';
COMMENT ON COLUMN steward.token_key.material IS 'v1, HS256: the secret; RS256, ES256, EdDSA: the public key, as DER of its SubjectPublicKeyInfo.';
COMMENT ON COLUMN steward.token_key.issuer IS 'When set, what iss of a token must be.';
COMMENT ON COLUMN steward.token_key.audience IS 'When set, what aud of a token must be or hold; when NULL, a token for an audience is refused.';
COMMENT ON COLUMN steward.token_key.leeway IS 'By how much the issuer''s clock and this server''s may differ.';
COMMENT ON COLUMN steward.token_key.max_lifetime IS 'The longest time from iat (without one: from now) to exp; NULL: any.';

CREATE FUNCTION steward.keys_changed() RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'steward_keys_changed';
COMMENT ON FUNCTION steward.keys_changed() IS
'Tells every session, once the transaction is committed, that the keys have changed: what it remembers of verified tokens is void.';
CREATE TRIGGER keys_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward.token_key
  FOR EACH STATEMENT EXECUTE FUNCTION steward.keys_changed();
ALTER TABLE steward.token_key ENABLE ALWAYS TRIGGER keys_changed;

CREATE FUNCTION steward.act_as_token(token text) RETURNS void
LANGUAGE c PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'steward_act_as_token';
COMMENT ON FUNCTION steward.act_as_token(text) IS
'As steward.act_as, for the subject of a signed token: our compact form, or a JWT signed with HS256, RS256, ES256 or EdDSA. Checked: signature, kid, alg, exp, nbf, iat, iss, aud (docs/tokens.md). Errors: 28000 when the token is not accepted (why is in the server''s log alone), and those of act_as. Give the token as a parameter, not as part of the statement''s text. Locks: ACCESS SHARE on steward.token_key.';

CREATE FUNCTION steward.mint_token(identity text, lifetime interval DEFAULT '1 minute', kid text DEFAULT NULL) RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'steward_mint_token';
COMMENT ON FUNCTION steward.mint_token(text, interval, text) IS
'A token of our compact form for this identity, signed with this v1 key, or with the newest valid one. For tests and for owners: an application mints its own, outside of the database. Errors: 22004, 22023, 42704 when there is no such key.';

CREATE FUNCTION steward.random_secret() RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'steward_random_secret';
COMMENT ON FUNCTION steward.random_secret() IS 'A new secret: 32 random bytes in base64url, 43 characters.';

CREATE FUNCTION steward.key_material(alg text, key text) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'steward_key_material';
COMMENT ON FUNCTION steward.key_material(text, text) IS
'What is kept of a key for this algorithm; error 22023, without the key in it, when it is none: a secret under 32 bytes, RSA under 2048 bits, another curve, a private key.';

CREATE FUNCTION steward.check_token_key(kid text, alg text, issuer text, audience text, leeway interval, max_lifetime interval,
  not_before timestamptz, not_after timestamptz) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  problem text := CASE
    WHEN kid IS NULL OR length(kid) NOT BETWEEN 1 AND 128 THEN 'a kid has 1 to 128 characters'
    WHEN alg = 'v1' AND kid !~ '^[A-Za-z0-9_-]+$' THEN 'the kid of a v1 key is letters, digits, - and _'
    WHEN alg = 'v1' AND (issuer IS NOT NULL OR audience IS NOT NULL) THEN 'v1 tokens name no issuer and no audience'
    WHEN leeway IS NULL OR leeway NOT BETWEEN '0' AND '10 minutes' THEN 'the leeway is 0 to 10 minutes'
    WHEN max_lifetime NOT BETWEEN '1 second' AND '100 years' THEN 'a lifetime is 1 second to 100 years'
    WHEN not_before IS NULL OR NOT isfinite(not_before) OR NOT isfinite(not_after) OR not_after <= not_before
      THEN 'a key is valid from not_before to not_after, which comes later'
  END;
BEGIN
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION 'add_token_key: %', problem USING ERRCODE = 'invalid_parameter_value';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_token_key(text, text, text, text, interval, interval, timestamptz, timestamptz) IS
'Refuses what add_token_key cannot keep, before a row with a secret could get into a message. Error: 22023.';

CREATE FUNCTION steward.add_token_key(kid text, alg text, key text DEFAULT NULL, issuer text DEFAULT NULL, audience text DEFAULT NULL,
  leeway interval DEFAULT '10 seconds', max_lifetime interval DEFAULT NULL, not_before timestamptz DEFAULT now(),
  not_after timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  secret text;
BEGIN
  PERFORM steward.check_token_key(kid, alg, issuer, audience, leeway, max_lifetime, not_before, not_after);
  IF key IS NULL AND alg IN ('v1', 'HS256') THEN
    secret := steward.random_secret();
  ELSIF key IS NULL THEN
    RAISE EXCEPTION 'add_token_key: a % key is the public key of whoever issues the tokens', coalesce(alg, 'token')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give it as PEM, or as a JSON Web Key.';
  END IF;
  INSERT INTO steward.token_key AS k (kid, alg, material, issuer, audience, leeway, max_lifetime, not_before, not_after)
  VALUES (add_token_key.kid, add_token_key.alg, steward.key_material(add_token_key.alg, coalesce(key, secret)), add_token_key.issuer,
          add_token_key.audience, add_token_key.leeway, add_token_key.max_lifetime, add_token_key.not_before, add_token_key.not_after)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is a token key "%" already', kid
      USING ERRCODE = 'duplicate_object', HINT = 'A new key has a new kid; the old one stays until its tokens have expired.';
  END IF;
  RETURN secret;
END
$$;
COMMENT ON FUNCTION steward.add_token_key(text, text, text, text, text, interval, interval, timestamptz, timestamptz) IS
'Adds a key. key: for v1 and HS256 the secret, whose bytes are the text''s (32 at least); NULL makes one and returns it, this once. For RS256, ES256 and EdDSA the public key, as PEM or as a JSON Web Key. Give it as a parameter, not as part of the statement''s text. Takes effect in every session when this transaction commits. Errors: 22023, 42710. Locks: ROW EXCLUSIVE on steward.token_key.';

CREATE FUNCTION steward.retire_token_key(kid text, at timestamptz DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF at IS NULL OR at <= clock_timestamp() THEN
    DELETE FROM steward.token_key AS k WHERE k.kid = retire_token_key.kid;
  ELSIF NOT isfinite(at) THEN
    RAISE EXCEPTION 'retire_token_key: a key is retired at some time' USING ERRCODE = 'invalid_parameter_value';
  ELSE
    UPDATE steward.token_key AS k SET not_after = at WHERE k.kid = retire_token_key.kid;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no token key "%"', kid
      USING ERRCODE = 'undefined_object', HINT = 'SELECT kid FROM steward.token_key;';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.retire_token_key(text, timestamptz) IS
'Takes a key away: now, with its secret, or at a time to come, until which its tokens are still good. Takes effect in every session when this transaction commits. Errors: 42704, 22023. Locks: ROW EXCLUSIVE on steward.token_key.';

REVOKE EXECUTE ON FUNCTION steward.keys_changed(), steward.mint_token(text, interval, text), steward.random_secret(),
  steward.key_material(text, text), steward.retire_token_key(text, timestamptz),
  steward.add_token_key(text, text, text, text, text, interval, interval, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward.mint_token(text, interval, text), steward.retire_token_key(text, timestamptz),
  steward.add_token_key(text, text, text, text, text, interval, interval, timestamptz, timestamptz) TO pg_database_owner;
