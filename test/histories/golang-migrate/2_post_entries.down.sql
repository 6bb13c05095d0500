BEGIN;
DROP FUNCTION account_total(bigint);
DROP TABLE entries;
COMMIT;
