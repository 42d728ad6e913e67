-- A session's temporary schema is searched first unless a path names it: whoever may make temporary
-- tables could put one in the place of a catalog for functions that run with their owner's rights.
do $$
declare
  f regprocedure;
begin
  for f in
    select p.oid from pg_proc p
     where p.pronamespace = 'kontor'::regnamespace
       and 'search_path=pg_catalog' = any (p.proconfig)
  loop
    execute format('alter function %s set search_path = pg_catalog, pg_temp', f);
  end loop;
end
$$;
