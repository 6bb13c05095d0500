-- The whole file is one transaction of its own.
BEGIN;

CREATE TABLE entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts,
    amount numeric(12, 2) NOT NULL
);

CREATE FUNCTION account_total(account bigint) RETURNS numeric
    LANGUAGE plpgsql STABLE
    AS $body$
DECLARE
    total numeric;
BEGIN
    EXECUTE $query$ SELECT coalesce(sum(amount), 0) FROM entries WHERE account_id = $1; $query$
       INTO total USING account;
    RETURN total;
END;
$body$;

COMMIT;
-- A last word after it.
