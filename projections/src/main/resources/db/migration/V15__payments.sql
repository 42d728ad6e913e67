-- Payments to other banks with everything that happened to them, and the books' account for clearing.
alter table kontor.journal_entry drop constraint journal_entry_kind_check;
alter table kontor.journal_entry add constraint journal_entry_kind_check
  check (kind in ('DEPOSIT', 'WITHDRAWAL', 'CAPTURE', 'TRANSFER', 'REFUND', 'RETURN'));
alter table kontor.posting drop constraint posting_ledger_account_check;
alter table kontor.posting add constraint posting_ledger_account_check
  check (ledger_account in ('CUSTOMER', 'CASH', 'SETTLEMENT', 'CLEARING'));
alter table kontor.ledger_total drop constraint ledger_total_ledger_account_check;
alter table kontor.ledger_total add constraint ledger_total_ledger_account_check
  check (ledger_account in ('CUSTOMER', 'CASH', 'SETTLEMENT', 'CLEARING'));

create table kontor.payment (
  tenant_id       text        not null,
  payment_id      uuid        not null,
  from_account    uuid        not null,
  customer        text        not null,
  creditor        text        not null,
  amount          bigint      not null check (amount > 0),
  currency        text        not null,
  reference       text        not null,
  status          text        not null check (
    status in ('REQUESTED', 'SUBMITTED', 'SETTLED', 'RETURNED', 'REJECTED')),
  reason          text        not null,
  needs_attention boolean     not null,
  requested_at    timestamptz not null,
  version         bigint      not null,
  primary key (tenant_id, payment_id)
) with (fillfactor = 70);
create index payment_by_account on kontor.payment (tenant_id, from_account, payment_id desc);
create index payment_by_status on kontor.payment (tenant_id, status, payment_id desc);
create index payment_by_customer on kontor.payment (tenant_id, customer, payment_id desc);
create index payment_that_needs_attention on kontor.payment (tenant_id, payment_id desc)
  where needs_attention;

-- One row for each event that changed what can be seen.
create table kontor.payment_happening (
  tenant_id   text        not null,
  payment_id  uuid        not null,
  version     bigint      not null,
  happened_at timestamptz not null,
  status      text        not null,
  reason      text,
  primary key (tenant_id, payment_id, version)
);

do $$
declare
  name text;
begin
  foreach name in array array['payment', 'payment_happening'] loop
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
