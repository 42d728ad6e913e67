-- A user may want notifications of some kinds in the list only: streams leave those out.
alter table kontor.notification_preference add column list_only text[] not null default '{}';
alter table kontor.notification add column live boolean not null default true;
comment on column kontor.notification.live is 'whether streams send it, as its user wanted it when it was made';
