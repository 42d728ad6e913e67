-- Work that one process does at a time, each with the lease of the process that does it.
create table kontor.lease (
  resource   text        not null primary key,
  fence      bigint      not null,
  token      uuid        not null,
  holder     text        not null,
  acquired_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table kontor.lease is
  'one row a resource that was ever leased, by the database''s clock; a lease whose expires_at has passed is free';
grant select, insert, update, delete on kontor.lease to kontor_worker;

-- Fencing numbers: they grow even if a row is deleted.
create sequence kontor.lease_fence;
grant usage on sequence kontor.lease_fence to kontor_worker;

-- Called in a transaction that writes under a lease. The row's lock keeps others from acquiring the
-- resource until the transaction ends; it does not block the holder's own extension.
create function kontor.fence(leased text, number bigint) returns void
  language plpgsql
as $$
begin
  perform from kontor.lease
    where resource = leased and fence = number and expires_at > clock_timestamp()
    for key share;
  if not found then
    raise exception 'lease on % with number % is over', leased, number using errcode = 'KL001';
  end if;
end
$$;
revoke execute on function kontor.fence(text, bigint) from public;
grant execute on function kontor.fence(text, bigint) to kontor_worker;
