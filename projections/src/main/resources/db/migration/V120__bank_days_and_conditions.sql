-- The bank's books get accounts for interest and fees; tenants get bank days, and accounts conditions.
do $$
declare
  relation regclass;
  name     text;
begin
  -- In every generation. What is there kept the narrower rule, so it is not read again.
  foreach name in array array['posting', 'ledger_total'] loop
    for relation in
      select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relname = name and c.relkind = 'r'
         and n.nspname in ('kontor', 'kontor_next', 'kontor_previous', 'kontor_scratch')
    loop
      execute format('alter table %s drop constraint if exists %I', relation, name || '_ledger_account_check');
      execute format(
        'alter table %s add constraint %I check (ledger_account in (''CUSTOMER'', ''CASH'', ''SETTLEMENT'','
        ' ''CLEARING'', ''INTEREST_EXPENSE'', ''INTEREST_INCOME'', ''FEE_INCOME'')) not valid',
        relation, name || '_ledger_account_check');
    end loop;
  end loop;
end
$$;

-- The open bank day, and all that were closed.
create table kontor.bank_day (
  tenant_id text        not null,
  day       date        not null,
  zone      text        not null,
  ends_at   timestamptz not null,
  closed_at timestamptz,
  accounts  bigint,
  booked    bigint,
  owed      bigint,
  primary key (tenant_id, day)
);

-- One row for each time that conditions were set; rates are in millionths a year, the fee in minor units.
create table kontor.conditions (
  tenant_id     text        not null,
  conditions_id uuid        not null,
  version       bigint      not null,
  account_id    uuid,
  currency      text        not null,
  from_day      date        not null,
  set_at        timestamptz not null,
  credit_rate   int         not null,
  debit_rate    int         not null,
  day_count     text        not null check (day_count in ('ACT_365', 'THIRTY_E_360')),
  fee           bigint      not null,
  fee_rhythm    text        not null check (fee_rhythm in ('MONTHLY', 'QUARTERLY', 'YEARLY')),
  primary key (tenant_id, conditions_id, version)
);
create index conditions_of_account on kontor.conditions (tenant_id, account_id, from_day desc, version desc)
  where account_id is not null;
create index conditions_of_currency on kontor.conditions (tenant_id, currency, from_day desc, version desc)
  where account_id is null;

do $$
declare
  name text;
begin
  foreach name in array array['bank_day', 'conditions'] loop
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
