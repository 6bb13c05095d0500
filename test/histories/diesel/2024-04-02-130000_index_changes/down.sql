drop index concurrently devices_changed_at;
