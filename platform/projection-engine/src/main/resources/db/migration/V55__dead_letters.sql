-- A stream that a projection could not take is one row: its first event that failed. The later events are in kontor.event and are counted here.
alter table kontor.dead_letter
  add column followers      bigint not null default 0,
  add column attempts       int not null default 1,
  add column requested      text check (requested in ('RETRY', 'DISCARD')),
  add column requested_by   text,
  add column requested_at   timestamptz,
  add column request_reason text,
  alter column message_type drop not null,
  alter column payload drop not null,
  alter column metadata drop not null,
  alter column token_type drop not null,
  alter column token drop not null,
  alter column diagnostics drop not null;
comment on column kontor.dead_letter.followers is 'later events of the stream that wait behind it';
comment on column kontor.dead_letter.requested is 'what a person asked for; a node that projects does it';
comment on column kontor.dead_letter.payload is 'of rows of earlier versions; the event is in kontor.event';
create index dead_letter_requested on kontor.dead_letter (requested_at) where requested is not null;

-- What was parked before: the first event of each stream stays, the others are counted.
alter table kontor.dead_letter no force row level security;
update kontor.dead_letter letter set followers = stream.events - 1
  from (select processing_group, sequence_identifier, min(sequence_index) as first, count(*) as events
          from kontor.dead_letter group by processing_group, sequence_identifier) stream
 where letter.processing_group = stream.processing_group
   and letter.sequence_identifier = stream.sequence_identifier
   and letter.sequence_index = stream.first;
delete from kontor.dead_letter letter
 where exists (select from kontor.dead_letter earlier
                where earlier.processing_group = letter.processing_group
                  and earlier.sequence_identifier = letter.sequence_identifier
                  and earlier.sequence_index < letter.sequence_index);
update kontor.dead_letter set sequence_index = 0 where sequence_index <> 0;
alter table kontor.dead_letter force row level security;

-- A request is noted by who may see the tenant's rows, and done by the worker.
grant update (requested, requested_by, requested_at, request_reason) on kontor.dead_letter to kontor_app;

-- Events that a person decided to leave out of a read model, a rebuilt one included.
create table kontor.discarded_event (
  tenant_id    text        not null,
  projection   text        not null,
  stream_id    uuid        not null,
  sequence     bigint      not null,
  cause        text,
  discarded_by text        not null,
  reason       text        not null,
  discarded_at timestamptz not null default now(),
  primary key (tenant_id, projection, stream_id, sequence)
);
alter table kontor.discarded_event enable row level security;
alter table kontor.discarded_event force row level security;
create policy tenant_isolation on kontor.discarded_event to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.discarded_event to kontor_worker using (true) with check (true);
grant select on kontor.discarded_event to kontor_app;
grant select, insert on kontor.discarded_event to kontor_worker;
