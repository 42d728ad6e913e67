-- An operator lists the tenants. Requests of tenants use another login, which still sees one row.
create policy every_tenant on kontor.tenant for select to kontor_worker using (true);
grant select on kontor.tenant to kontor_worker;
