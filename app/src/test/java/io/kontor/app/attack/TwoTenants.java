package io.kontor.app.attack;

import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Rows of two tenants in every table that has a tenant. */
final class TwoTenants {
  static final String VICTIM = "acme";
  static final String ATTACKER = "globex";

  /** One row of the tenant :tenant each, written by the login that writes such rows. */
  private static final Map<DatabaseLogin, List<String>> ROWS =
      Map.of(
          DatabaseLogin.APP,
          List.of(
              "insert into kontor.tenant (tenant_id, name) values (':tenant', 'Of :tenant')",
              """
              insert into kontor.subject_key (tenant_id, key_id, subject, wrapped, master)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000e', 'cust', '', 'm')
              """,
              """
              insert into kontor.subject_name (tenant_id, digest, key_id)
              values (':tenant', '', '0198c0de-0000-7000-8000-00000000000e')
              """,
              "insert into kontor.forgotten_subject (tenant_id, subject) values (':tenant',"
                  + " 'cust')",
              """
              insert into kontor.notification_preference
              select ':tenant', set_config('kontor.subject', 'cust', false), '{}'::text[]
              """,
              """
              insert into kontor.notification_cursor
              select ':tenant', set_config('kontor.subject', 'cust', false), 1
              """,
              """
              insert into kontor.notification_staff
              select ':tenant', set_config('kontor.subject', 'cust', false), '{}'::text[], now(), now()
              """,
              """
              insert into kontor.presence (tenant_id, subject, node, seen_at)
              values (':tenant', 'cust', gen_random_uuid(), now())
              """,
              """
              insert into kontor.notification_ticket (tenant_id, digest, sealed, expires_at)
              values (':tenant', 'digest', ':tenant', now())
              """,
              """
              insert into kontor.webhook (
                tenant_id, webhook_id, url, kinds, description, secret, created_by)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000c', 'https://of.:tenant', '{}',
                'd', 'sealed', 'someone')
              """,
              """
              insert into kontor.webhook_delivery (
                tenant_id, webhook_id, delivery_id, kind, at, data)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000c', gen_random_uuid(), 'TEST',
                now(), '{"of":":tenant"}')
              """,
              """
              insert into kontor.limit_plan (
                tenant_id, tenant_per_minute, user_per_minute, changed_at, changed_by)
              values (':tenant', 1, 1, now(), 'of :tenant')
              """,
              """
              insert into kontor.api_key (
                tenant_id, key_id, name, subject, scopes, digest, created_by, expires_at)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000d', 'of :tenant', 'key:k',
                '{teller}', '', 'someone', now())
              """,
              """
              insert into kontor.account_alert (tenant_id, account_id, subject, currency, below)
              values (':tenant', '0198c0de-0000-7000-8000-000000000001', 'cust', 'EUR', 1)
              """),
          DatabaseLogin.WORKER,
          List.of(
              "insert into kontor.cell (tenant_id, address, secret)"
                  + " values (':tenant', 'of :tenant', 's')",
              "insert into kontor.former_cell (tenant_id, isolation, address, secret)"
                  + " values (':tenant', 'SCHEMA', 'of :tenant', 's')",
              """
              insert into kontor.event values (
                (select count(*) + 1 from kontor.event), ':tenant', gen_random_uuid(), 0, 'account',
                gen_random_uuid(), 'AccountOpened', '1', now(), 0, '{"of":":tenant"}', '{}',
                sha256('unchained'))
              """,
              """
              insert into kontor.snapshot values (
                ':tenant', gen_random_uuid(), 0, 'account', 'Account', '1', now(), '{}')
              """,
              """
              insert into kontor.idempotency (tenant_id, key, fingerprint, answer, position)
              values (':tenant', 'the same key', 'f', '{"of":":tenant"}', 1)
              """,
              """
              insert into kontor.dead_letter (
                dead_letter_id, processing_group, sequence_identifier, sequence_index,
                message_type, event_identifier, time_stamp, payload_type, payload, metadata,
                aggregate_type, aggregate_identifier, sequence_number, token_type, token,
                enqueued_at, last_touched, diagnostics)
              values (':tenant', 'accounts', ':tenant/1', 0, 'm', 'e', 't', 'p', '', '',
                'account', ':tenant/1', 0, 't', '', 't', 't', '')
              """,
              """
              insert into kontor.discarded_event (
                tenant_id, projection, stream_id, sequence, discarded_by, reason)
              values (':tenant', 'accounts', gen_random_uuid(), 0, 'someone', 'of :tenant')
              """,
              """
              insert into kontor.rebuild (
                rebuild_id, kind, projections, versions, tenant_id, state, phase, position, head)
              values (gen_random_uuid(), 'REBUILD', '{accounts}', '{1}', ':tenant', 'DONE',
                'CATCH_UP', 1, 1)
              """,
              """
              insert into kontor.scheduled_tasks (
                task_name, task_instance, execution_time, picked, version)
              values ('release-hold', ':tenant/1', now(), false, 1)
              """,
              """
              insert into kontor.job (
                tenant_id, id, type, revision, arguments, priority, created_by, run_at, turn_at,
                max_attempts)
              values (':tenant', gen_random_uuid(), 'statement', 1, '{"of":":tenant"}', 'LOW',
                'someone', now(), now(), 3)
              """,
              "insert into kontor.job_queue (tenant_id, type) values (':tenant', 'statement')",
              """
              insert into kontor.job_execution (
                task_name, task_instance, execution_time, picked, version)
              values ('statement', ':tenant/1/1', now(), false, 1)
              """,
              """
              insert into kontor.statement_run (
                tenant_id, run_id, job_id, first_day, end_day, zone, format, requested_by)
              values (':tenant', '0198c0de-0000-7000-8000-000000000008', gen_random_uuid(),
                current_date, current_date, 'UTC', 'CSV', 'someone')
              """,
              """
              insert into kontor.statement (
                tenant_id, statement_id, account_id, job_id, first_day, end_day, zone, format,
                requested_by)
              values (':tenant', '0198c0de-0000-7000-8000-000000000009', gen_random_uuid(),
                gen_random_uuid(), current_date, current_date, 'UTC', 'CSV', 'someone')
              """,
              """
              insert into kontor.statement_part (
                tenant_id, document_id, part, statement_id, key_id, sealed)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000a', 0,
                '0198c0de-0000-7000-8000-000000000009', gen_random_uuid(), '')
              """,
              """
              insert into kontor.notification (tenant_id, id, subject, kind, at, data)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000b', 'cust', 'MONEY_IN', now(),
                '{"of":":tenant"}')
              """,
              """
              insert into kontor.account values (
                ':tenant', '0198c0de-0000-7000-8000-000000000001', 'cust', ':tenant', 'EUR', 'OPEN',
                100, 0, 0, 1, now())
              """,
              """
              insert into kontor.posting values (
                ':tenant', '0198c0de-0000-7000-8000-000000000003',
                '0198c0de-0000-7000-8000-000000000002', '0198c0de-0000-7000-8000-000000000001',
                'CUSTOMER', 'CREDIT', 100, 'EUR', 100, 'DEPOSIT', 'r', now(), 1)
              """,
              """
              insert into kontor.ledger_total values (
                ':tenant', 'EUR', 'CUSTOMER', current_date, 0, 100)
              """,
              """
              insert into kontor.transfer values (
                ':tenant', '0198c0de-0000-7000-8000-000000000004', gen_random_uuid(),
                gen_random_uuid(), gen_random_uuid(), 1, 'EUR', 'r', now(), 1)
              """,
              """
              insert into kontor.product values (
                ':tenant', '0198c0de-0000-7000-8000-000000000005', 'MUG-1', 'Of :tenant', 1, 'EUR',
                1, 0, 1)
              """,
              """
              insert into kontor.customer_order values (
                ':tenant', '0198c0de-0000-7000-8000-000000000006', gen_random_uuid(), 'cust',
                'PLACED', 1, 'EUR', gen_random_uuid(), 'NONE', 'NONE', gen_random_uuid(), 'NONE',
                null, now(), 1)
              """,
              """
              insert into kontor.order_line values (
                ':tenant', '0198c0de-0000-7000-8000-000000000006', 1, 'MUG-1', 1, 1)
              """,
              """
              insert into kontor.order_happening values (
                ':tenant', '0198c0de-0000-7000-8000-000000000006', 0, now(), 'PLACEMENT', 'DONE',
                'of :tenant')
              """,
              """
              insert into kontor.payment values (
                ':tenant', '0198c0de-0000-7000-8000-000000000007', gen_random_uuid(), 'cust',
                'Of :tenant', 1, 'EUR', 'r', 'REQUESTED', '', false, now(), 1)
              """,
              """
              insert into kontor.payment_happening values (
                ':tenant', '0198c0de-0000-7000-8000-000000000007', 1, now(), 'REQUESTED', null)
              """,
              """
              insert into kontor.standing_order (
                tenant_id, standing_order_id, customer, from_account, creditor, amount, currency,
                reference, first_day, rhythm, business_day_rule, calendar, status, next_due_date,
                next_value_date, created_at, version)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000b', 'cust', gen_random_uuid(),
                'Of :tenant', 1, 'EUR', 'r', current_date, 'MONTHLY', 'FOLLOWING', 'TARGET',
                'ACTIVE', current_date, current_date, now(), 1)
              """,
              """
              insert into kontor.standing_order_execution (
                tenant_id, standing_order_id, version, due_date, value_date, tried_at, outcome,
                reason)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000b', 1, current_date,
                current_date, now(), 'FAILED', 'of :tenant')
              """,
              """
              insert into kontor.bank_day (tenant_id, day, zone, ends_at)
              values (':tenant', current_date, 'Of/:tenant', now())
              """,
              """
              insert into kontor.conditions (
                tenant_id, conditions_id, version, account_id, currency, from_day, set_at,
                credit_rate, debit_rate, day_count, fee, fee_rhythm)
              values (':tenant', '0198c0de-0000-7000-8000-00000000000d', 0,
                '0198c0de-0000-7000-8000-000000000001', 'EUR', current_date, now(), 1, 1,
                'ACT_365', 1, 'MONTHLY')
              """,
              """
              insert into kontor.end_of_day (tenant_id, day, ends_at, step)
              values (':tenant', current_date, now(), 'ACCRUAL')
              """,
              """
              insert into kontor.interest_accrual (
                tenant_id, account_id, currency, accrued_through, accrued, fees)
              values (':tenant', '0198c0de-0000-7000-8000-000000000001', 'EUR', current_date, 1, 1)
              """,
              """
              insert into kontor.saga (
                tenant_id, saga_type, saga_id, revision, payload, state, step, waiting_for, since,
                attempts, deadline)
              values (':tenant', 'order-fulfilment', '0198c0de-0000-7000-8000-000000000006', '1',
                '{"of":":tenant"}', 'FORWARD', 'PAYMENT', 'the account', now(), 0, now())
              """));

  private TwoTenants() {}

  static void movedInto(TestDatabase database) {
    for (String tenant : List.of(VICTIM, ATTACKER)) {
      ROWS.forEach((login, rows) -> write(database.dataSource(login), tenant, rows));
    }
  }

  private static void write(DataSource login, String tenant, List<String> rows) {
    try (var connection = login.getConnection()) {
      var jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      jdbc.queryForObject("select set_config('kontor.tenant', ?, false)", String.class, tenant);
      rows.forEach(row -> jdbc.update(row.replace(":tenant", tenant)));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
