-- Which users have a stream of notifications open, and on which node: a node says so again and again, and one that dies stops. Not logged, since none of it outlives a crash.
create unlogged table kontor.presence (
  tenant_id text        not null,
  subject   text        not null,
  node      uuid        not null,
  seen_at   timestamptz not null,
  primary key (tenant_id, subject, node)
) with (fillfactor = 50);
comment on column kontor.presence.node is 'a process, another one after each start';

alter table kontor.presence enable row level security;
alter table kontor.presence force row level security;
create policy tenant_isolation on kontor.presence
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
grant select, insert, update (seen_at), delete on kontor.presence to kontor_app;
grant select, delete on kontor.presence to kontor_worker;
