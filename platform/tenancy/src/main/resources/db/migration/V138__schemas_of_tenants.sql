-- A tenant's data may also be in a schema of its own in this database.
alter table kontor.tenant
  drop constraint tenant_isolation_check,
  add constraint tenant_isolation_check check (isolation in ('ROW', 'SCHEMA', 'DATABASE'));

-- Nodes of the version before register no other cells than databases.
alter table kontor.cell
  add isolation text not null default 'DATABASE' check (isolation in ('SCHEMA', 'DATABASE'));
