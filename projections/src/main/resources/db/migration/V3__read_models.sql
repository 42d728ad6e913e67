-- What queries read, derived from the events and rebuilt from them at any time. Amounts are in minor units.
create table kontor.account (
  tenant_id       text        not null,
  account_id      uuid        not null,
  customer        text        not null,
  owner           text        not null,
  currency        text        not null,
  status          text        not null check (status in ('OPEN', 'FROZEN', 'CLOSED')),
  balance         bigint      not null,
  held            bigint      not null,
  overdraft_limit bigint      not null,
  version         bigint      not null,
  opened_at       timestamptz not null,
  primary key (tenant_id, account_id)
) with (fillfactor = 70);
create index account_by_customer on kontor.account (tenant_id, customer, account_id);

create table kontor.journal_entry (
  tenant_id text        not null,
  entry_id  uuid        not null,
  kind      text        not null check (kind in ('DEPOSIT', 'WITHDRAWAL', 'CAPTURE', 'TRANSFER')),
  reference text        not null,
  currency  text        not null,
  booked_at timestamptz not null,
  position  bigint      not null,
  primary key (tenant_id, entry_id)
);

-- Kind and reference are the entry's: a statement is read far more often than an entry is written.
create table kontor.posting (
  tenant_id      text        not null,
  posting_id     uuid        not null,
  entry_id       uuid        not null,
  account_id     uuid,
  ledger_account text        not null check (ledger_account in ('CUSTOMER', 'CASH', 'SETTLEMENT')),
  direction      text        not null check (direction in ('DEBIT', 'CREDIT')),
  amount         bigint      not null check (amount > 0),
  currency       text        not null,
  balance_after  bigint,
  kind           text        not null,
  reference      text        not null,
  booked_at      timestamptz not null,
  position       bigint      not null,
  primary key (tenant_id, posting_id),
  check ((account_id is not null) = (ledger_account = 'CUSTOMER')),
  check ((account_id is not null) = (balance_after is not null))
);
create index posting_by_account on kontor.posting
  (tenant_id, account_id, booked_at desc, position desc, posting_id desc) where account_id is not null;
create index posting_by_entry on kontor.posting (tenant_id, entry_id);
create index posting_by_time on kontor.posting (tenant_id, booked_at);

-- One row a day keeps the trial balance cheap, today's and a past one's.
create table kontor.ledger_total (
  tenant_id      text    not null,
  currency       text    not null,
  ledger_account text    not null check (ledger_account in ('CUSTOMER', 'CASH', 'SETTLEMENT')),
  day            date    not null,
  debits         numeric not null,
  credits        numeric not null,
  primary key (tenant_id, currency, ledger_account, day)
) with (fillfactor = 50);

create table kontor.transfer (
  tenant_id    text        not null,
  transfer_id  uuid        not null,
  entry_id     uuid        not null,
  from_account uuid        not null,
  to_account   uuid        not null,
  amount       bigint      not null check (amount > 0),
  currency     text        not null,
  reference    text        not null,
  booked_at    timestamptz not null,
  position     bigint      not null,
  primary key (tenant_id, transfer_id)
);
create index transfer_by_time on kontor.transfer
  (tenant_id, booked_at desc, position desc, transfer_id desc);
create index transfer_by_sender on kontor.transfer
  (tenant_id, from_account, booked_at desc, position desc, transfer_id desc);
create index transfer_by_receiver on kontor.transfer
  (tenant_id, to_account, booked_at desc, position desc, transfer_id desc);

do $$
declare
  name text;
begin
  foreach name in array array['account', 'journal_entry', 'posting', 'ledger_total', 'transfer'] loop
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

-- Which balance an account had from when on.
create view kontor.balance_history with (security_invoker = true) as
  select tenant_id, account_id, currency, balance_after as balance, booked_at, position, posting_id
  from kontor.posting
  where account_id is not null;
grant select on kontor.balance_history to kontor_app;
