-- A tenant that moves into another database takes its notifications and webhooks along, with their numbers.
grant insert on kontor.notification_preference to kontor_worker;
grant insert on kontor.notification_cursor to kontor_worker;
grant insert on kontor.account_alert to kontor_worker;
grant insert, delete on kontor.webhook to kontor_worker;
grant update on sequence kontor.notification_number_seq to kontor_worker;
grant update on sequence kontor.webhook_delivery_number_seq to kontor_worker;
