-- A tenant's place can change: its writes are suspended meanwhile. One that was closed is served nowhere.
alter table kontor.tenant
  add suspended_until timestamptz,
  add closed_at  timestamptz,
  add placed_at  timestamptz;
comment on column kontor.tenant.suspended_until is 'until then no event of the tenant is appended here';
comment on column kontor.tenant.placed_at is 'when its place, or whether it is suspended or closed, changed last';
create index tenant_placed_at on kontor.tenant (placed_at);

drop policy every_tenant on kontor.tenant;
create policy every_tenant on kontor.tenant to kontor_worker using (true) with check (true);
grant update (isolation, suspended_until, closed_at, placed_at) on kontor.tenant to kontor_worker;
grant delete on kontor.cell to kontor_worker;
