-- Copies of a read model's rows outside the database are valid for one edition. It changes whenever rows
-- change otherwise than by the next events: a swap, a tenant's rows replaced, a dead letter retried.
alter table kontor.projection add column edition bigint not null default 1;

create function kontor.announce_edition() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('kontor_changes', new.name || ' ' || new.edition);
  return null;
end
$$;

create trigger announce_edition after update of edition on kontor.projection
  for each row when (old.edition <> new.edition) execute function kontor.announce_edition();
revoke execute on function kontor.announce_edition() from public;
