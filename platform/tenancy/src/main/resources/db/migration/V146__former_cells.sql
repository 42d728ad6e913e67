-- The schemas and databases that tenants have moved out of, kept until an operator has them removed.
create table kontor.former_cell (
  tenant_id text not null check (tenant_id ~ '^[a-z][a-z0-9-]{1,38}$'),
  isolation text not null check (isolation in ('SCHEMA', 'DATABASE')),
  address   text not null,
  secret    text not null,
  left_at   timestamptz not null default now(),
  primary key (tenant_id, isolation)
);
alter table kontor.former_cell enable row level security;
alter table kontor.former_cell force row level security;
create policy tenant_isolation on kontor.former_cell
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.former_cell to kontor_worker using (true) with check (true);
grant select, insert, delete on kontor.former_cell to kontor_worker;
