-- Two transactions in one file.
BEGIN;
INSERT INTO accounts (owner, state) VALUES ('ledger''s', 'frozen'), (E'o\'neil; -- x', 'open');
COMMIT;

START TRANSACTION;
UPDATE accounts SET note = $$it's "fine"; really$$ WHERE state = 'frozen';
END;
