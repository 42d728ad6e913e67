-- What a superuser makes once of an empty PostgreSQL: the database and its three logins, none of
-- them strong enough to step around row-level security. The passwords come from the environment.
\set ON_ERROR_STOP on
\getenv owner_password KONTOR_DB_OWNER_PASSWORD
\getenv app_password KONTOR_DB_APP_PASSWORD
\getenv worker_password KONTOR_DB_WORKER_PASSWORD

create role kontor_owner login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
  password :'owner_password';
create role kontor_app login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
  password :'app_password';
create role kontor_worker login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
  password :'worker_password';

create database kontor template template1 owner kontor_owner;
revoke all on database kontor from public;
grant connect on database kontor to kontor_app, kontor_worker;
