-- revision: 5e42b98c1d6f
-- revises: 3b70e2a6d915, 4c18d7f09a52
-- message: Merge tags and dependencies
-- created: 2026-09-14T10:15:00Z

-- steward:upgrade
-- A merge may be empty. This one makes what needs both branches.
CREATE VIEW task_overview
    WITH (security_invoker = true)
    AS
SELECT task.id,
       task.user_id,
       task.title,
       task.completed,
       ARRAY(SELECT tag.name
               FROM task_tags link
               JOIN tags tag ON tag.id = link.tag_id
              WHERE link.task_id = task.id
              ORDER BY tag.name) AS tags,
       (SELECT count(*)
          FROM task_dependencies link
          JOIN tasks other ON other.id = link.depends_on_id
         WHERE link.task_id = task.id AND NOT other.completed) AS waits_for
  FROM tasks task;
COMMENT ON VIEW task_overview IS 'Each task with its tags and how many open tasks it waits for';

-- steward:downgrade
DROP VIEW task_overview;
