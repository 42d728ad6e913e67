package io.kontor.query.statement;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.POSTING;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;

import io.kontor.api.account.AccountStatus;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobType;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.projections.account.AccountProjection;
import io.kontor.query.statement.StatementPrinter.Progress;
import io.kontor.query.statement.StatementStore.RequestedRun;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Asks for the statements of all accounts that were there in the period, each in a job of its own
 * of low priority. An account that was closed and had no postings then gets none.
 */
final class StatementRunJob implements JobHandler<StatementRunJob.Arguments> {
  static final JobType<Arguments> TYPE =
      JobType.of("statement-run", Arguments.class, JobPriority.LOW).limits(1, Integer.MAX_VALUE);
  static final JobPriority PRIORITY_OF_PARTS = JobPriority.LOW;

  private static final int ACCOUNTS_AT_ONCE = 200;
  private static final Duration READ_MODEL_TIMEOUT = Duration.ofSeconds(5);

  private final StatementStore store;
  private final StatementRequests requests;
  private final ReadModelPositions readModels;
  private final TenantTransactions transactions;
  private final DSLContext sql;
  private final JdbcClient jdbc;

  StatementRunJob(
      StatementStore store,
      StatementRequests requests,
      ReadModelPositions readModels,
      TenantTransactions transactions,
      DSLContext sql,
      DataSource dataSource) {
    this.store = store;
    this.requests = requests;
    this.readModels = readModels;
    this.transactions = transactions;
    this.sql = sql;
    this.jdbc = JdbcClient.create(dataSource);
  }

  record Arguments(UUID run) {}

  /** How many statements were asked for. */
  record Result(long statements) {}

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public Object run(JobContext<Arguments> job) {
    RequestedRun requested = store.requestedRun(job.arguments().run());
    readModels.awaitAllBefore(AccountProjection.NAME, requested.ends(), READ_MODEL_TIMEOUT);
    return new Result(
        requestAll(
            job.arguments().run(),
            requested,
            job.id(),
            (done, total) -> job.progress(done, total, "accounts")));
  }

  /**
   * Asks for the statements of all accounts.
   *
   * @return how many
   */
  long requestAll(UUID run, RequestedRun requested, UUID job, Progress progress) {
    Condition accounts = accounts(requested);
    long total = transactions.read(() -> sql.fetchCount(ACCOUNT, accounts));
    long done = 0;
    List<UUID> page = request(accounts, null, run, job, requested);
    while (!page.isEmpty()) {
      done += page.size();
      progress.report(done, total);
      page = request(accounts, page.getLast(), run, job, requested);
    }
    store.completeRun(run);
    return done;
  }

  /**
   * Asks for the statements of the next accounts, except those that an earlier attempt has asked
   * for.
   *
   * @return the accounts
   */
  private List<UUID> request(
      Condition accounts, @Nullable UUID after, UUID run, UUID job, RequestedRun requested) {
    return transactions.write(
        () -> {
          List<UUID> page =
              sql.select(ACCOUNT.ACCOUNT_ID)
                  .from(ACCOUNT)
                  .where(accounts)
                  .and(after == null ? noCondition() : ACCOUNT.ACCOUNT_ID.gt(after))
                  .orderBy(ACCOUNT.ACCOUNT_ID)
                  .limit(ACCOUNTS_AT_ONCE)
                  .fetch(ACCOUNT.ACCOUNT_ID);
          List<UUID> known =
              page.isEmpty()
                  ? List.of()
                  : jdbc.sql(
                          """
                          select account_id from statement
                           where run_id = :run and account_id in (:accounts)
                          """)
                      .param("run", run)
                      .param("accounts", page)
                      .query(UUID.class)
                      .list();
          page.stream()
              .filter(account -> !known.contains(account))
              .forEach(
                  account ->
                      requests.request(
                          account, run, job, requested.period(), requested.zone(), requested.by()));
          return page;
        });
  }

  private static Condition accounts(RequestedRun requested) {
    Instant end = requested.ends();
    Instant begin = requested.period().begin(requested.zone());
    Condition hasPostings =
        exists(
            selectOne()
                .from(POSTING)
                .where(POSTING.ACCOUNT_ID.eq(ACCOUNT.ACCOUNT_ID))
                .and(POSTING.BOOKED_AT.ge(begin))
                .and(POSTING.BOOKED_AT.lt(end)));
    return ACCOUNT
        .OPENED_AT
        .lt(end)
        .and(DSL.or(ACCOUNT.STATUS.ne(AccountStatus.CLOSED.name()), hasPostings));
  }
}
