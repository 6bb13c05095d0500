\set SHOW_CONTEXT never
-- The keys and tokens here were made with OpenSSL for this file; they are worth nothing elsewhere.
CREATE ROLE regress_app LOGIN;
CREATE TABLE regress_vector (n integer, what text, token text);
GRANT SELECT ON regress_vector TO regress_app;

-- Keys: a secret is made here and returned once, or given; public keys come as PEM or as a JSON Web Key.
SELECT length(steward.add_token_key('own', 'v1', leeway => '0', max_lifetime => '1 hour'));
SELECT steward.add_token_key('hs', 'HS256', 'regress-only-0123456789abcdef0123456789abcdef') IS NULL AS given;
SELECT steward.add_token_key('rs', 'RS256', '-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjs1O0X+Ob6gKtVCEiKTI
/zRYKTlHhiLDCA3U66EK+So33+Rvqk65DzWmbv5Mb7RIOpxBBJvuEftXerkgZ3eA
p1mrz3sVTHDMtAjcNRVsOzhmUzofntK8bBjoC8kg3ayq0GWGzyR9wzLG/V4Lman9
q2SWLm2Jca90n0TFa7/RqMcjnE0zwyF8H1B3QeXQy8qj07cGgeuXkAz/A+aFDe9+
SUF9J/5uuWrG8varcd0RMH4Sn85joPH0e21uTraVQF0GzvHv153cmusyp33WBpB7
LTEeKp6t8mGGPNJV8SRKOwX0TLovxL1mBtWt064Vaz0s18RMG8jbjOJxnAn/5dRl
XwIDAQAB
-----END PUBLIC KEY-----') IS NULL AS given;
SELECT steward.add_token_key('es', 'ES256', '-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE6hwzzbxbvIOS5vnYG70dYCMrrM72
kW6Fr8ziQtiLzZhCyJ0VoDyjekgzHQnu9QQWlF0vVmuG17uW6blIe8Y4kQ==
-----END PUBLIC KEY-----') IS NULL AS given;
SELECT steward.add_token_key('ed', 'EdDSA', '{"kty": "OKP", "crv": "Ed25519", "x": "sUVDA9OkPdUpyMXh9ZfZ8l0Fplkir-fMuWoPBK6hTek"}') IS NULL AS given;
SELECT steward.add_token_key('ed-aud', 'EdDSA', '{"kty": "OKP", "crv": "Ed25519", "x": "sUVDA9OkPdUpyMXh9ZfZ8l0Fplkir-fMuWoPBK6hTek"}',
                             issuer => 'https://id.example', audience => 'todo') IS NULL AS given;

-- What is no key is refused, and not repeated.
SELECT steward.add_token_key('bad', 'v1', 'a secret too short');
SELECT steward.add_token_key('bad', 'RS256', '-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE6hwzzbxbvIOS5vnYG70dYCMrrM72
kW6Fr8ziQtiLzZhCyJ0VoDyjekgzHQnu9QQWlF0vVmuG17uW6blIe8Y4kQ==
-----END PUBLIC KEY-----');
SELECT steward.add_token_key('bad', 'ES256', '-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjs1O0X+Ob6gKtVCEiKTI
/zRYKTlHhiLDCA3U66EK+So33+Rvqk65DzWmbv5Mb7RIOpxBBJvuEftXerkgZ3eA
p1mrz3sVTHDMtAjcNRVsOzhmUzofntK8bBjoC8kg3ayq0GWGzyR9wzLG/V4Lman9
q2SWLm2Jca90n0TFa7/RqMcjnE0zwyF8H1B3QeXQy8qj07cGgeuXkAz/A+aFDe9+
SUF9J/5uuWrG8varcd0RMH4Sn85joPH0e21uTraVQF0GzvHv153cmusyp33WBpB7
LTEeKp6t8mGGPNJV8SRKOwX0TLovxL1mBtWt064Vaz0s18RMG8jbjOJxnAn/5dRl
XwIDAQAB
-----END PUBLIC KEY-----');
SELECT steward.add_token_key('bad', 'EdDSA', '-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjs1O0X+Ob6gKtVCEiKTI
/zRYKTlHhiLDCA3U66EK+So33+Rvqk65DzWmbv5Mb7RIOpxBBJvuEftXerkgZ3eA
p1mrz3sVTHDMtAjcNRVsOzhmUzofntK8bBjoC8kg3ayq0GWGzyR9wzLG/V4Lman9
q2SWLm2Jca90n0TFa7/RqMcjnE0zwyF8H1B3QeXQy8qj07cGgeuXkAz/A+aFDe9+
SUF9J/5uuWrG8varcd0RMH4Sn85joPH0e21uTraVQF0GzvHv153cmusyp33WBpB7
LTEeKp6t8mGGPNJV8SRKOwX0TLovxL1mBtWt064Vaz0s18RMG8jbjOJxnAn/5dRl
XwIDAQAB
-----END PUBLIC KEY-----');
SELECT steward.add_token_key('bad', 'EdDSA', '{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}');
SELECT steward.add_token_key('bad', 'EdDSA', '{"kty": "OKP", "crv": "Ed25519", "x": "sUVDA9OkPdUpyMXh9ZfZ8l0Fplkir-fMuWoPBK6hTek", "d": "sUVDA9OkPdUpyMXh9ZfZ8l0Fplkir-fMuWoPBK6hTek"}');
SELECT steward.add_token_key('bad', 'RS256', 'no key at all');
SELECT steward.add_token_key('bad', 'RS256');
SELECT steward.add_token_key('bad', 'none', 'regress-only-0123456789abcdef0123456789abcdef');
SELECT steward.add_token_key('bad', 'HS256', leeway => '1 hour');
SELECT steward.add_token_key('a.b', 'v1');
SELECT steward.add_token_key('bad', 'v1', audience => 'todo');
SELECT steward.add_token_key('bad', 'v1', not_after => '2000-01-01');
SELECT steward.add_token_key('bad', 'v1', not_after => 'infinity');
SELECT steward.add_token_key('bad', 'v1', max_lifetime => '1000 years');
SELECT steward.add_token_key('own', 'v1');
SELECT kid, alg, issuer, audience, leeway, max_lifetime, not_after FROM steward.token_key ORDER BY kid;

-- An application has nothing but the tokens that others gave it.
\c - regress_app
SELECT * FROM steward.token_key;
SELECT kid FROM steward.token_key;
SELECT steward.add_token_key('mine', 'v1');
SELECT steward.retire_token_key('own');
SELECT steward.mint_token('alice');
SELECT steward.key_material('v1', 'regress-only-0123456789abcdef0123456789abcdef');
BEGIN; SELECT steward.act_as('alice'); ROLLBACK;
BEGIN; SELECT steward.act_as_token(NULL); ROLLBACK;

-- Our own form.
\c - postgres
SELECT steward.mint_token('alice') AS token \gset
SELECT steward.mint_token(E'b\u00f6b "x"', '1 hour', 'own') AS other \gset
SELECT regexp_replace(:'token', '^(v1\.own\.YWxpY2U)\.\d{10}\.\d{10}\.[\w-]{22}\.[\w-]{43}$', '\1...');
SELECT steward.mint_token('alice', '2 hours');
SELECT steward.mint_token('alice', '1 month');
SELECT steward.mint_token('alice', '0');
SELECT steward.mint_token('alice', kid => 'hs');
SELECT steward.mint_token('');
SELECT steward.mint_token(NULL);
\c - regress_app
BEGIN; SELECT steward.act_as_token(:'token'); SELECT steward.identity(); COMMIT;
BEGIN; SELECT steward.act_as_token(:'other'); SELECT steward.identity(); COMMIT;
SELECT steward.identity() IS NULL AS nobody;

-- The same form, made in Python as docs/tokens.md shows.
\c - postgres
SELECT steward.add_token_key('py', 'v1', 'regress-only-0123456789abcdef0123456789abcdef') IS NULL AS given;
\c - regress_app
BEGIN; SELECT steward.act_as_token('v1.py.YsO2Yg.1700000000.4102444800.cHl0aG9uLWp0aQ.ksI1_10pRdJiXqL42KVg_lrdeO2NFD-3tN6UFGQO9VI'); SELECT steward.identity(); COMMIT;

-- JSON Web Tokens.
BEGIN; SELECT steward.act_as_token('eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImhzIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwfQ.z47CoS1GYzsFzxwoepSUys5jkrIdtwJC7-Z1Qtox-iY'); SELECT steward.identity() AS hs256; COMMIT;
BEGIN; SELECT steward.act_as_token('eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InJzIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwfQ.EGXL6scuGs6jB2rypXFLgma4c2mB0lPqU52EHLhd8P7rS2-bpDFoaAQjVud-wyuU7F5_ngeP9yynR5-SqqLYUkYQpuOvuajQUKRSeXceo7nnYkPFh0IFzg3nh7kLfZoAWVynid-oI21XoswQtN7myhQzD1qSGDMmHA-aZsh0gO07u0-ZRwOVL0bqeG_p6FuDJz3ahk_-w2CIpjg-d2_hffyu9BNoBQ41ATqlLwW8nVN5PW7SM6OyLDMY_klbVRP7GUVfre7lGscdbCX_iWtfRNJgaV-Tw0oKmL_rCmmxhF5QCKSPwHeOJLldYs8eiAt-yVjy2IVu5nkXaH4nDFnH-w'); SELECT steward.identity() AS rs256; COMMIT;
BEGIN; SELECT steward.act_as_token('eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImVzIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwfQ.f2jtNQ_xXkBG9i0cw25qt76P58u6n_oAlUvkBoxzKlVRB4WHbc49TW4McdYgR5_O7BEmmChtJCo83MQsWPFo3Q'); SELECT steward.identity() AS es256; COMMIT;
BEGIN; SELECT steward.act_as_token('eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImVkIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwfQ.Yrkksyt6zVfcffOiuEmmzgufcRAgb5rCY-4zGjbtyssHcGqkouUg0DRxwzxnuQz2MuXhIKQafrVDT-etCjnxCg'); SELECT steward.identity() AS eddsa; COMMIT;
BEGIN; SELECT steward.act_as_token('eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImVkLWF1ZCJ9.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDAsImlzcyI6Imh0dHBzOi8vaWQuZXhhbXBsZSIsImF1ZCI6WyJvdGhlciIsInRvZG8iXX0.r6fK7MykYqzQUxEaHQQmw1nWECBJvJuSQ_8YNY1Uq6RwRNxwSZrQRYUssTvg0UY_pp2DV6eaUgoOyRn45ya0CQ'); SELECT steward.identity() AS audience; COMMIT;

-- The seal is the same: the same identity again, by whichever token, is nothing new; another is refused.
BEGIN;
SELECT steward.act_as_token(:'token');
SELECT steward.act_as_token('eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImVkIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwfQ.Yrkksyt6zVfcffOiuEmmzgufcRAgb5rCY-4zGjbtyssHcGqkouUg0DRxwzxnuQz2MuXhIKQafrVDT-etCjnxCg');
SAVEPOINT one;
SELECT steward.act_as_token('eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImVkLWF1ZCJ9.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDAsImlzcyI6Imh0dHBzOi8vaWQuZXhhbXBsZSIsImF1ZCI6WyJvdGhlciIsInRvZG8iXX0.r6fK7MykYqzQUxEaHQQmw1nWECBJvJuSQ_8YNY1Uq6RwRNxwSZrQRYUssTvg0UY_pp2DV6eaUgoOyRn45ya0CQ');
ROLLBACK TO one;
SELECT steward.act_as_token('no token');
ROLLBACK TO one;
SELECT steward.identity();
COMMIT;

-- Whatever is wrong with a token, the client learns the same; and nobody is acted for.
\c - postgres
INSERT INTO regress_vector VALUES
  (1, 'nothing', ''),
  (2, 'no token', 'not a token'),
  (3, 'alg none', 'eyJhbGciOiJub25lIiwia2lkIjoiZWQifQ.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.'),
  (4, 'alg None', 'eyJhbGciOiJOb25lIiwia2lkIjoiZWQifQ.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.'),
  (5, 'signed with the public key', 'eyJhbGciOiJIUzI1NiIsImtpZCI6InJzIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.x9vlcY6CoWygzarN2offwndRRvANK6KE_bkSXAGz_ig'),
  (6, 'another algorithm''s key', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVzIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.1iMxjlsRg902hfxXqk7UUbYM1Qvfuk9qjrmZ8Dy3N81eRtCDCAoG2cjRSjjKw7KTrejE95ufUicQxbdhFiUGDw'),
  (7, 'unknown kid', 'eyJhbGciOiJFZERTQSIsImtpZCI6Im5vYm9keSJ9.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.O4MKvsbyHcS2a3ruWAXYhE6RYWk43C0u-0jodk8DjvOQY5KQnkRlrRVarsbnjU81FOpqUeUFehtxNnvVKTumBQ'),
  (8, 'no kid', 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.iEfneRzycE5MxK-ok54xchRoSYaYQJT0ziFsxWHiO7hku31HOOVgmqDtN7OUvvI31837Nx73BVs2OnpexiFXAA'),
  (9, 'crit', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIiwiY3JpdCI6WyJleHAiXX0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.9pMSBe93zKjYLG3al3gean8--8xwNBE3urAziE_CfVlrkpdXvktgpErOa2n32nmhaIPkhhsyr1EEXfHKKJfuBQ'),
  (10, 'no exp', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IifQ.ubxRDHwm8L-XVNb23lUBMcGrnakUmme2ChRt1XkZ8Tti-hb_4dgE8Ea9w1SwvNFFeKChFkqcEfu0SgvASrjIAQ'),
  (11, 'exp as text', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOiI0MTAyNDQ0ODAwIn0.JIUKPz0QUSZSeXSsqxmbVNVcn9_KRbI59XYtydt_DP_QFyMy28vWtbhHv6nsSvsym265bCCgGz3BQsUSOc-tCw'),
  (12, 'no sub', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJleHAiOjQxMDI0NDQ4MDB9.Um-VAAAzzu7oCPr3c6SDRnSJ7TBomZ8mqOqi_NqDYl7uM0lgrespMYWOwsMJ823fw-EBlfmuZWmjDAQ45sKtAA'),
  (13, 'empty sub', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiIiLCJleHAiOjQxMDI0NDQ4MDB9.Zw7oMepef51I0N070OOiRB9BDuT0Dx4RkYhztYt1ZbVR3leFHyjqkslmR1YtkgA2XZA7gonO63lHfT1AF9WiBA'),
  (14, 'sub twice', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJhbGljZSIsInN1YiI6ImJvYiIsImV4cCI6NDEwMjQ0NDgwMH0.jcx0f6OQ1cIcNVZnjcPYqtyOsRk10rQmQRoOJ93jy4cPB-1AXB5dGDBdM555aBKNYnkC-6th445tr-bVHMpJCQ'),
  (15, 'expired', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOjE3MDAwMDAwMDB9.T3OCg30HtTAqzjYu2Jz21wXyR96_FhdmcbZXDiFBNE88UHytnhnrDByezBZK1eAIxo6ixN8b4YFmvHVLYVBADw'),
  (16, 'not yet', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDAsIm5iZiI6NDEwMjQ0NDAwMH0.EUvU2s7nCpVBT-ngwadHmMJFvsi4A5EhyAErrOPsDhd2GfKuW_8w-JBbEvbrmNkYkNxlm3RDGKnL2-lXrhEMCw'),
  (17, 'issued later', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDAsImlhdCI6NDEwMjQ0NDAwMH0.LQqTxTPqvS9PPIZN2OnKXqYzSaig0wdPUo96FuwWPyTU7QSqwRRr-TcAFeeOIGfNxh5ENACH64NoBNc8sq0sCA'),
  (18, 'an audience nobody asked for', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDAsImF1ZCI6InRvZG8ifQ.VRijLz888b4rmImB3JDUvtq7tXrUS34g4mb2BNs72sazGGu0bf5-31BPBNQp2oS-_6-dEwYBI3hi-wmt-44lAg'),
  (19, 'another audience', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkLWF1ZCJ9.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDAsImlzcyI6Imh0dHBzOi8vaWQuZXhhbXBsZSIsImF1ZCI6Im90aGVyIn0.kTHh-1aNxsKQPrnxWo2uqU0zG0s5vkjF-VvHNZSebUaub2RHTx2npkjlRwHlISf--G4C3DQnnkucxo7NDTu4DA'),
  (20, 'no audience', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkLWF1ZCJ9.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDAsImlzcyI6Imh0dHBzOi8vaWQuZXhhbXBsZSJ9.TZXM-1FKSLZbZgT7RJ9QHKEaRYgZptQsqWSw892kmJ-2B3nNh0ArOmcCHoi9qt3W5Ix9vTUriqfzz9OmwU7jBA'),
  (21, 'another issuer', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkLWF1ZCJ9.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDAsImlzcyI6Imh0dHBzOi8vZXZpbC5leGFtcGxlIiwiYXVkIjoidG9kbyJ9.awF8dzKklysWWjH_PjYj0kaB6F8Uj0tw8_q5UnfHGL5CipoUbT8ahp-046clg_mxfuHp7uGupxuBQUGhAqvUBA'),
  (22, 'a payload exchanged', 'eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.Yrkksyt6zVfcffOiuEmmzgufcRAgb5rCY-4zGjbtyssHcGqkouUg0DRxwzxnuQz2MuXhIKQafrVDT-etCjnxCg'),
  (23, 'a signature cut', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.BAyU6rRQNkVy7g6g7PUeZOE9h3yxmdStftw-Smj-zg8_t_nV624Hd_9QGkoNiIiZh50OTduJE7iAm81aEG'),
  (24, 'one with padding', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.BAyU6rRQNkVy7g6g7PUeZOE9h3yxmdStftw-Smj-zg8_t_nV624Hd_9QGkoNiIiZh50OTduJE7iAm81aEGX8Dw=='),
  (25, 'a fourth part', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJib2IiLCJleHAiOjQxMDI0NDQ4MDB9.BAyU6rRQNkVy7g6g7PUeZOE9h3yxmdStftw-Smj-zg8_t_nV624Hd_9QGkoNiIiZh50OTduJE7iAm81aEGX8Dw.x'),
  (26, 'not canonical', 'eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImVkIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwfQ.Yrkksyt6zVfcffOiuEmmzgufcRAgb5rCY-4zGjbtyssHcGqkouUg0DRxwzxnuQz2MuXhIKQafrVDT-etCjnxCh'),
  (50, 'too long', repeat('x', 8193));
SELECT steward.mint_token('bob', '1 hour', 'own') AS token \gset
INSERT INTO regress_vector VALUES
  (60, 'v1: another subject', replace(:'token', '.Ym9i.', '.YWxpY2U.')),
  (61, 'v1: a longer life', regexp_replace(:'token', '(\d{10})\.(\d{10})', '\1.4102444800')),
  (62, 'v1: another jti', regexp_replace(:'token', '\.[\w-]{22}\.', '.AAAAAAAAAAAAAAAAAAAAAA.')),
  (63, 'v1: another kid', replace(:'token', 'v1.own.', 'v1.hs.')),
  (64, 'v1: no mac', regexp_replace(:'token', '\.[\w-]{43}$', '.')),
  (65, 'v1: a part less', regexp_replace(:'token', '\.[\w-]{43}$', ''));
\c - regress_app
DO $$
DECLARE
  v record;
  said text;
BEGIN
  FOR v IN SELECT * FROM regress_vector ORDER BY n LOOP
    BEGIN
      PERFORM steward.act_as_token(v.token);
      RAISE NOTICE '% is ACCEPTED', v.what;
    EXCEPTION WHEN invalid_authorization_specification THEN
      RAISE NOTICE '%: %, acts for %', v.what, SQLERRM, coalesce(steward.identity(), 'nobody');
    END;
  END LOOP;
END
$$;
BEGIN; SELECT steward.act_as_token('no token'); ROLLBACK;

-- Rotation: two keys side by side, and one that is retired is so at once, for a token that is remembered, and for an old snapshot.
\c - postgres
SELECT length(steward.add_token_key('next', 'v1'));
SELECT steward.mint_token('alice', kid => 'own') AS old, steward.mint_token('alice', kid => 'next') AS new \gset
BEGIN; SELECT steward.act_as_token(:'old'); COMMIT;
BEGIN; SELECT steward.act_as_token(:'new'); COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM regress_vector WHERE n = 0;
SELECT steward.act_as_token(:'old');
SELECT steward.retire_token_key('own');
SAVEPOINT one;
SELECT steward.act_as_token(:'old');
ROLLBACK TO one;
SELECT steward.act_as_token(:'new');
COMMIT;
BEGIN; SELECT steward.act_as_token(:'old'); ROLLBACK;
BEGIN; SELECT steward.act_as_token(:'new'); COMMIT;
SELECT steward.retire_token_key('own');

-- A key that was added by a transaction that is rolled back was never there.
BEGIN;
SELECT length(steward.add_token_key('gone', 'v1'));
SELECT steward.mint_token('alice', kid => 'gone') AS token \gset
SELECT steward.act_as_token(:'token');
ROLLBACK;
BEGIN; SELECT steward.act_as_token(:'token'); ROLLBACK;
SELECT steward.mint_token('alice', kid => 'gone');

-- A remembered token expires as any other; so does its key, at the time that was set.
SELECT length(steward.add_token_key('brief', 'v1', leeway => '0'));
SELECT steward.mint_token('alice', '3 seconds', 'brief') AS brief, steward.mint_token('alice', '1 hour', 'brief') AS long \gset
BEGIN; SELECT steward.act_as_token(:'long'); COMMIT;
SELECT steward.retire_token_key('brief', clock_timestamp() + '3 seconds');
BEGIN; SELECT steward.act_as_token(:'brief'); COMMIT;
BEGIN; SELECT steward.act_as_token(:'long'); COMMIT;
SELECT pg_sleep(3.2);
BEGIN; SELECT steward.act_as_token(:'brief'); ROLLBACK;
BEGIN; SELECT steward.act_as_token(:'long'); ROLLBACK;

-- A row that somebody wrote past the functions, and that is no key, does not keep the others from working.
INSERT INTO steward.token_key VALUES ('broken', 'EdDSA', 'x', NULL, NULL, '0', NULL, now());
BEGIN; SELECT steward.act_as_token(:'new'); SELECT steward.identity(); COMMIT;
TRUNCATE steward.token_key;
BEGIN; SELECT steward.act_as_token(:'new'); ROLLBACK;

DROP TABLE regress_vector;
DROP ROLE regress_app;
