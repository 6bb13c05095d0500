-- revision: 4b1d0c7e92fa
-- revises:
-- message: Create users, tasks and tags
-- created: 2026-11-20T10:00:00Z
-- steward:upgrade
CREATE TYPE public.recurrence AS ENUM ('daily', 'weekly', 'monthly');
COMMENT ON TYPE public.recurrence IS 'How often a task comes back';
CREATE TYPE public.task_priority AS ENUM ('low', 'medium', 'high');
COMMENT ON TYPE public.task_priority IS 'How much a task matters, the least first';
CREATE TABLE public.tags (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  user_id uuid NOT NULL,
  name character varying(50) NOT NULL,
  CONSTRAINT tags_pkey PRIMARY KEY (id),
  CONSTRAINT tags_user_id_name_key UNIQUE (user_id, name)
);
COMMENT ON TABLE public.tags IS 'Words by which a user groups tasks';
CREATE TABLE public.task_tags (
  task_id uuid NOT NULL,
  tag_id uuid NOT NULL,
  CONSTRAINT task_tags_pkey PRIMARY KEY (task_id, tag_id)
);
COMMENT ON TABLE public.task_tags IS 'Which task has which tags';
CREATE TABLE public.tasks (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  user_id uuid NOT NULL,
  title character varying(200) NOT NULL,
  notes text DEFAULT ''::text NOT NULL,
  priority public.task_priority DEFAULT 'medium'::public.task_priority NOT NULL,
  completed_at timestamp with time zone,
  due_at timestamp with time zone,
  recurs public.recurrence,
  previous_id uuid,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT tasks_pkey PRIMARY KEY (id),
  CONSTRAINT tasks_recurring_is_due CHECK (((recurs IS NULL) OR (due_at IS NOT NULL))),
  CONSTRAINT tasks_title_says_something CHECK (((title)::text <> ''::text))
);
COMMENT ON TABLE public.tasks IS 'What a user has to do. A recurring task that is completed is followed by a new one.';
CREATE TABLE public.users (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE public.users IS 'The people who use the application';
COMMENT ON COLUMN public.tasks.completed_at IS 'NULL: it is still to be done';
COMMENT ON COLUMN public.tasks.previous_id IS 'The task that this one follows';
COMMENT ON COLUMN public.tasks.recurs IS 'NULL: once';
COMMENT ON COLUMN public.tasks.user_id IS 'Whose task it is';
COMMENT ON COLUMN public.users.email IS 'Where reminders go';
CREATE INDEX task_tags_tag_id ON public.task_tags USING btree (tag_id);
CREATE INDEX tasks_by_priority ON public.tasks USING btree (user_id, priority DESC, due_at);
CREATE INDEX tasks_open ON public.tasks USING btree (user_id, due_at) WHERE (completed_at IS NULL);
CREATE INDEX tasks_previous_id ON public.tasks USING btree (previous_id);
ALTER TABLE public.tags ADD CONSTRAINT tags_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.task_tags ADD CONSTRAINT task_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES public.tags(id) ON DELETE CASCADE;
ALTER TABLE public.task_tags ADD CONSTRAINT task_tags_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.tasks(id) ON DELETE CASCADE;
ALTER TABLE public.tasks ADD CONSTRAINT tasks_previous_id_fkey FOREIGN KEY (previous_id) REFERENCES public.tasks(id) ON DELETE SET NULL;
ALTER TABLE public.tasks ADD CONSTRAINT tasks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
-- steward:downgrade
-- data loss: the rows of table public.task_tags
DROP TABLE public.task_tags;
-- data loss: the rows of table public.tags
DROP TABLE public.tags;
-- data loss: the rows of table public.tasks
DROP TABLE public.tasks;
-- data loss: the rows of table public.users
DROP TABLE public.users;
DROP TYPE public.recurrence;
DROP TYPE public.task_priority;
