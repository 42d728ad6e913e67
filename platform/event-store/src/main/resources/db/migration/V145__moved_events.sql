-- Events that came with a tenant that moved into these tables: what they cause has been done where they were first
-- stored, so read models take them, and processes pass over them.
create table kontor.moved_events (
  first_position bigint not null primary key,
  last_position  bigint not null,
  check (last_position >= first_position)
);
comment on table kontor.moved_events is 'ranges of positions, each of whole units of work';
create index moved_events_last on kontor.moved_events (last_position);
grant select, insert on kontor.moved_events to kontor_worker;
