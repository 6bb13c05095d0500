insert into devices (eui) values ('\x0102030405060708'), (U&'\0061bcdefg;'::bytea)
on conflict do nothing;
