-- In a transaction of its own, which lets others read and write meanwhile. A generation made later has the rule as
-- valid, and a rollback compares the two.
do $$
declare
  relation regclass;
  name     text;
begin
  foreach name in array array['posting', 'ledger_total'] loop
    for relation in
      select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relname = name and c.relkind = 'r'
         and n.nspname in ('kontor', 'kontor_next', 'kontor_previous', 'kontor_scratch')
    loop
      execute format('alter table %s validate constraint %I', relation, name || '_ledger_account_check');
    end loop;
  end loop;
end
$$;
