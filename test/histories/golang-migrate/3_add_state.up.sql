CREATE TYPE account_state AS ENUM ('open', 'closed');
ALTER TABLE accounts ADD COLUMN state account_state NOT NULL DEFAULT 'open';
