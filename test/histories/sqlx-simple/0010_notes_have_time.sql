ALTER TABLE notes ADD COLUMN written_at timestamptz NOT NULL DEFAULT now(); -- no semicolon after this
COMMENT ON TABLE notes IS 'Loose sheets'
