-- Keys with which machines call the API in place of an issuer's token. Of each its digest is here, so who reads this table can't call.
create table kontor.api_key (
  tenant_id    text        not null,
  key_id       uuid        not null,
  name         text        not null,
  subject      text        not null,
  scopes       text[]      not null,
  digest       bytea       not null,
  created_at   timestamptz not null default now(),
  created_by   text        not null,
  expires_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  request_key  text,
  primary key (tenant_id, key_id)
);
comment on column kontor.api_key.digest is 'SHA-256 of the whole key, whose secret has 256 random bits';
comment on column kontor.api_key.last_used_at is 'to the minute';
create unique index api_key_request on kontor.api_key (tenant_id, request_key)
  where request_key is not null;

alter table kontor.api_key enable row level security;
alter table kontor.api_key force row level security;
create policy tenant_isolation on kontor.api_key
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
grant select, insert, update (last_used_at, revoked_at) on kontor.api_key to kontor_app;
