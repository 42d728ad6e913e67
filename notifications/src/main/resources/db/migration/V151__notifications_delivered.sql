-- When a client of the user first said that it has a notification. Pages keep room for that, so that no index is written again.
alter table kontor.notification add column delivered_at timestamptz;
alter table kontor.notification set (fillfactor = 85);
grant update (delivered_at) on kontor.notification to kontor_app;
