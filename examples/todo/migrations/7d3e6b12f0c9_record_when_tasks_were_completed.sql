-- revision: 7d3e6b12f0c9
-- revises: 6f05a3d7e8b4
-- message: Record when tasks were completed
-- created: 2026-10-19T16:20:00Z

-- steward:upgrade
ALTER TABLE tasks ADD COLUMN completed_at timestamptz;
COMMENT ON COLUMN tasks.completed_at IS 'When it was completed; set by a trigger';

-- For what was completed before, the last change is the best guess. It must stay as it is.
ALTER TABLE tasks DISABLE TRIGGER tasks_touch_updated_at;
UPDATE tasks SET completed_at = updated_at WHERE completed;
ALTER TABLE tasks ENABLE TRIGGER tasks_touch_updated_at;

ALTER TABLE tasks ADD CONSTRAINT tasks_completed_has_time
    CHECK (completed = (completed_at IS NOT NULL));

CREATE FUNCTION set_completed_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NOT NEW.completed THEN
        NEW.completed_at := NULL;
    ELSIF NEW.completed_at IS NULL THEN
        NEW.completed_at := now();
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION set_completed_at() IS 'Trigger: completed_at follows completed';

CREATE TRIGGER tasks_set_completed_at
    BEFORE INSERT OR UPDATE OF completed, completed_at ON tasks
    FOR EACH ROW EXECUTE FUNCTION set_completed_at();

-- steward:downgrade
DROP TRIGGER tasks_set_completed_at ON tasks;
DROP FUNCTION set_completed_at();
ALTER TABLE tasks DROP COLUMN completed_at;  -- and with it tasks_completed_has_time

-- steward:verify
SELECT NOT EXISTS (SELECT FROM tasks WHERE completed <> (completed_at IS NOT NULL));
