package io.kontor.app.cli.endofday;

import io.kontor.api.endofday.EndOfDayFigures;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the open bank days of all tenants, and a tenant's closed ones. */
final class BankDays {
  private static final String OPEN =
      "select tenant_id, day, ends_at, step, accounts, booked, owed from end_of_day";
  private static final String CLOSED =
      "select day, closed_at, accounts, booked, owed from bank_day where closed_at is not null";

  private final JdbcClient sql;
  private final TenantTransactions transactions;

  BankDays(DataSource worker) {
    sql = JdbcClient.create(worker);
    transactions = new TenantTransactions(worker);
  }

  /**
   * @param step the one that its end has reached
   */
  record Open(
      TenantId tenant, LocalDate day, Instant endsAt, String step, EndOfDayFigures figures) {}

  record Closed(LocalDate day, Instant closedAt, EndOfDayFigures figures) {}

  /** Those that have been over for the longest time first. */
  List<Open> open() {
    return sql.sql(OPEN + " order by ends_at, tenant_id")
        .query((row, number) -> openDay(row))
        .list();
  }

  Optional<Open> open(TenantId tenant) {
    return sql.sql(OPEN + " where tenant_id = ?")
        .param(tenant.value())
        .query((row, number) -> openDay(row))
        .optional();
  }

  /** Newest first. */
  List<Closed> closed(TenantId tenant, int limit) {
    return as(
        tenant,
        sql.sql(CLOSED + " order by day desc limit ?")
            .param(limit)
            .query((row, number) -> closedDay(row)));
  }

  Optional<Closed> closed(TenantId tenant, LocalDate day) {
    return as(
            tenant,
            sql.sql(CLOSED + " and day = ?").param(day).query((row, number) -> closedDay(row)))
        .stream()
        .findAny();
  }

  private <T> List<T> as(TenantId tenant, JdbcClient.MappedQuerySpec<T> query) {
    return TenantContext.call(tenant, () -> transactions.read(query::list));
  }

  private static Open openDay(ResultSet row) throws SQLException {
    return new Open(
        new TenantId(row.getString("tenant_id")),
        row.getObject("day", LocalDate.class),
        row.getObject("ends_at", OffsetDateTime.class).toInstant(),
        row.getString("step"),
        figures(row));
  }

  private static Closed closedDay(ResultSet row) throws SQLException {
    return new Closed(
        row.getObject("day", LocalDate.class),
        row.getObject("closed_at", OffsetDateTime.class).toInstant(),
        figures(row));
  }

  private static EndOfDayFigures figures(ResultSet row) throws SQLException {
    return new EndOfDayFigures(row.getLong("accounts"), row.getLong("booked"), row.getLong("owed"));
  }
}
