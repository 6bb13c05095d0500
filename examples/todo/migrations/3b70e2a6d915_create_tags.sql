-- revision: 3b70e2a6d915
-- revises: 2d9f51c83e04
-- message: Create tags and link them to tasks
-- created: 2026-09-08T09:00:00Z
-- labels: tags

-- steward:upgrade
CREATE TABLE tags (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tags_id_user_id_key UNIQUE (id, user_id),
    CONSTRAINT tags_name_length CHECK (char_length(name) BETWEEN 1 AND 50)
);
COMMENT ON TABLE tags IS 'Words by which a user groups tasks';

CREATE UNIQUE INDEX tags_name_key ON tags (user_id, lower(name));

CREATE TRIGGER tags_touch_updated_at
    BEFORE UPDATE ON tags
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- The link carries the owner too: task and tag must then be of the same user, whatever the
-- application does.
CREATE TABLE task_tags (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    task_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    PRIMARY KEY (task_id, tag_id),
    FOREIGN KEY (task_id, user_id) REFERENCES tasks (id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (tag_id, user_id) REFERENCES tags (id, user_id) ON DELETE CASCADE
);
COMMENT ON TABLE task_tags IS 'Which task has which tags';

CREATE INDEX task_tags_reverse ON task_tags (tag_id, task_id);
CREATE INDEX task_tags_user_id ON task_tags (user_id);

-- steward:downgrade
DROP TABLE task_tags;
DROP TABLE tags;
