-- An order's saga wakes up by a column of its own row, its version guards the row between nodes, and one that fails is parked with its events.
alter table kontor.saga
  add column version int not null default 1,
  add column wake_at timestamptz,
  add column parked  jsonb;
comment on column kontor.saga.version is 'grows with each change: a writer that read an older one does its work again';
comment on column kontor.saga.wake_at is 'when the saga acts without an event; null while it waits for events only';
comment on column kontor.saga.parked is 'references of events that the saga failed on, handled again at wake_at; null while it does not fail';
create index saga_wake_at on kontor.saga (wake_at) where wake_at is not null;

-- Sagas that waited for a scheduled deadline act at once: they ask again what they wait for, which is done once.
alter table kontor.saga no force row level security;
update kontor.saga set wake_at = now()
 where saga_type = 'order-fulfilment' and payload -> 'progress' ->> 'wakeUp' is not null;
alter table kontor.saga force row level security;
