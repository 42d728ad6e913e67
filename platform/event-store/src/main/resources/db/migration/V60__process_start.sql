-- Processes that have no progress of their own yet begin after this position: what comes before was
-- imported, and has been acted upon where it happened.
create table kontor.process_start (
  only_one boolean not null primary key default true check (only_one),
  position bigint
);
comment on column kontor.process_start.position is 'undecided, when null: then processes begin with the first event';
insert into kontor.process_start default values;
grant select, update on kontor.process_start to kontor_worker;
