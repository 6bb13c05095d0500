create table devices (
    eui bytea primary key check (length(eui) = 8),
    changed_at timestamptz not null default now()
);
create trigger devices_changed before update on devices
    for each row execute function set_changed_at();
