-- A user's session by hand. The first statement of the transaction says whom it acts for; :token was signed by the
-- service that knows the user.
--   psql "$TODO_DATABASE_URL" -v token="$(./mint alice)" -f todo.sql
BEGIN;
SELECT steward.act_as_token(:'token');
INSERT INTO task (title) VALUES ('water the plants');
UPDATE task SET done = true WHERE title = 'water the plants';
SELECT title, done FROM task ORDER BY id;
COMMIT;

-- The next transaction of this connection acts for nobody, and sees nothing.
SELECT count(*) FROM task;
