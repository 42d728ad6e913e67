-- Standing orders, and what came of each of their due dates.
create table kontor.standing_order (
  tenant_id         text        not null,
  standing_order_id uuid        not null,
  customer          text        not null,
  from_account      uuid        not null,
  to_account        uuid,
  creditor          text,
  amount            bigint      not null check (amount > 0),
  currency          text        not null,
  reference         text        not null,
  first_day         date        not null,
  rhythm            text        not null check (
    rhythm in ('ONCE', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY')),
  day_of_month      int,
  until_day         date,
  due_dates         int,
  business_day_rule text        not null check (
    business_day_rule in ('FOLLOWING', 'MODIFIED_FOLLOWING', 'PRECEDING')),
  calendar          text        not null,
  status            text        not null check (status in ('ACTIVE', 'PAUSED', 'ENDED', 'CANCELLED')),
  -- Of the last execution that was planned, which no longer counts when the order has ended.
  next_due_date     date        not null,
  next_value_date   date        not null,
  created_at        timestamptz not null,
  version           bigint      not null,
  primary key (tenant_id, standing_order_id),
  check ((to_account is null) <> (creditor is null))
) with (fillfactor = 70);
create index standing_order_by_account on kontor.standing_order
  (tenant_id, from_account, standing_order_id desc);
create index standing_order_by_customer on kontor.standing_order
  (tenant_id, customer, standing_order_id desc);
create index standing_order_by_status on kontor.standing_order
  (tenant_id, status, standing_order_id desc);

-- One row for each attempt at a due date.
create table kontor.standing_order_execution (
  tenant_id         text        not null,
  standing_order_id uuid        not null,
  version           bigint      not null,
  due_date          date        not null,
  value_date        date        not null,
  tried_at          timestamptz not null,
  outcome           text        not null check (outcome in ('EXECUTED', 'POSTPONED', 'FAILED')),
  result_id         uuid,
  reason            text,
  retry_at          timestamptz,
  primary key (tenant_id, standing_order_id, version)
);

do $$
declare
  name text;
begin
  foreach name in array array['standing_order', 'standing_order_execution'] loop
    execute format('alter table kontor.%I enable row level security', name);
    execute format('alter table kontor.%I force row level security', name);
    execute format(
      'create policy tenant_isolation on kontor.%I'
      ' using (tenant_id = (select kontor.current_tenant()))'
      ' with check (tenant_id = (select kontor.current_tenant()))', name);
    execute format('grant select on kontor.%I to kontor_app', name);
    execute format('grant select, insert, update on kontor.%I to kontor_worker', name);
  end loop;
end
$$;
