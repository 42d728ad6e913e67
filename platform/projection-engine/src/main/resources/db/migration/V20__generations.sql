-- A read model lives in generations: the live one in schema kontor, the next while it is built, the one
-- before for a way back, and one of the past to look at. Requests reach the live one only.
create schema kontor_next;
create schema kontor_previous;
create schema kontor_scratch;
grant usage on schema kontor_next, kontor_previous, kontor_scratch to kontor_worker;

-- Which generation serves and how far it is. A batch of events and a swap both take this row first.
create table kontor.projection (
  name                text   not null primary key,
  generation          int    not null,
  version             int    not null,
  position            bigint not null,
  previous_generation int,
  previous_version    int,
  previous_position   bigint
);
comment on column kontor.projection.version is 'of the code that the generation was built by';
grant select on kontor.projection to kontor_app;
grant select on kontor.checkpoint to kontor_worker;
grant select, insert, update on kontor.projection to kontor_worker;

create table kontor.rebuild (
  rebuild_id  uuid        not null primary key,
  kind        text        not null check (kind in ('REBUILD', 'ROLLBACK')),
  projections text[]      not null,
  versions    int[]       not null,
  tenant_id   text,
  request_key text,
  state       text        not null check (state in ('RUNNING', 'DONE', 'FAILED', 'ABORTED')),
  phase       text        not null check (phase in ('NEW', 'FILL', 'INDEX', 'CATCH_UP')),
  position    bigint      not null,
  head        bigint      not null,
  per_second  float8      not null default 0,
  failure     text,
  started_at  timestamptz not null default now(),
  finished_at timestamptz
);
comment on column kontor.rebuild.tenant_id is 'whose rows alone are made anew; everyone''s when null';
create index rebuild_running on kontor.rebuild (started_at) where state = 'RUNNING';
create index rebuild_by_request on kontor.rebuild (tenant_id, request_key);
alter table kontor.rebuild enable row level security;
alter table kontor.rebuild force row level security;
create policy tenant_isolation on kontor.rebuild to kontor_app
  using (tenant_id = (select kontor.current_tenant()))
  with check (tenant_id = (select kontor.current_tenant()));
create policy every_tenant on kontor.rebuild to kontor_worker using (true) with check (true);
grant select, insert, update on kontor.rebuild to kontor_worker;
grant select on kontor.rebuild to kontor_app;

-- The worker owns nothing, so what only an owner may do to the tables is done by these functions with
-- their owner's rights. They reach read models alone, and row-level security holds their owner, too.

-- A read model is a table that the worker writes, but for one tenant at a time.
create function kontor.read_model(name text) returns regclass
  language plpgsql stable set search_path = pg_catalog
as $$
declare
  found regclass := to_regclass(format('kontor.%I', name));
begin
  if found is null
    or not exists (select from pg_class
                    where oid = found and relkind = 'r' and relrowsecurity and relforcerowsecurity)
    or not has_table_privilege('kontor_worker', found, 'insert')
    or exists (select from pg_policy where polrelid = found and polname <> 'tenant_isolation')
  then
    raise exception 'kontor.% is not a read model', name using errcode = 'insufficient_privilege';
  end if;
  return found;
end
$$;

create function kontor.generation_schema(name text) returns text
  language plpgsql immutable set search_path = pg_catalog
as $$
begin
  if name is null or name not in ('kontor_next', 'kontor_previous', 'kontor_scratch') then
    raise exception 'no generation lives in %', name using errcode = 'insufficient_privilege';
  end if;
  return name;
end
$$;

create function kontor.drop_generation(place text, tables text[]) returns void
  language plpgsql security definer set search_path = pg_catalog
as $$
declare
  name text;
begin
  foreach name in array tables loop
    execute format('drop table if exists %I.%I', kontor.generation_schema(place), name);
  end loop;
end
$$;

-- Empty tables like the live ones, without indexes.
create function kontor.create_generation(place text, tables text[]) returns void
  language plpgsql security definer set search_path = pg_catalog
as $$
declare
  name text;
  live regclass;
  options text;
  given record;
begin
  perform kontor.drop_generation(place, tables);
  foreach name in array tables loop
    live := kontor.read_model(name);
    execute format(
      'create table %I.%I (like %s including defaults including constraints including generated'
      ' including storage including compression including comments)', place, name, live);
    select array_to_string(reloptions, ', ') into options from pg_class where oid = live;
    if options is not null then
      execute format('alter table %I.%I set (%s)', place, name, options);
    end if;
    execute format('alter table %I.%I enable row level security', place, name);
    execute format('alter table %I.%I force row level security', place, name);
    execute format(
      'create policy tenant_isolation on %I.%I'
      ' using (tenant_id = (select kontor.current_tenant()))'
      ' with check (tenant_id = (select kontor.current_tenant()))', place, name);
    for given in
      select grantee::regrole as login, privilege_type as privilege
        from pg_class, aclexplode(relacl) where oid = live and grantee <> relowner
    loop
      execute format('grant %s on %I.%I to %s', given.privilege, place, name, given.login);
    end loop;
  end loop;
