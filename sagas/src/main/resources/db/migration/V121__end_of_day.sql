-- How far the end of a tenant's open bank day is, and what its accounts have earned and owe so far.
create table kontor.end_of_day (
  tenant_id    text        not null primary key,
  day          date        not null,
  ends_at      timestamptz not null,
  step         text        not null check (step in ('ACCRUAL', 'BOOKING', 'CLOSING')),
  last_account uuid,
  accounts     bigint      not null default 0,
  booked       bigint      not null default 0,
  owed         bigint      not null default 0
);
comment on column kontor.end_of_day.last_account is 'the step has done the accounts up to this one; null for none';

create table kontor.interest_accrual (
  tenant_id       text    not null,
  account_id      uuid    not null,
  currency        text    not null,
  accrued_through date    not null,
  accrued         numeric not null,
  fees            numeric not null,
  interest_booked bigint  not null default 0,
  fees_booked     bigint  not null default 0,
  primary key (tenant_id, account_id)
) with (fillfactor = 70);
comment on column kontor.interest_accrual.accrued is 'interest of all days so far, in hundredths of a minor unit';
comment on column kontor.interest_accrual.fees is 'fees of all periods so far, in minor units, as all that was booked';

alter table kontor.end_of_day enable row level security;
alter table kontor.end_of_day force row level security;
create policy tenant_isolation on kontor.end_of_day to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.end_of_day to kontor_worker using (true) with check (true);
grant select on kontor.end_of_day to kontor_app;
grant select, insert, update, delete on kontor.end_of_day to kontor_worker;

alter table kontor.interest_accrual enable row level security;
alter table kontor.interest_accrual force row level security;
create policy tenant_isolation on kontor.interest_accrual
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
grant select on kontor.interest_accrual to kontor_app;
grant select, insert, update, delete on kontor.interest_accrual to kontor_worker;
