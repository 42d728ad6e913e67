-- Work that a person can see and steer: what is to be done, for whom, how often it was tried, what came of it.
create table kontor.job (
  tenant_id        text not null,
  id               uuid not null,
  type             text not null,
  revision         int not null,
  arguments        jsonb not null,
  unique_key       text,
  parent           uuid,
  priority         text not null check (priority in ('HIGH', 'MEDIUM', 'LOW')),
  state            text not null default 'WAITING'
    check (state in ('WAITING', 'RUNNING', 'COMPLETED', 'DEAD', 'CANCELLED', 'DISCARDED')),
  created_at       timestamptz not null default now(),
  created_by       text not null,
  run_at           timestamptz not null,
  -- When it is due, later by what its priority lets others go first: the order among those that wait.
  turn_at          timestamptz not null,
  admissions       int not null default 0,
  attempts         int not null default 0,
  max_attempts     int not null,
  started_at       timestamptz,
  ended_at         timestamptz,
  failure          text,
  done             bigint not null default 0,
  total            bigint not null default 0,
  message          text,
  result           jsonb,
  cancel_requested boolean not null default false,
  decided_by       text,
  decision         text,
  trace_parent     text,
  primary key (tenant_id, id)
);
create unique index job_unique_key on kontor.job (tenant_id, type, unique_key)
  where unique_key is not null and state = 'WAITING';
create index job_waiting on kontor.job (tenant_id, type, turn_at) where state = 'WAITING';
create index job_running on kontor.job (tenant_id, type) where state = 'RUNNING';
create index job_ended on kontor.job (ended_at) where ended_at is not null;
create index job_parent on kontor.job (tenant_id, parent) where parent is not null;
create index job_listed on kontor.job (tenant_id, run_at, id);
create index job_dead on kontor.job (tenant_id, run_at, id) where state = 'DEAD';

alter table kontor.job enable row level security;
alter table kontor.job force row level security;
create policy tenant_isolation on kontor.job to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.job to kontor_worker
  using (true) with check (true);
grant select, insert, update on kontor.job to kontor_app;
grant select, insert, update, delete on kontor.job to kontor_worker;

-- Which types of jobs a tenant has, so that none is looked for among the jobs themselves.
create table kontor.job_queue (
  tenant_id text not null,
  type      text not null,
  paused_by text,
  paused_at timestamptz,
  primary key (tenant_id, type)
);
alter table kontor.job_queue enable row level security;
alter table kontor.job_queue force row level security;
create policy tenant_isolation on kontor.job_queue to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.job_queue to kontor_worker
  using (true) with check (true);
grant select, insert, update on kontor.job_queue to kontor_app;
grant select, insert, update on kontor.job_queue to kontor_worker;

-- Types that an operator has paused for all tenants.
create table kontor.paused_job_type (
  type      text primary key,
  paused_by text not null,
  paused_at timestamptz not null default now()
);
grant select on kontor.paused_job_type to kontor_app;
grant select, insert, delete on kontor.paused_job_type to kontor_worker;

-- db-scheduler's table of the jobs that have been admitted: few, and gone once the attempt has ended.
-- An instance is <tenant>/<job>/<admission>.
create table kontor.job_execution (
  task_name            text not null,
  task_instance        text not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures int,
  last_heartbeat       timestamptz,
  version              bigint not null,
  priority             smallint,
  tenant_id            text generated always as (
    case when position('/' in task_instance) > 0 then split_part(task_instance, '/', 1) end
  ) stored,
  primary key (task_name, task_instance)
);
create index job_execution_due on kontor.job_execution (execution_time) where not picked;
alter table kontor.job_execution set (autovacuum_vacuum_scale_factor = 0.05);

alter table kontor.job_execution enable row level security;
alter table kontor.job_execution force row level security;
create policy tenant_isolation on kontor.job_execution to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.job_execution to kontor_worker
  using (true) with check (true);
grant select, insert, update, delete on kontor.job_execution to kontor_worker;

-- Tasks of processes are listed beside the jobs; what they carry stays the worker's.
grant select (task_name, task_instance, execution_time, picked, last_failure, consecutive_failures,
  last_heartbeat, tenant_id) on kontor.scheduled_tasks to kontor_app;

-- One list of all that is to be done: jobs, and the tasks of processes, whose ids are made from their names.
create view kontor.job_overview with (security_invoker = true) as
  select tenant_id, id, type, priority, state, created_at, created_by, run_at, attempts, max_attempts,
         started_at, ended_at, failure, done, total, message, parent, cancel_requested, decided_by,
         decision, true as can_be_steered
    from kontor.job
  union all
  select tenant_id, md5(task_name || '/' || task_instance)::uuid, task_name, 'MEDIUM',
         case when picked then 'RUNNING' else 'WAITING' end, null, null, execution_time,
         coalesce(consecutive_failures, 0), null, case when picked then last_heartbeat end, null, null,
         0, 0, null, null, false, null, null, false
    from kontor.scheduled_tasks;
grant select on kontor.job_overview to kontor_app, kontor_worker;
