-- Where this bank's events are kept: the same history must not be written in two places.
create table kontor.event_home (
  only_one boolean not null primary key default true check (only_one),
  home     text    not null
);
grant select on kontor.event_home to kontor_worker;

-- Those that are here already are kept here.
alter table kontor.event no force row level security;
insert into kontor.event_home (home) select 'PostgreSQL' where exists (select from kontor.event);
alter table kontor.event force row level security;
