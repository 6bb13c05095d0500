-- revision: 1a6c0e4f7b21
-- revises:
-- message: Create users
-- created: 2026-09-01T08:00:00Z

-- steward:upgrade
-- Every table with an updated_at uses this one function.
CREATE FUNCTION touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION touch_updated_at() IS 'Trigger: keeps updated_at up to date';

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_has_at CHECK (email LIKE '%_@_%'),
    CONSTRAINT users_name_length CHECK (char_length(name) BETWEEN 1 AND 100)
);
COMMENT ON TABLE users IS 'The people who use the application';
COMMENT ON COLUMN users.email IS 'As the user wrote it; unique without regard to case';

CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TRIGGER users_touch_updated_at
    BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- steward:downgrade
DROP TABLE users;
DROP FUNCTION touch_updated_at();
