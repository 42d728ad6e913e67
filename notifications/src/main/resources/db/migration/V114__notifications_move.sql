-- A tenant that moves into another database takes its notifications and webhooks along.
grant insert on kontor.notification_preference to kontor_worker;
grant insert on kontor.account_alert to kontor_worker;
grant insert, delete on kontor.webhook to kontor_worker;
