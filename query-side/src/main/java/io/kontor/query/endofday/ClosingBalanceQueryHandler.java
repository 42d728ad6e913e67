package io.kontor.query.endofday;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.CONDITIONS;
import static io.kontor.projections.tables.Tables.POSTING;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import io.kontor.api.account.AccountStatus;
import io.kontor.api.endofday.BookedTotals;
import io.kontor.api.endofday.ClosingBalance;
import io.kontor.api.endofday.EndOfDayQuery.CountAccounts;
import io.kontor.api.endofday.EndOfDayQuery.FindBookedTotals;
import io.kontor.api.endofday.EndOfDayQuery.FindClosingBalances;
import io.kontor.api.ledger.EntryKind;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.endofday.ConditionsProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads what the end of a day is computed from, on the nodes that run it. */
@Component
@ConditionalOnRole(NodeRole.SAGA)
class ClosingBalanceQueryHandler {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final List<String> READ_MODELS =
      List.of(AccountProjection.NAME, JournalProjection.NAME, ConditionsProjection.NAME);

  /** Less than every account's id. */
  private static final UUID FIRST = new UUID(0, 0);

  /**
   * The balance at the end of the day is that after the last posting before it. The end of a day
   * may run late, when interest and fees of days before were booked after its end: they belong to
   * it, as days are closed in order.
   */
  private static final String BALANCES =
      """
      select a.account_id, a.currency,
             cast(coalesce(last.balance_after, 0) + coalesce(late.amount, 0) as bigint) as balance,
             c.credit_rate, c.debit_rate, c.day_count, c.fee, c.fee_rhythm
        from (select account_id, currency from account
               where account_id > {0} and opened_at < {1} and status <> 'CLOSED'
               order by account_id limit {2}) a
        left join lateral (
          select balance_after from posting
           where account_id = a.account_id and booked_at < {1}
           order by booked_at desc, position desc limit 1) last on true
        left join lateral (
          select sum(case direction when 'CREDIT' then amount else -amount end) as amount
            from posting
           where account_id = a.account_id and booked_at >= {1} and kind in ('INTEREST', 'FEE')) late
          on true
        left join lateral (
          select * from (
            (select 1 as rank, * from conditions
              where account_id = a.account_id and from_day <= {3} and set_at < {1}
              order by from_day desc, version desc limit 1)
            union all
            (select 2 as rank, * from conditions
              where account_id is null and currency = a.currency and from_day <= {3} and set_at < {1}
              order by from_day desc, version desc limit 1)) known
           order by rank limit 1) c on true
       order by a.account_id
      """;

  private final TenantTransactions transactions;
  private final DSLContext sql;
  private final ReadModelPositions readModels;

  ClosingBalanceQueryHandler(
      TenantTransactions transactions,
      @Qualifier("appDsl") DSLContext sql,
      ReadModelPositions readModels) {
    this.transactions = transactions;
    this.sql = sql;
    this.readModels = readModels;
  }

  @QueryHandler
  Long handle(CountAccounts query) {
    awaitAllBooked(query.end());
    UUID after = query.after() == null ? FIRST : query.after();
    return transactions.read(
        () ->
            (long)
                sql.fetchCount(
                    ACCOUNT,
                    ACCOUNT.ACCOUNT_ID.gt(after),
                    ACCOUNT.OPENED_AT.lt(query.end()),
                    ACCOUNT.STATUS.ne(AccountStatus.CLOSED.name())));
  }

  @QueryHandler
  List<BookedTotals> handle(FindBookedTotals query) {
    return transactions.read(
        () ->
            sql.select(POSTING.ACCOUNT_ID, sumOf(EntryKind.INTEREST), sumOf(EntryKind.FEE))
                .from(POSTING)
                .where(POSTING.ACCOUNT_ID.in(query.accounts()))
                .and(POSTING.KIND.in(EntryKind.INTEREST.name(), EntryKind.FEE.name()))
                .groupBy(POSTING.ACCOUNT_ID)
                .fetch(
                    row ->
                        new BookedTotals(
                            Objects.requireNonNull(row.value1()),
                            Objects.requireNonNull(row.value2()),
                            -Objects.requireNonNull(row.value3()))));
  }

  /** What a customer received, less what it paid. */
  private static Field<Long> sumOf(EntryKind kind) {
    Field<Long> signed =
        when(POSTING.DIRECTION.eq(PostingDirection.CREDIT.name()), POSTING.AMOUNT)
            .otherwise(POSTING.AMOUNT.neg());
    return coalesce(sum(signed).filterWhere(POSTING.KIND.eq(kind.name())), inline(BigDecimal.ZERO))
        .cast(Long.class);
  }

  @QueryHandler
  List<ClosingBalance> handle(FindClosingBalances query) {
    UUID after = query.after() == null ? FIRST : query.after();
    return transactions.read(
        () ->
            sql.fetch(
                    BALANCES,
                    val(after, ACCOUNT.ACCOUNT_ID),
                    val(query.end(), ACCOUNT.OPENED_AT),
                    val(query.limit()),
                    val(query.day()))
                .map(ClosingBalanceQueryHandler::closingBalance));
  }

  /** Everything before the end of the day, and the interest and fees booked since. */
  private void awaitAllBooked(Instant end) {
    long head = readModels.head();
    for (String readModel : READ_MODELS) {
      readModels.awaitAllBefore(readModel, end, TIMEOUT);
      readModels.await(readModel, head, TIMEOUT);
    }
  }

  private static ClosingBalance closingBalance(Record row) {
    Currency currency = Money.currencyOf(get(row, "currency", String.class));
    return new ClosingBalance(
        get(row, "account_id", UUID.class),
        new Money(get(row, "balance", Long.class), currency),
        row.get(CONDITIONS.DAY_COUNT) == null ? null : TermsReader.terms(row));
  }

  private static <T> T get(Record row, String column, Class<T> type) {
    return Objects.requireNonNull(row.get(column, type), column);
  }
}
