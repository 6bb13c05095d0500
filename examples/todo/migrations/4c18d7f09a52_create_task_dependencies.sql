-- revision: 4c18d7f09a52
-- revises: 2d9f51c83e04
-- message: Create task dependencies
-- created: 2026-09-09T14:00:00Z
-- labels: dependencies

-- steward:upgrade
CREATE TABLE task_dependencies (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    task_id uuid NOT NULL,
    depends_on_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, depends_on_id),
    FOREIGN KEY (task_id, user_id) REFERENCES tasks (id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (depends_on_id, user_id) REFERENCES tasks (id, user_id) ON DELETE CASCADE,
    CONSTRAINT task_dependencies_no_self_loop CHECK (task_id <> depends_on_id)
);
COMMENT ON TABLE task_dependencies IS 'Which task cannot be done before which other';

CREATE INDEX task_dependencies_reverse ON task_dependencies (depends_on_id, task_id);
CREATE INDEX task_dependencies_user_id ON task_dependencies (user_id);

-- steward:downgrade
DROP TABLE task_dependencies;
