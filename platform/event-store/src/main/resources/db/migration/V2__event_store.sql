-- The one truth: every event of every tenant, in the order in which they became visible.
create table kontor.event (
  position    bigint primary key,
  tenant_id   text not null,
  stream_id   uuid not null,
  sequence    bigint not null check (sequence >= 0),
  stream_type text not null,
  event_id    uuid not null,
  type        text not null,
  revision    text,
  recorded_at timestamptz not null,
  unit_rest   int not null check (unit_rest >= 0),
  payload     json not null,
  metadata    json not null,
  constraint event_stream_sequence unique (tenant_id, stream_id, sequence)
);
comment on column kontor.event.position is 'dense, in commit order: 1, 2, 3 ...';
comment on column kontor.event.unit_rest is 'how many events of the same unit of work follow';
-- Appended in time order, so a block range index finds a moment at almost no cost.
create index event_recorded_at on kontor.event using brin (recorded_at);

create table kontor.snapshot (
  tenant_id   text not null,
  stream_id   uuid not null,
  sequence    bigint not null,
  stream_type text not null,
  type        text not null,
  revision    text,
  recorded_at timestamptz not null,
  payload     json not null,
  primary key (tenant_id, stream_id)
);

-- What was answered to a request that carried an idempotency key.
create table kontor.idempotency (
  tenant_id   text not null,
  key         text not null,
  fingerprint text not null,
  answer      text not null,
  position    bigint not null,
  answered_at timestamptz not null default now(),
  primary key (tenant_id, key)
);
create index idempotency_answered_at on kontor.idempotency using brin (answered_at);

alter table kontor.event enable row level security;
alter table kontor.event force row level security;
alter table kontor.snapshot enable row level security;
alter table kontor.snapshot force row level security;
alter table kontor.idempotency enable row level security;
alter table kontor.idempotency force row level security;

create policy tenant_isolation on kontor.event to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy tenant_isolation on kontor.snapshot to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy tenant_isolation on kontor.idempotency to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.event to kontor_worker using (true) with check (true);
create policy every_tenant on kontor.snapshot to kontor_worker using (true) with check (true);
create policy every_tenant on kontor.idempotency to kontor_worker using (true) with check (true);

-- Appending is the worker's alone; a request only reads its tenant's streams.
grant select on kontor.event, kontor.snapshot, kontor.idempotency to kontor_app;
grant select, insert on kontor.event to kontor_worker;
grant select, insert, update on kontor.snapshot to kontor_worker;
grant select, insert, delete on kontor.idempotency to kontor_worker;

-- How far each event processor has come. No tenant's data, but no request's business either.
create table kontor.token (
  processor  text not null,
  segment    int not null,
  token      text,
  token_type text,
  claimed_at text,
  owner      text,
  primary key (processor, segment)
);
grant select, insert, update, delete on kontor.token to kontor_worker;
