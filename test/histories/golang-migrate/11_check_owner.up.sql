DO $$
BEGIN
    IF EXISTS (SELECT FROM accounts WHERE owner = '') THEN
        RAISE EXCEPTION 'an account has no owner';
    END IF;
END $$;
ALTER TABLE accounts ADD CONSTRAINT accounts_owner_given CHECK (owner <> '')
