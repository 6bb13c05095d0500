-- The same schema has the same fingerprint on every release of the server: what is expected here was taken on 15, 17 and 18.
\set ECHO none
\i test/regress/support/every_kind.sql
\set ECHO all
SELECT id, fingerprint FROM steward.fingerprints()
WHERE level = 'schema' AND id IN ('schema every', 'schema "Other One"') OR level = 'object' AND id ~ 'regress_every|^cast .*every\.' ORDER BY id COLLATE "C";

-- Where it is not, the tree names the object.
SELECT o.id, left(encode(o.fingerprint, 'hex'), 12) AS fingerprint FROM steward.objects() AS o
WHERE o.parent = 'schema every' ORDER BY o.id COLLATE "C";

-- It is the same from what is known of each object.
SELECT steward.known_fingerprint() = steward.fingerprint() AS same;

DROP EVENT TRIGGER regress_every_watch;
SET client_min_messages = error;
DROP PUBLICATION regress_every_news, regress_every_schema, regress_every_all;
DROP SCHEMA every, "Other One" CASCADE;
DROP ACCESS METHOD regress_every_pile;
DROP OWNED BY regress_every_reader;
DROP OWNED BY regress_every_owner;
DROP OWNED BY regress_every CASCADE;
DROP ROLE regress_every, regress_every_owner, regress_every_reader;
