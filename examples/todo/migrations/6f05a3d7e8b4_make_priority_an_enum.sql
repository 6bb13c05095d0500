-- revision: 6f05a3d7e8b4
-- revises: 5e42b98c1d6f
-- message: Make priority an enum
-- created: 2026-10-02T07:45:00Z

-- steward:upgrade
-- Add, copy, drop, rename: the column keeps its name and its values, and gets another type.
CREATE TYPE task_priority AS ENUM ('low', 'medium', 'high');
COMMENT ON TYPE task_priority IS 'How much a task matters, the least first';

ALTER TABLE tasks ADD COLUMN priority_new task_priority NOT NULL DEFAULT 'medium';

-- The copy is not a change that a user made: updated_at stays.
ALTER TABLE tasks DISABLE TRIGGER tasks_touch_updated_at;
UPDATE tasks
   SET priority_new = CASE priority WHEN 1 THEN 'low' ELSE 'high' END::task_priority
 WHERE priority <> 2;
ALTER TABLE tasks ENABLE TRIGGER tasks_touch_updated_at;

ALTER TABLE tasks DROP COLUMN priority;  -- and with it tasks_by_priority, tasks_priority_range
ALTER TABLE tasks RENAME COLUMN priority_new TO priority;
COMMENT ON COLUMN tasks.priority IS 'How much it matters to its owner';
CREATE INDEX tasks_by_priority ON tasks (user_id, priority DESC, due_at);

-- steward:downgrade
ALTER TABLE tasks ADD COLUMN priority_old smallint NOT NULL DEFAULT 2;

ALTER TABLE tasks DISABLE TRIGGER tasks_touch_updated_at;
UPDATE tasks
   SET priority_old = CASE priority WHEN 'low' THEN 1 ELSE 3 END
 WHERE priority <> 'medium';
ALTER TABLE tasks ENABLE TRIGGER tasks_touch_updated_at;

ALTER TABLE tasks DROP COLUMN priority;
ALTER TABLE tasks RENAME COLUMN priority_old TO priority;
COMMENT ON COLUMN tasks.priority IS '1 low, 2 medium, 3 high';
ALTER TABLE tasks ADD CONSTRAINT tasks_priority_range CHECK (priority BETWEEN 1 AND 3);
CREATE INDEX tasks_by_priority ON tasks (user_id, priority DESC, due_at);

DROP TYPE task_priority;
