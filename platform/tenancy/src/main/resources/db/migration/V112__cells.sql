-- A tenant's data is in this database's rows, or in a database of its own: its cell.
alter table kontor.tenant
  add isolation text not null default 'ROW' check (isolation in ('ROW', 'DATABASE'));

-- The cells that nodes open. The passwords of their databases are in the nodes' settings.
create table kontor.cell (
  tenant_id     text primary key check (tenant_id ~ '^[a-z][a-z0-9-]{1,38}$'),
  address       text not null,
  secret        text not null,
  registered_at timestamptz not null default now()
);
comment on column kontor.cell.secret is
  'the prefix of the settings with the passwords, never a password';
alter table kontor.cell enable row level security;
alter table kontor.cell force row level security;
create policy tenant_isolation on kontor.cell
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.cell to kontor_worker using (true) with check (true);
grant select, insert, update on kontor.cell to kontor_worker;
