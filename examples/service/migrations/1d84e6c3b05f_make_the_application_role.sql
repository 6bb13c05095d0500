-- revision: 1d84e6c3b05f
-- revises: 0c5b1f7a2e91
-- message: Make the application role todo_app
-- created: 2026-11-21T09:10:00Z
-- steward:upgrade
SELECT what FROM steward.application_role('todo_app');
-- steward:downgrade
-- The role itself stays: other databases of this server may need it.
DROP OWNED BY todo_app;
