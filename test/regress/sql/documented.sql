\set SHOW_CONTEXT never
SET client_min_messages = warning;
-- The examples of the documentation, as they stand there: what is between the fences. (A class of the backtick alone
-- spells it, which psql would take for its own.)
\set script `LC_ALL=C sed -n '/^[^ -_a-~]\{3\}sql$/,/^[^ -_a-~]\{3\}$/{/^[^ -_a-~]\{3\}/d;p;}' "$PG_ABS_SRCDIR/../../docs/isolation.md"`
:script
\set script `LC_ALL=C sed -n '/^[^ -_a-~]\{3\}sql$/,/^[^ -_a-~]\{3\}$/{/^[^ -_a-~]\{3\}/d;p;}' "$PG_ABS_SRCDIR/../../docs/prove.md"`
:script

DROP SCHEMA todo, shop CASCADE;
DROP OWNED BY todo_app, todo_support, shop_app, shop_owner;
DROP ROLE todo_app, todo_support, shop_app, shop_owner;
GRANT TEMPORARY ON DATABASE :DBNAME TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
