-- Personal data is stored sealed, wherever it is copied to. Whoever takes away its subject's key makes
-- all of it unreadable at once, without changing a byte of what was stored.
create table kontor.subject_key (
  tenant_id  text        not null,
  key_id     uuid        not null,
  subject    text        not null,
  wrapped    bytea       not null,
  master     text        not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key_id),
  constraint subject_key_subject unique (tenant_id, subject)
);
comment on column kontor.subject_key.wrapped is 'the key, encrypted with a master key that is not in the database';
comment on column kontor.subject_key.master is 'which master key that is';

-- What was stored before there were keys is hidden for those who asked to be forgotten.
create table kontor.forgotten_subject (
  tenant_id    text        not null,
  subject      text        not null,
  forgotten_at timestamptz not null default now(),
  primary key (tenant_id, subject)
);

do $$
declare
  name text;
begin
  foreach name in array array['subject_key', 'forgotten_subject'] loop
    execute format('alter table kontor.%I enable row level security', name);
    execute format('alter table kontor.%I force row level security', name);
    execute format(
      'create policy tenant_isolation on kontor.%I'
      ' using (tenant_id = (select kontor.current_tenant()))'
      ' with check (tenant_id = (select kontor.current_tenant()))', name);
  end loop;
end
$$;
grant select, insert, delete on kontor.subject_key to kontor_app;
grant select, insert on kontor.forgotten_subject to kontor_app;
