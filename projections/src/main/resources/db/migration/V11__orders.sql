-- Products with their stock, orders with everything that happened to them, and money that comes back.
alter table kontor.journal_entry drop constraint journal_entry_kind_check;
alter table kontor.journal_entry add constraint journal_entry_kind_check
  check (kind in ('DEPOSIT', 'WITHDRAWAL', 'CAPTURE', 'TRANSFER', 'REFUND'));

create table kontor.product (
  tenant_id text   not null,
  item_id   uuid   not null,
  sku       text   not null,
  name      text   not null,
  price     bigint not null check (price > 0),
  currency  text   not null,
  on_hand   bigint not null,
  reserved  bigint not null,
  version   bigint not null,
  primary key (tenant_id, item_id),
  check (0 <= reserved and reserved <= on_hand)
) with (fillfactor = 70);

create table kontor.customer_order (
  tenant_id         text        not null,
  order_id          uuid        not null,
  account_id        uuid        not null,
  customer          text        not null,
  status            text        not null check (status in (
    'PLACED', 'PAID', 'RESERVED', 'SHIPPING', 'CONFIRMED', 'COMPENSATING', 'CANCELLED', 'NEEDS_ATTENTION')),
  total             bigint      not null check (total > 0),
  currency          text        not null,
  hold_id           uuid        not null,
  payment_status    text        not null,
  reservation_status text      not null,
  shipment_id       uuid        not null,
  shipment_status   text        not null,
  tracking          text,
  placed_at         timestamptz not null,
  version           bigint      not null,
  primary key (tenant_id, order_id)
) with (fillfactor = 70);

create table kontor.order_line (
  tenant_id  text   not null,
  order_id   uuid   not null,
  line       int    not null,
  sku        text   not null,
  quantity   int    not null check (quantity > 0),
  unit_price bigint not null check (unit_price > 0),
  primary key (tenant_id, order_id, line)
);

-- One row an event of the order's stream.
create table kontor.order_happening (
  tenant_id   text        not null,
  order_id    uuid        not null,
  version     bigint      not null,
  happened_at timestamptz not null,
  step        text        not null,
  outcome     text        not null,
  detail      text,
  primary key (tenant_id, order_id, version)
);

do $$
declare
  name text;
begin
  foreach name in array array['product', 'customer_order', 'order_line', 'order_happening'] loop
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
