-- Who is there, so that a command can go to the node that owns its stream. Nobody's data is in it.
create unlogged table kontor.node (
  node_id uuid primary key,
  address text not null,
  roles   text[] not null,
  version text not null,
  seen_at timestamptz not null
);
comment on table kontor.node is
  'one row a live node, refreshed every second by the database''s clock; empty after a crash of the server, and filled again by the next heartbeat';
grant select, insert, update, delete on kontor.node to kontor_worker;
