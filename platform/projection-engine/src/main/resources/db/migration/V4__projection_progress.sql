-- Events that a projection could not take, each with the later events of its stream. The columns are
-- those of Axon's queue; the tenant is derived, so that no writer can get it wrong.
create table kontor.dead_letter (
  dead_letter_id       text    not null primary key,
  processing_group     text    not null,
  sequence_identifier  text    not null,
  sequence_index       bigint  not null,
  message_type         text    not null,
  event_identifier     text    not null,
  time_stamp           text    not null,
  payload_type         text    not null,
  payload_revision     text,
  payload              bytea   not null,
  metadata             bytea   not null,
  aggregate_type       text    not null,
  aggregate_identifier text    not null,
  sequence_number      bigint  not null,
  token_type           text    not null,
  token                bytea   not null,
  enqueued_at          text    not null,
  last_touched         text    not null,
  processing_started   text,
  cause_type           text,
  cause_message        text,
  diagnostics          bytea   not null,
  tenant_id            text    not null
    generated always as (split_part(aggregate_identifier, '/', 1)) stored,
  unique (processing_group, sequence_identifier, sequence_index)
);
alter table kontor.dead_letter enable row level security;
alter table kontor.dead_letter force row level security;
create policy tenant_isolation on kontor.dead_letter to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.dead_letter to kontor_worker using (true) with check (true);
grant select, insert, update, delete on kontor.dead_letter to kontor_worker;
grant select on kontor.dead_letter to kontor_app;

-- How many events wait there in all: for the operator, who may see no tenant's rows.
create table kontor.parked_events (
  projection text   not null primary key,
  events     bigint not null
);
grant select on kontor.parked_events to kontor_app;
grant select, insert, update on kontor.parked_events to kontor_worker;

-- How far each projection is; of the tokens, requests need to know no more.
create view kontor.checkpoint with (security_invoker = true) as
  select processor as projection, min(coalesce((token::jsonb ->> 'globalIndex')::bigint, 0)) as position
  from kontor.token
  where segment >= 0
  group by processor;
grant select on kontor.checkpoint to kontor_app;
grant select (processor, segment, token) on kontor.token to kontor_app;
