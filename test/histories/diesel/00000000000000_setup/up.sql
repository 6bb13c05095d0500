CREATE FUNCTION set_changed_at() RETURNS trigger AS $$
BEGIN
    NEW.changed_at := current_timestamp;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
