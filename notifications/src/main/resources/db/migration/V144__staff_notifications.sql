-- Who of a tenant's staff is notified: those who have looked at their notifications lately, with the roles of their token.
create table kontor.notification_staff (
  tenant_id text        not null,
  subject   text        not null,
  roles     text[]      not null,
  since     timestamptz not null,
  seen_at   timestamptz not null,
  primary key (tenant_id, subject)
);
comment on column kontor.notification_staff.since is
  'what happened before is not notified, also if it is processed again';

alter table kontor.notification_staff enable row level security;
alter table kontor.notification_staff force row level security;
create policy tenant_isolation on kontor.notification_staff
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy own_user on kontor.notification_staff as restrictive to kontor_app
  using (subject = (select kontor.current_subject()))
  with check (subject = (select kontor.current_subject()));
grant select, insert, delete, update (roles, since, seen_at) on kontor.notification_staff to kontor_app;
grant select, insert, delete on kontor.notification_staff to kontor_worker;
