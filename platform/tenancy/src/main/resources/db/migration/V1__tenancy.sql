-- Row-level security needs one place that knows the tenant and fails loudly when there is none.
create schema if not exists kontor;
grant usage on schema kontor to kontor_app, kontor_worker;

create function kontor.current_tenant() returns text
  language plpgsql stable parallel safe
as $$
declare
  tenant text := current_setting('kontor.tenant', true);
begin
  if tenant is null or tenant = '' then
    raise exception 'no tenant is set for this transaction' using errcode = 'insufficient_privilege';
  end if;
  return tenant;
end
$$;
revoke execute on function kontor.current_tenant() from public;
grant execute on function kontor.current_tenant() to kontor_app, kontor_worker;

-- The tenants that exist. A tenant sees its own row only; registering one happens as that tenant.
create table kontor.tenant (
  tenant_id     text primary key check (tenant_id ~ '^[a-z][a-z0-9-]{1,38}$'),
  name          text not null,
  registered_at timestamptz not null default now(),
  request_key   text
);
comment on column kontor.tenant.request_key is
  'the idempotency key of the request that registered the tenant';
alter table kontor.tenant enable row level security;
alter table kontor.tenant force row level security;
create policy tenant_isolation on kontor.tenant
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
grant select, insert on kontor.tenant to kontor_app;
