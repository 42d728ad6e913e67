-- Limits of single tenants that an operator sets while the bank runs, in place of those in the settings.
create table kontor.limit_plan (
  tenant_id         text        primary key,
  tenant_per_minute int         not null check (tenant_per_minute between 1 and 1000000000),
  user_per_minute   int         not null check (user_per_minute between 1 and 1000000000),
  changed_at        timestamptz not null,
  changed_by        text        not null
);

alter table kontor.limit_plan enable row level security;
alter table kontor.limit_plan force row level security;
create policy tenant_isolation on kontor.limit_plan
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
grant select, insert, update, delete on kontor.limit_plan to kontor_app;
