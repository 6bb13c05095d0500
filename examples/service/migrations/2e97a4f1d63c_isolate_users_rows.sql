-- revision: 2e97a4f1d63c
-- revises: 1d84e6c3b05f
-- message: Isolate each user's rows
-- created: 2026-11-21T09:20:00Z
-- steward:upgrade
SELECT what FROM steward.isolate('task', roles => '{todo_app}');
SELECT what FROM steward.isolate('tag', roles => '{todo_app}');
SELECT what FROM steward.isolate('task_tag', through => 'task', roles => '{todo_app}');
-- steward:downgrade
SELECT * FROM steward.release('task_tag');
SELECT * FROM steward.release('tag');
SELECT * FROM steward.release('task');
