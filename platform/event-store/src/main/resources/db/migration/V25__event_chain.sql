-- Tamper evidence: each event carries a hash over its tenant's event before it and over itself.
alter table kontor.event add column hash bytea check (octet_length(hash) = 32);
comment on column kontor.event.hash is 'kontor.event_hash of the tenant''s event before it and this one';

create function kontor.chained_text(value text) returns bytea
  language sql immutable parallel safe
  return case when value is null then int4send(-1)
              else int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8') end;

-- The program computes the same when it appends; this is for those who would rather not believe it.
create function kontor.event_hash(previous bytea, event kontor.event) returns bytea
  language sql stable parallel safe
  return sha256(previous || int4send(event.unit_rest) || sha256(
      kontor.chained_text(event.tenant_id)
      || uuid_send(event.stream_id)
      || int8send(event.sequence)
      || kontor.chained_text(event.stream_type)
      || uuid_send(event.event_id)
      || kontor.chained_text(event.type)
      || kontor.chained_text(event.revision)
      || int8send((extract(epoch from event.recorded_at) * 1000000)::bigint)
      || kontor.chained_text(event.payload::text)
      || kontor.chained_text(event.metadata::text)));
revoke execute on function kontor.chained_text(text), kontor.event_hash(bytea, kontor.event) from public;

-- A tenant's events in order; its last one is what the next is chained to.
create index event_by_tenant on kontor.event (tenant_id, position);

-- What was stored before is chained as it is found.
alter table kontor.event no force row level security;
do $$
declare
  stored kontor.event;
  previous bytea;
  tenant text := '';
begin
  for stored in select * from kontor.event order by tenant_id, position loop
    if stored.tenant_id <> tenant then
      tenant := stored.tenant_id;
      previous := decode(repeat('00', 32), 'hex');
    end if;
    previous := kontor.event_hash(previous, stored);
    update kontor.event set hash = previous where position = stored.position;
  end loop;
end
$$;
alter table kontor.event force row level security;
alter table kontor.event alter column hash set not null;
