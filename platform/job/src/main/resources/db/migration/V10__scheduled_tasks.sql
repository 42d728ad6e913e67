-- What is to happen later must survive a restart: db-scheduler's table, with the tenant made visible.
create table kontor.scheduled_tasks (
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
  -- Instances about a stream are named <tenant>/...; the bank's own chores belong to no tenant.
  tenant_id            text generated always as (
    case when position('/' in task_instance) > 0 then split_part(task_instance, '/', 1) end
  ) stored,
  primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on kontor.scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on kontor.scheduled_tasks (last_heartbeat);

alter table kontor.scheduled_tasks enable row level security;
alter table kontor.scheduled_tasks force row level security;
create policy tenant_isolation on kontor.scheduled_tasks to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.scheduled_tasks to kontor_worker
  using (true) with check (true);
grant select, insert, update, delete on kontor.scheduled_tasks to kontor_worker;
