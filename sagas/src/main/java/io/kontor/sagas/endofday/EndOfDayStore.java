package io.kontor.sagas.endofday;

import io.kontor.api.endofday.EndOfDayFigures;
import io.kontor.api.money.Money;
import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLostException;
import io.kontor.lock.postgres.Fence;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps how far the end of a day is, and what accounts have earned and owe. Each write of a run
 * checks its lease, and moves the run on in the same transaction.
 */
final class EndOfDayStore {
  private static final String OPEN =
      """
      insert into end_of_day as known (tenant_id, day, ends_at, step)
      values (:tenant, :day, :endsAt, 'ACCRUAL')
      on conflict (tenant_id) do update
        set day = excluded.day, ends_at = excluded.ends_at, step = 'ACCRUAL', last_account = null,
            accounts = 0, booked = 0, owed = 0
        where known.day < excluded.day
      """;
  private static final String FIND =
      """
      select day, ends_at, step, last_account, accounts, booked, owed
        from end_of_day where tenant_id = ?
      """;

  /** Days are accrued once, and in order. */
  private static final String ACCRUE =
      """
      insert into interest_accrual as known (
          tenant_id, account_id, currency, accrued_through, accrued, fees, interest_booked,
          fees_booked)
      select ?, day.account, day.currency, ?,
          day.interest + cast(day.interest_booked as numeric) * 100,
          day.fee + cast(day.fees_booked as numeric), day.interest_booked, day.fees_booked
        from unnest(?, ?, ?, ?, ?, ?)
          as day (account, currency, interest, fee, interest_booked, fees_booked)
      on conflict (tenant_id, account_id) do update
        set accrued_through = excluded.accrued_through,
            accrued = known.accrued + excluded.accrued,
            fees = known.fees + excluded.fees
        where known.accrued_through < excluded.accrued_through
      """;

  private static final String KNOWN =
      "select account_id from interest_accrual where account_id in (:accounts)";
  private static final String ARE_DUE =
      """
        from interest_accrual
       where account_id > :after and (accrued <> interest_booked * 100 or fees <> fees_booked)
      """;
  private static final String DUE =
      "select account_id, currency, accrued, fees, interest_booked, fees_booked"
          + ARE_DUE
          + " order by account_id limit :limit";
  private static final String COUNT_DUE = "select count(*)" + ARE_DUE;
  private static final String BOOKED =
      """
      update interest_accrual as known
         set interest_booked = now.interest, fees_booked = now.fees
        from unnest(?, ?, ?) as now (account, interest, fees)
       where known.account_id = now.account
      """;
  private static final String MOVE_ON =
      """
      update end_of_day
         set step = ?, last_account = ?, accounts = accounts + ?, booked = booked + ?, owed = owed + ?
       where tenant_id = ? and day = ?
      """;

  /** Less than every account's id. */
  private static final UUID FIRST = new UUID(0, 0);

  private final TenantTransactions transactions;
  private final JdbcTemplate jdbc;
  private final JdbcClient sql;

  EndOfDayStore(DataSource worker) {
    transactions = new TenantTransactions(worker);
    jdbc = new JdbcTemplate(worker);
    sql = JdbcClient.create(jdbc);
  }

  /** A day is open, in the caller's transaction; does nothing when a later one is. */
  void open(TenantId tenant, LocalDate day, Instant endsAt) {
    sql.sql(OPEN)
        .param("tenant", tenant.value())
        .param("day", day)
        .param("endsAt", OffsetDateTime.ofInstant(endsAt, ZoneOffset.UTC))
        .update();
  }

  /** The current tenant's open day. */
  Optional<OpenDay> find() {
    return transactions.read(
        () ->
            sql.sql(FIND)
                .param(TenantContext.current().value())
                .query((row, number) -> openDay(row))
                .optional());
  }

  /** Those of the accounts that have accruals. */
  Set<UUID> known(List<UUID> accounts) {
    return Set.copyOf(
        transactions.read(
            () -> sql.sql(KNOWN).param("accounts", accounts).query(UUID.class).list()));
  }

