-- The schema of the to-do application, as PostgreSQL takes it. Statements may stand in any order.

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE users IS 'The people who use the application';
COMMENT ON COLUMN users.email IS 'Where reminders go';

CREATE TYPE task_priority AS ENUM ('low', 'medium', 'high');
COMMENT ON TYPE task_priority IS 'How much a task matters, the least first';

CREATE TYPE recurrence AS ENUM ('daily', 'weekly', 'monthly');
COMMENT ON TYPE recurrence IS 'How often a task comes back';

CREATE TABLE tasks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    title varchar(200) NOT NULL,
    notes text NOT NULL DEFAULT '',
    priority task_priority NOT NULL DEFAULT 'medium',
    completed_at timestamptz,
    due_at timestamptz,
    recurs recurrence,
    previous_id uuid REFERENCES tasks ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tasks_recurring_is_due CHECK (recurs IS NULL OR due_at IS NOT NULL),
    CONSTRAINT tasks_title_says_something CHECK (title <> '')
);
COMMENT ON TABLE tasks IS 'What a user has to do. A recurring task that is completed is followed by a new one.';
COMMENT ON COLUMN tasks.user_id IS 'Whose task it is';
COMMENT ON COLUMN tasks.completed_at IS 'NULL: it is still to be done';
COMMENT ON COLUMN tasks.recurs IS 'NULL: once';
COMMENT ON COLUMN tasks.previous_id IS 'The task that this one follows';

-- The list as it opens: what is still to do, by due date.
CREATE INDEX tasks_open ON tasks (user_id, due_at) WHERE completed_at IS NULL;
CREATE INDEX tasks_by_priority ON tasks (user_id, priority DESC, due_at);
CREATE INDEX tasks_previous_id ON tasks (previous_id);

CREATE TABLE tags (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name varchar(50) NOT NULL,
    UNIQUE (user_id, name)
);
COMMENT ON TABLE tags IS 'Words by which a user groups tasks';

CREATE TABLE task_tags (
    task_id uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
    tag_id uuid NOT NULL REFERENCES tags ON DELETE CASCADE,
    PRIMARY KEY (task_id, tag_id)
);
COMMENT ON TABLE task_tags IS 'Which task has which tags';
CREATE INDEX task_tags_tag_id ON task_tags (tag_id);
