-- By which words of their names data subjects are found. A digest needs a master key, which is not in the
-- database, and goes with its subject's key.
create table kontor.subject_name (
  tenant_id text  not null,
  digest    bytea not null,
  key_id    uuid  not null,
  primary key (tenant_id, digest, key_id),
  constraint subject_name_key foreign key (tenant_id, key_id)
    references kontor.subject_key on delete cascade
);
comment on column kontor.subject_name.digest is 'of a word, with a key that is made of a master key';
create index subject_name_of_key on kontor.subject_name (tenant_id, key_id);

alter table kontor.subject_name enable row level security;
alter table kontor.subject_name force row level security;
create policy tenant_isolation on kontor.subject_name
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
grant select, insert, delete on kontor.subject_name to kontor_app;
