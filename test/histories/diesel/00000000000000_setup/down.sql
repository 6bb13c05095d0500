DROP FUNCTION set_changed_at();
