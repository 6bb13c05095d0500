ALTER TABLE accounts DROP COLUMN state;
DROP TYPE account_state;