  /**
   * Adds a day's interest and fees of a page of accounts.
   *
   * @param last of the page
   * @throws LeaseLostException when another process runs the end of the day
   */
  void accrue(Lease lease, OpenDay open, List<Accrual> accruals, UUID last) {
    write(
        lease,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(ACCRUE)) {
            statement.setString(1, TenantContext.current().value());
            statement.setObject(2, open.day());
            statement.setArray(
                3,
                connection.createArrayOf(
                    "uuid", accruals.stream().map(Accrual::account).toArray()));
            statement.setArray(
                4,
                connection.createArrayOf(
                    "text", accruals.stream().map(Accrual::currency).toArray()));
            statement.setArray(5, numbers(connection, accruals, Accrual::interest));
            statement.setArray(6, numbers(connection, accruals, Accrual::fee));
            statement.setArray(
                7, numbers(connection, accruals, accrual -> accrual.booked().interest()));
            statement.setArray(
                8, numbers(connection, accruals, accrual -> accrual.booked().fees()));
            statement.executeUpdate();
          }
          moveOn(
              connection,
              open,
              EndOfDayStep.ACCRUAL,
              last,
              new EndOfDayFigures(accruals.size(), 0, 0));
        });
  }

  /** The next accounts with something that is not booked yet, by account. */
  List<AccountDue> due(@Nullable UUID after, int limit) {
    return transactions.read(
        () ->
            sql.sql(DUE)
                .param("after", after == null ? FIRST : after)
                .param("limit", limit)
                .query((row, number) -> accountDue(row))
                .list());
  }

  /** How many accounts have something that is not booked yet. */
  long countDue(@Nullable UUID after) {
    return transactions.read(
        () ->
            sql.sql(COUNT_DUE)
                .param("after", after == null ? FIRST : after)
                .query(Long.class)
                .single());
  }

  /**
   * Records what was booked of a page of accounts.
   *
   * @throws LeaseLostException when another process runs the end of the day
   */
  void booked(Lease lease, OpenDay open, List<AccountDue> page, EndOfDayFigures figures) {
    write(
        lease,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(BOOKED)) {
            statement.setArray(
                1,
                connection.createArrayOf("uuid", page.stream().map(AccountDue::account).toArray()));
            statement.setArray(2, numbers(connection, page, AccountDue::interestBooked));
            statement.setArray(3, numbers(connection, page, AccountDue::feesBooked));
            statement.executeUpdate();
          }
          moveOn(connection, open, EndOfDayStep.BOOKING, page.getLast().account(), figures);
        });
  }

  /**
   * Begins a step.
   *
   * @throws LeaseLostException when another process runs the end of the day
   */
  void begin(Lease lease, OpenDay open, EndOfDayStep step) {
    write(lease, connection -> moveOn(connection, open, step, null, EndOfDayFigures.NONE));
  }

  private void write(Lease lease, Write work) {
    transactions.write(
        () ->
            jdbc.execute(
                (Connection connection) -> {
                  Fence.check(connection, List.of(lease));
                  work.on(connection);
                  return true;
                }));
  }

  private static void moveOn(
      Connection connection,
      OpenDay open,
      EndOfDayStep step,
      @Nullable UUID last,
      EndOfDayFigures more)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MOVE_ON)) {
      statement.setString(1, step.name());
      statement.setObject(2, last);
      statement.setLong(3, more.accounts());
      statement.setLong(4, more.booked());
      statement.setLong(5, more.owed());
      statement.setString(6, TenantContext.current().value());
      statement.setObject(7, open.day());
      if (statement.executeUpdate() != 1) {
        throw new IllegalStateException("%s is not the open bank day".formatted(open.day()));
      }
    }
  }

  private static <T> java.sql.Array numbers(
      Connection connection, List<T> rows, ToLongFunction<T> number) throws SQLException {
    return connection.createArrayOf("int8", rows.stream().mapToLong(number).boxed().toArray());
  }

  private static OpenDay openDay(ResultSet row) throws SQLException {
    return new OpenDay(
        row.getObject("day", LocalDate.class),
        row.getObject("ends_at", OffsetDateTime.class).toInstant(),
        EndOfDayStep.valueOf(row.getString("step")),
        row.getObject("last_account", UUID.class),
        new EndOfDayFigures(row.getLong("accounts"), row.getLong("booked"), row.getLong("owed")));
  }

  private static AccountDue accountDue(ResultSet row) throws SQLException {
    return new AccountDue(
        row.getObject("account_id", UUID.class),
        Money.currencyOf(row.getString("currency")),
        row.getBigDecimal("accrued"),
        row.getBigDecimal("fees"),
        row.getLong("interest_booked"),
        row.getLong("fees_booked"));
  }

  @FunctionalInterface
  private interface Write {
    void on(Connection connection) throws SQLException;
  }
}
