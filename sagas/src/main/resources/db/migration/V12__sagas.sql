-- Where each process stands: its state for itself, and beside it what people want to know about it.
create table kontor.saga (
  tenant_id   text        not null,
  saga_type   text        not null,
  saga_id     uuid        not null,
  revision    text        not null,
  payload     jsonb       not null,
  state       text        not null check (state in ('FORWARD', 'BACK', 'NEEDS_ATTENTION')),
  step        text        not null,
  waiting_for text        not null,
  since       timestamptz not null,
  attempts    int         not null,
  deadline    timestamptz not null,
  last_error  text,
  started_at  timestamptz not null default now(),
  primary key (tenant_id, saga_type, saga_id)
) with (fillfactor = 50);

alter table kontor.saga enable row level security;
alter table kontor.saga force row level security;
create policy tenant_isolation on kontor.saga to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.saga to kontor_worker using (true) with check (true);
grant select on kontor.saga to kontor_app;
grant select, insert, update, delete on kontor.saga to kontor_worker;
