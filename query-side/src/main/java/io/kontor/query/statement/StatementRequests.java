package io.kontor.query.statement;

import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.query.statement.StatementJob.Arguments;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks for statements of the current tenant: the row and its job are stored together. */
final class StatementRequests {
  private static final String INSERT =
      """
      insert into statement (tenant_id, statement_id, account_id, job_id, run_id, first_day,
          end_day, zone, format, request_key, requested_by)
      values (:tenant, :id, :account, :job, cast(:run as uuid), :from, :to, :zone, :format, :key, :by)
      """;
  private static final String INSERT_RUN =
      """
      insert into statement_run (tenant_id, run_id, job_id, first_day, end_day, zone, format,
          request_key, requested_by)
      values (:tenant, :id, :job, :from, :to, :zone, :format, :key, :by)
      """;

  private final InstantSource clock = InstantSource.system();
  private final TenantTransactions transactions;
  private final JdbcClient sql;
  private final JobQueue jobs;
  private final StatementProperties properties;

  /**
   * @param dataSource of the transactions, which the jobs join
   */
  StatementRequests(
      TenantTransactions transactions,
      DataSource dataSource,
      JobQueue jobs,
      StatementProperties properties) {
    this.transactions = transactions;
    this.sql = JdbcClient.create(dataSource);
    this.jobs = jobs;
    this.properties = properties;
  }

  /**
   * Asks for an account's statement.
   *
   * @param key the request's idempotency key; null without one
   * @param isLimited whether the requests of a day are limited, as a customer's are
   * @return the statement's id; that of the first request with the key
   * @throws ProblemException if there were as many requests as there may be
   */
  UUID request(
      UUID account, StatementPeriod period, @Nullable String key, String by, boolean isLimited) {
    return once(
        "select statement_id from statement where tenant_id = ? and request_key = ?",
        key,
        () -> {
          if (isLimited) {
            requireFewerThanTheLimit(account);
          }
          expire(clock.instant(), by);
          UUID id = IdGenerator.next();
          UUID job =
              jobs.enqueue(tenant(), JobRequest.of(StatementJob.TYPE, new Arguments(id), by));
          insert(id, account, job, null, period, properties.zone(), key, by);
          return id;
        });
  }

  /** Requests for one account wait for one another, so that the limit is exact. */
  private void requireFewerThanTheLimit(UUID account) {
    sql.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
        .param("statements of " + account)
        .query((row, number) -> account)
        .list();
    int asked =
        sql.sql(
                """
                select count(*) from statement
                 where account_id = ? and run_id is null
                   and requested_at > now() - interval '24 hours'
                """)
            .param(account)
            .query(Integer.class)
            .single();
    if (asked >= properties.dailyLimit()) {
      throw new ProblemException(
          ProblemType.TOO_MANY_STATEMENTS,
          "%d statements of this account were asked for within 24 hours".formatted(asked));
    }
  }

  /** Asks for the statements of all accounts. */
  UUID requestAll(StatementPeriod period, @Nullable String key, String by) {
    return once(
        "select run_id from statement_run where tenant_id = ? and request_key = ?",
        key,
        () -> {
          expire(clock.instant(), by);
          UUID id = IdGenerator.next();
          UUID job =
              jobs.enqueue(
                  tenant(),
                  JobRequest.of(StatementRunJob.TYPE, new StatementRunJob.Arguments(id), by));
          values(INSERT_RUN, id, job, period, properties.zone(), key, by).update();
          return id;
        });
  }

  /** Asks for the statement of an account of a run, in the caller's transaction. */
  void request(
      UUID account, UUID run, UUID parent, StatementPeriod period, ZoneId zone, String by) {
    UUID id = IdGenerator.next();
    UUID job =
        jobs.enqueue(
            tenant(),
            JobRequest.of(StatementJob.TYPE, new Arguments(id), by)
                .priority(StatementRunJob.PRIORITY_OF_PARTS)
                .parent(parent));
    insert(id, account, job, run, period, zone, null, by);
  }

  /** Has the statements deleted when they are too old, in the caller's transaction. */
  void expire(Instant requestedAt, String by) {
    jobs.enqueue(
        tenant(),
        JobRequest.of(StatementExpiryJob.TYPE, new StatementExpiryJob.Arguments(), by)
            .runAt(requestedAt.plus(properties.kept()))
            .uniqueKey("next"));
  }

  private void insert(
      UUID id,
      UUID account,
      UUID job,
      @Nullable UUID run,
      StatementPeriod period,
      ZoneId zone,
      @Nullable String key,
      String by) {
    values(INSERT, id, job, period, zone, key, by)
        .param("account", account)
        .param("run", run)
        .update();
  }

  private JdbcClient.StatementSpec values(
      String insert,
      UUID id,
      UUID job,
      StatementPeriod period,
      ZoneId zone,
      @Nullable String key,
      String by) {
    return sql.sql(insert)
        .param("tenant", tenant().value())
        .param("id", id)
        .param("job", job)
        .param("from", period.from())
        .param("to", period.to())
        .param("zone", zone.getId())
        .param("format", period.format().name())
        .param("key", key)
        .param("by", by);
  }

  /** The result of the first request with the key. */
  private UUID once(String byKey, @Nullable String key, Supplier<UUID> request) {
    Optional<UUID> known = known(byKey, key);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return transactions.write(request);
    } catch (DuplicateKeyException concurrent) {
      return known(byKey, key).orElseThrow(() -> concurrent);
    }
  }

  private Optional<UUID> known(String byKey, @Nullable String key) {
    return key == null
        ? Optional.empty()
        : transactions.read(
            () -> sql.sql(byKey).param(tenant().value()).param(key).query(UUID.class).optional());
  }

  private static TenantId tenant() {
    return TenantContext.current();
  }
}
