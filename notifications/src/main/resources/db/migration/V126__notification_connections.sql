-- What connections of a user's clients need on whichever node they are: tickets in place of tokens, and how far notifications were acknowledged.
create table kontor.notification_ticket (
  tenant_id  text        not null,
  digest     bytea       not null,
  sealed     bytea       not null,
  expires_at timestamptz not null,
  primary key (tenant_id, digest)
);
comment on table kontor.notification_ticket is
  'a ticket is used once and known by its digest; the token it stands for is sealed under the ticket itself';

create table kontor.notification_cursor (
  tenant_id    text   not null,
  subject      text   not null,
  acknowledged bigint not null,
  primary key (tenant_id, subject)
);
comment on column kontor.notification_cursor.acknowledged is
  'the number up to which clients of the user have acknowledged notifications';

do $$
declare
  name text;
begin
  foreach name in array array['notification_ticket', 'notification_cursor'] loop
    execute format('alter table kontor.%I enable row level security', name);
    execute format('alter table kontor.%I force row level security', name);
    execute format(
      'create policy tenant_isolation on kontor.%I'
      ' using (tenant_id = (select kontor.current_tenant()))'
      ' with check (tenant_id = (select kontor.current_tenant()))', name);
  end loop;
end
$$;
create policy own_user on kontor.notification_cursor as restrictive to kontor_app
  using (subject = (select kontor.current_subject()))
  with check (subject = (select kontor.current_subject()));
grant select, insert, delete on kontor.notification_ticket to kontor_app;
grant select, insert, update (acknowledged) on kontor.notification_cursor to kontor_app;
grant select, delete on kontor.notification_cursor to kontor_worker;
