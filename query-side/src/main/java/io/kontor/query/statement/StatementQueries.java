package io.kontor.query.statement;

import io.kontor.job.queue.JobState;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedBytes;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Statements of the current tenant, with the states of their jobs. One whose customer was forgotten
 * is as if it had been deleted.
 */
final class StatementQueries {
  private static final String SELECT =
      """
      select s.*, j.state as job_state, coalesce(j.done, 0) as done, coalesce(j.total, 0) as total
        from statement s
        left join job j on j.tenant_id = s.tenant_id and j.id = s.job_id
       where s.account_id = :account
      """;
  private static final String SELECT_RUN =
      """
      select r.*, j.state as job_state, s.*
        from statement_run r
        left join job j on j.tenant_id = r.tenant_id and j.id = r.job_id
       cross join lateral (
         select count(ready_at) as ready,
                count(*) filter (where ready_at is null and (its_job.state is null
                  or its_job.state in ('DEAD', 'CANCELLED', 'DISCARDED'))) as failed
           from statement
           left join job its_job
             on its_job.tenant_id = statement.tenant_id and its_job.id = statement.job_id
          where statement.run_id = r.run_id) s
       where r.run_id = ?
      """;

  private final TenantTransactions transactions;
  private final JdbcClient sql;
  private final PersonalDataService personalData;

  StatementQueries(
      TenantTransactions transactions, DataSource dataSource, PersonalDataService personalData) {
    this.transactions = transactions;
    this.sql = JdbcClient.create(dataSource);
    this.personalData = personalData;
  }

  /**
   * A statement's document.
   *
   * @param parts its number of pieces
   */
  record Document(UUID id, int parts, long bytes) {}

  private record Found(
      StatementDetails details,
      @Nullable UUID document,
      @Nullable Integer parts,
      @Nullable UUID key) {}

  Optional<StatementDetails> find(UUID account, UUID statement) {
    return found(account, statement).map(Found::details);
  }

  /** The document of a statement; empty while it is not ready. */
  Optional<Document> document(UUID account, UUID statement) {
    return found(account, statement)
        .filter(found -> found.document() != null)
        .map(
            found ->
                new Document(
                    required(found.document()),
                    required(found.parts()),
                    required(found.details().bytes())));
  }

  /**
   * An account's statements, newest first.
   *
   * @param before the last of the previous page
   */
  List<StatementDetails> list(UUID account, @Nullable UUID before, int limit) {
    String page = before == null ? "" : " and s.statement_id < :before";
    return visible(
            transactions.read(
                () -> {
                  var query =
                      sql.sql(SELECT + page + " order by s.statement_id desc limit :limit")
                          .param("account", account)
                          .param("limit", limit);
                  return (before == null ? query : query.param("before", before))
                      .query(StatementQueries::statement)
                      .list();
                }))
        .map(Found::details)
        .toList();
  }

  /** A piece of a document; empty when the customer was forgotten. */
  Optional<byte[]> part(UUID document, int part) {
    SealedBytes sealed =
        transactions.read(
            () ->
                sql.sql(
                        """
                        select key_id, sealed from statement_part
                         where document_id = ? and part = ?
                        """)
                    .param(document)
                    .param(part)
                    .query(
                        (row, number) ->
                            new SealedBytes(
                                row.getObject("key_id", UUID.class), row.getBytes("sealed")))
                    .single());
    return personalData.open(sealed, DocumentParts.place(document, part));
  }

  Optional<StatementRunDetails> findRun(UUID run) {
    return transactions.read(
        () -> sql.sql(SELECT_RUN).param(run).query(StatementQueries::run).optional());
  }

  private Optional<Found> found(UUID account, UUID statement) {
    return visible(
            transactions.read(
                () ->
                    sql.sql(SELECT + " and s.statement_id = :statement")
                        .param("account", account)
                        .param("statement", statement)
                        .query(StatementQueries::statement)
                        .list()))
        .findFirst();
  }

  private Stream<Found> visible(List<Found> all) {
    Set<UUID> keys =
        personalData.existing(
            all.stream().map(Found::key).flatMap(Stream::ofNullable).collect(Collectors.toSet()));
    return all.stream().filter(found -> found.key() == null || keys.contains(found.key()));
  }

  private static Found statement(ResultSet row, int number) throws SQLException {
    UUID document = row.getObject("document_id", UUID.class);
    return new Found(
        new StatementDetails(
            row.getObject("statement_id", UUID.class),
            row.getObject("account_id", UUID.class),
            row.getObject("first_day", LocalDate.class),
            row.getObject("end_day", LocalDate.class),
            StatementFormat.valueOf(row.getString("format")),
            document == null ? state(row.getString("job_state")) : StatementState.READY,
            row.getLong("done"),
            row.getLong("total"),
            row.getObject("bytes", Long.class),
            row.getTimestamp("requested_at").toInstant()),
        document,
        row.getObject("parts", Integer.class),
        row.getObject("key_id", UUID.class));
  }

  private static StatementRunDetails run(ResultSet row, int number) throws SQLException {
    Long total = row.getObject("accounts", Long.class);
    long ready = row.getLong("ready");
    long failed = row.getLong("failed");
    StatementState asking = state(row.getString("job_state"));
    StatementState state;
    if (total == null) {
      state = asking;
    } else if (ready + failed < total) {
      state = StatementState.IN_PROGRESS;
    } else {
      state = failed == 0 ? StatementState.READY : StatementState.FAILED;
    }
    return new StatementRunDetails(
        row.getObject("run_id", UUID.class),
        row.getObject("first_day", LocalDate.class),
        row.getObject("end_day", LocalDate.class),
        StatementFormat.valueOf(row.getString("format")),
        state,
        row.getObject("job_id", UUID.class),
        ready,
        failed,
        total,
        row.getTimestamp("requested_at").toInstant());
  }

  /** Of what its job has not completed; a job that is gone without a result has failed. */
  private static StatementState state(@Nullable String job) {
    if (job == null) {
      return StatementState.FAILED;
    }
    return switch (JobState.valueOf(job)) {
      case WAITING -> StatementState.REQUESTED;
      case RUNNING, COMPLETED -> StatementState.IN_PROGRESS;
      case CANCELLED -> StatementState.CANCELLED;
      case DEAD, DISCARDED -> StatementState.FAILED;
    };
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a document without its length");
    }
    return value;
  }
}
