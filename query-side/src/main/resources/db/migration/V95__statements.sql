-- Statements that were asked for, and their documents: pieces of a compressed file, sealed with the key of the account's customer.
create table kontor.statement_run (
  tenant_id    text        not null,
  run_id       uuid        not null,
  job_id       uuid        not null,
  first_day    date        not null,
  end_day      date        not null,
  zone         text        not null,
  format       text        not null check (format in ('CSV', 'CAMT053', 'PDF')),
  request_key  text,
  requested_by text        not null,
  requested_at timestamptz not null default now(),
  accounts     bigint,
  primary key (tenant_id, run_id)
);
comment on column kontor.statement_run.end_day is 'the day after the last one';
comment on column kontor.statement_run.accounts is 'how many it has, once all are known';
create unique index statement_run_request on kontor.statement_run (tenant_id, request_key)
  where request_key is not null;

create table kontor.statement (
  tenant_id    text        not null,
  statement_id uuid        not null,
  account_id   uuid        not null,
  job_id       uuid        not null,
  run_id       uuid,
  first_day    date        not null,
  end_day      date        not null,
  zone         text        not null,
  format       text        not null check (format in ('CSV', 'CAMT053', 'PDF')),
  request_key  text,
  requested_by text        not null,
  requested_at timestamptz not null default now(),
  ready_at     timestamptz,
  document_id  uuid,
  parts        int,
  bytes        bigint,
  key_id       uuid,
  primary key (tenant_id, statement_id)
);
comment on column kontor.statement.key_id is 'the subject key of the document: without it there is none';
create index statement_by_account on kontor.statement (tenant_id, account_id, statement_id desc);
create index statement_by_time on kontor.statement (tenant_id, requested_at);
create unique index statement_of_run on kontor.statement (tenant_id, run_id, account_id)
  where run_id is not null;
create unique index statement_request on kontor.statement (tenant_id, request_key)
  where request_key is not null;

-- Each attempt writes a document of its own; the statement names the one that became complete.
create table kontor.statement_part (
  tenant_id    text  not null,
  document_id  uuid  not null,
  part         int   not null,
  statement_id uuid  not null,
  key_id       uuid  not null,
  sealed       bytea not null,
  primary key (tenant_id, document_id, part),
  foreign key (tenant_id, statement_id) references kontor.statement on delete cascade
);
create index statement_part_of on kontor.statement_part (tenant_id, statement_id);
alter table kontor.statement_part alter column sealed set storage external;

do $$
declare
  name text;
begin
  foreach name in array array['statement_run', 'statement', 'statement_part'] loop
    execute format('alter table kontor.%I enable row level security', name);
    execute format('alter table kontor.%I force row level security', name);
    execute format(
      'create policy tenant_isolation on kontor.%I'
      ' using (tenant_id = (select kontor.current_tenant()))'
      ' with check (tenant_id = (select kontor.current_tenant()))', name);
    execute format('grant select, insert, update, delete on kontor.%I to kontor_worker', name);
  end loop;
end
$$;
grant select, insert on kontor.statement_run, kontor.statement to kontor_app;
grant select on kontor.statement_part to kontor_app;
