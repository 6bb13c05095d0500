create index concurrently devices_changed_at on devices (changed_at desc);
