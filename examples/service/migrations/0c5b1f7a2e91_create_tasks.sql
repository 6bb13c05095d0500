-- revision: 0c5b1f7a2e91
-- revises:
-- message: Create tasks, tags and the link between them
-- created: 2026-11-21T09:00:00Z
-- steward:upgrade
CREATE TABLE task (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid NOT NULL,
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  done boolean NOT NULL DEFAULT false
);
CREATE TABLE tag (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid NOT NULL,
  name text NOT NULL,
  UNIQUE (user_id, name)
);
CREATE TABLE task_tag (
  task_id bigint NOT NULL REFERENCES task ON DELETE CASCADE,
  tag_id bigint NOT NULL REFERENCES tag ON DELETE CASCADE,
  PRIMARY KEY (task_id, tag_id)
);
-- steward:downgrade
DROP TABLE task_tag, tag, task;
