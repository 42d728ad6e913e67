-- A closed tenant's rows are removed with the owner's login, which sees of each table what a request of that tenant sees.
do $$
declare
  guarded record;
begin
  for guarded in
    select schemaname, tablename from pg_policies
     where policyname = 'tenant_isolation' and schemaname = current_schema()
       and roles = array['kontor_app'::name]
  loop
    execute format('alter policy tenant_isolation on %I.%I to kontor_app, %I',
                   guarded.schemaname, guarded.tablename, current_user);
  end loop;
end
$$;
