package io.kontor.query.statement;

import io.kontor.job.queue.PermanentJobException;
import io.kontor.personaldata.SealedBytes;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What jobs read and write of the current tenant's statements. */
final class StatementStore {
  private static final int DELETED_AT_ONCE = 500;

  private final TenantTransactions transactions;
  private final JdbcClient sql;

  StatementStore(TenantTransactions transactions, DataSource dataSource) {
    this.transactions = transactions;
    this.sql = JdbcClient.create(dataSource);
  }

  /** What was asked for. */
  record Requested(UUID account, StatementPeriod period, ZoneId zone, boolean isReady) {
    Instant ends() {
      return period.end(zone);
    }
  }

  /** What was asked for, for all accounts. */
  record RequestedRun(StatementPeriod period, ZoneId zone, String by) {
    Instant ends() {
      return period.end(zone);
    }
  }

  /**
   * @throws PermanentJobException if the statement was deleted
   */
  Requested requested(UUID statement) {
    return transactions.read(
        () ->
            sql.sql("select * from statement where statement_id = ?")
                .param(statement)
                .query(
                    (row, number) ->
                        new Requested(
                            row.getObject("account_id", UUID.class),
                            period(row),
                            ZoneId.of(row.getString("zone")),
                            row.getTimestamp("ready_at") != null))
                .optional()
                .orElseThrow(() -> new PermanentJobException("the statement was deleted")));
  }

  /**
   * @throws PermanentJobException if the run was deleted
   */
  RequestedRun requestedRun(UUID run) {
    return transactions.read(
        () ->
            sql.sql("select * from statement_run where run_id = ?")
                .param(run)
                .query(
                    (row, number) ->
                        new RequestedRun(
                            period(row),
                            ZoneId.of(row.getString("zone")),
                            row.getString("requested_by")))
                .optional()
                .orElseThrow(() -> new PermanentJobException("the run was deleted")));
  }

  void storePart(UUID statement, UUID document, int part, SealedBytes sealed) {
    transactions.write(
        () ->
            sql.sql(
                    """
                    insert into statement_part
                      (tenant_id, document_id, part, statement_id, key_id, sealed)
                    values (?, ?, ?, ?, ?, ?)
                    """)
                .params(
                    TenantContext.current().value(),
                    document,
                    part,
                    statement,
                    sealed.key(),
                    sealed.bytes())
                .update());
  }

  /**
   * Makes the document the statement's, unless another attempt was first; deletes all others.
   *
   * @param ready what else belongs into the transaction that does so
   */
  void complete(UUID statement, UUID document, DocumentParts written, Runnable ready) {
    transactions.write(
        () -> {
          int completed =
              sql.sql(
                      """
                      update statement
                         set ready_at = now(), document_id = ?, parts = ?, bytes = ?, key_id = ?
                       where statement_id = ? and ready_at is null
                      """)
                  .params(document, written.parts(), written.bytes(), written.key(), statement)
                  .update();
          if (completed == 1) {
            ready.run();
          }
          return sql.sql(
                  """
                  delete from statement_part part using statement s
                   where part.statement_id = ? and s.statement_id = part.statement_id
                     and part.document_id <> s.document_id
                  """)
              .param(statement)
              .update();
        });
  }

  /** Sets how many accounts a run has. */
  void completeRun(UUID run) {
    transactions.write(
        () ->
            sql.sql(
                    """
                    update statement_run r set accounts =
                      (select count(*) from statement s where s.run_id = r.run_id)
                     where run_id = ?
                    """)
                .param(run)
                .update());
  }

  /**
   * Deletes statements that were asked for before a time, with their documents.
   *
   * @return when the oldest of the others was asked for
   */
  Optional<Instant> deleteBefore(Instant time) {
    int deleted;
    do {
      deleted = transactions.write(() -> deleteSomeBefore(time));
    } while (deleted == DELETED_AT_ONCE);
    return transactions.write(
        () -> {
          sql.sql("delete from statement_run where requested_at < ?")
              .param(Timestamp.from(time))
              .update();
          List<Timestamp> oldest =
              sql.sql(
                      """
                      select requested_at from statement union all
                      select requested_at from statement_run
                       order by requested_at limit 1
                      """)
                  .query(Timestamp.class)
                  .list();
          return oldest.stream().map(Timestamp::toInstant).findFirst();
        });
  }

  private int deleteSomeBefore(Instant time) {
    return sql.sql(
            """
            delete from statement where statement_id in (
              select statement_id from statement where requested_at < ? limit ?)
            """)
        .params(Timestamp.from(time), DELETED_AT_ONCE)
        .update();
  }

  private static StatementPeriod period(ResultSet row) throws SQLException {
    return new StatementPeriod(
        row.getObject("first_day", LocalDate.class),
        row.getObject("end_day", LocalDate.class),
        StatementFormat.valueOf(row.getString("format")));
  }
}
