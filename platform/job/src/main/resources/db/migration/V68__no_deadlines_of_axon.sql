-- Order sagas keep their deadlines in their own rows (V67); their tasks of earlier versions have no handler.
alter table kontor.scheduled_tasks no force row level security;
delete from kontor.scheduled_tasks where task_name = 'AxonDeadline';
alter table kontor.scheduled_tasks force row level security;
