-- One event processor projects into all read models, so its token no longer says how far each is: their
-- own rows do. Other processors have a token each, as before.
create or replace view kontor.checkpoint with (security_invoker = true) as
  select name as projection, position from kontor.projection
  union all
  select processor, min(coalesce((token::jsonb ->> 'globalIndex')::bigint, 0))
  from kontor.token
  where segment >= 0 and processor not in (select name from kontor.projection)
  group by processor;

-- Each batch updates all of these few rows: room for new versions in their page.
alter table kontor.projection set (fillfactor = 20);
