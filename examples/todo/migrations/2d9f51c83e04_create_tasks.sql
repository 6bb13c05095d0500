-- revision: 2d9f51c83e04
-- revises: 1a6c0e4f7b21
-- message: Create tasks
-- created: 2026-09-01T08:30:00Z

-- steward:upgrade
CREATE TABLE tasks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    completed boolean NOT NULL DEFAULT false,
    due_at timestamptz,
    recurrence interval,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    priority smallint NOT NULL DEFAULT 2,
    -- So that a table that refers to a task can refer to its owner with it.
    CONSTRAINT tasks_id_user_id_key UNIQUE (id, user_id),
    CONSTRAINT tasks_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT tasks_recurrence_forward CHECK (recurrence > interval '0'),
    CONSTRAINT tasks_recurrence_needs_due_date CHECK (recurrence IS NULL OR due_at IS NOT NULL),
    CONSTRAINT tasks_priority_range CHECK (priority BETWEEN 1 AND 3)
);
COMMENT ON TABLE tasks IS 'What a user has to do';
COMMENT ON COLUMN tasks.recurrence IS 'After this time a completed task is due again; NULL: once';
COMMENT ON COLUMN tasks.priority IS '1 low, 2 medium, 3 high';

-- The list as it opens: what is still to do, by due date.
CREATE INDEX tasks_open_due ON tasks (user_id, due_at) WHERE NOT completed;
-- All of a user's tasks, newest first.
CREATE INDEX tasks_newest ON tasks (user_id, created_at DESC);
CREATE INDEX tasks_by_priority ON tasks (user_id, priority DESC, due_at);

CREATE TRIGGER tasks_touch_updated_at
    BEFORE UPDATE ON tasks
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- steward:downgrade
DROP TABLE tasks;