end
$$;

-- Which indexes of the live tables a generation does not have yet, keys first.
create function kontor.missing_indexes(place text, tables text[])
  returns table (table_name text, index_name text, is_key boolean)
  language sql stable set search_path = pg_catalog
as $$
  select t.relname, i.relname, x.indisprimary
    from pg_index x
    join pg_class t on t.oid = x.indrelid
    join pg_class i on i.oid = x.indexrelid
   where t.relnamespace = 'kontor'::regnamespace and t.relname = any (tables)
     and to_regclass(format('%I.%I', place, i.relname)) is null
   order by not x.indisprimary, t.relname, i.relname
$$;

create function kontor.add_index(place text, table_name text, index_name text) returns void
  language plpgsql security definer set search_path = pg_catalog
as $$
declare
  live regclass := kontor.read_model(table_name);
  index regclass := to_regclass(format('kontor.%I', index_name));
  key record;
begin
  if to_regclass(format('%I.%I', kontor.generation_schema(place), index_name)) is not null then
    return;
  end if;
  if not exists (select from pg_index where indexrelid = index and indrelid = live) then
    raise exception '% has no index %', live, index_name using errcode = 'undefined_object';
  end if;
  select conname, pg_get_constraintdef(oid) as definition into key
    from pg_constraint where conindid = index and conrelid = live and contype in ('p', 'u', 'x');
  if found then
    execute format('alter table %I.%I add constraint %I %s',
                   place, table_name, key.conname, key.definition);
  else
    execute replace(pg_get_indexdef(index), format(' ON %s ', live),
                    format(' ON %I.%I ', place, table_name));
  end if;
end
$$;

create function kontor.analyze_generation(place text, tables text[]) returns void
  language plpgsql security definer set search_path = pg_catalog
as $$
declare
  name text;
begin
  foreach name in array tables loop
    execute format('analyze %I.%I', kontor.generation_schema(place), name);
  end loop;
end
$$;

-- The generation of a place and the live one change places; the next one's place is then empty, and the
-- live one is the previous. Names stay, so queries and plans find the new tables; views are bound again.
create function kontor.swap_generation(place text, tables text[]) returns void
  language plpgsql security definer set search_path = pg_catalog
as $$
declare
  name text;
  view record;
  views text[] := '{}';
begin
  if place not in ('kontor_next', 'kontor_previous') then
    raise exception 'no generation to swap lives in %', place using errcode = 'insufficient_privilege';
  end if;
  foreach name in array tables loop
    execute format('lock table %s in access exclusive mode', kontor.read_model(name));
  end loop;
  for view in
    select distinct v.oid::regclass as name, v.reloptions as options, pg_get_viewdef(v.oid) as query
      from pg_depend d
      join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
      join pg_class v on v.oid = r.ev_class and v.relkind = 'v'
     where d.refclassid = 'pg_class'::regclass
       and d.refobjid = any (select kontor.read_model(t) from unnest(tables) t)
  loop
    views := views || format('create or replace view %s with (%s) as %s',
                             view.name, array_to_string(view.options, ', '), view.query);
  end loop;
  if place = 'kontor_next' then
    perform kontor.drop_generation('kontor_previous', tables);
    foreach name in array tables loop
      execute format('alter table kontor.%I set schema kontor_previous', name);
      execute format('alter table kontor_next.%I set schema kontor', name);
    end loop;
  else
    perform kontor.drop_generation('kontor_next', tables);
    foreach name in array tables loop
      execute format('alter table kontor.%I set schema kontor_next', name);
      execute format('alter table kontor_previous.%I set schema kontor', name);
      execute format('alter table kontor_next.%I set schema kontor_previous', name);
    end loop;
  end if;
  foreach name in array views loop
    execute name;
  end loop;
end
$$;

-- The current tenant's rows, and no others, are replaced by those of the next generation.
create function kontor.replace_rows(tables text[]) returns void
  language plpgsql security definer set search_path = pg_catalog
as $$
declare
  name text;
begin
  perform kontor.current_tenant();
  foreach name in array tables loop
    execute format('delete from %s', kontor.read_model(name));
    execute format('insert into kontor.%1$I select * from kontor_next.%1$I', name);
  end loop;
end
$$;

do $$
declare
  f regprocedure;
begin
  foreach f in array array[
    'kontor.read_model(text)', 'kontor.generation_schema(text)',
    'kontor.drop_generation(text, text[])', 'kontor.create_generation(text, text[])',
    'kontor.missing_indexes(text, text[])', 'kontor.add_index(text, text, text)',
    'kontor.analyze_generation(text, text[])', 'kontor.swap_generation(text, text[])',
    'kontor.replace_rows(text[])']::regprocedure[]
  loop
    execute format('revoke execute on function %s from public', f);
    execute format('grant execute on function %s to kontor_worker', f);
  end loop;
end
$$;
