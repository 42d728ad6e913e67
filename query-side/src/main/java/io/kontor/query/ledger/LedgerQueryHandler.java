package io.kontor.query.ledger;

import static io.kontor.projections.tables.Tables.LEDGER_TOTAL;
import static io.kontor.projections.tables.Tables.POSTING;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.when;

import io.kontor.api.ledger.EntryKind;
import io.kontor.api.ledger.JournalEntry;
import io.kontor.api.ledger.JournalEntry.Leg;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.ledger.LedgerQuery.FindJournalEntry;
import io.kontor.api.ledger.LedgerQuery.FindPostings;
import io.kontor.api.ledger.LedgerQuery.FindTrialBalance;
import io.kontor.api.ledger.LedgerQuery.PostingCursor;
import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.ledger.TrialBalance;
import io.kontor.api.money.Money;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.projections.ledger.PostingIds;
import io.kontor.query.support.RowReader;
import io.kontor.query.support.Statement;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record3;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Reads the journal and the trial balance, each in one statement, so that a result is consistent.
 */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class LedgerQueryHandler {
  private static final Field<BigDecimal> DEBITS = LEDGER_TOTAL.DEBITS;
  private static final Field<BigDecimal> CREDITS = LEDGER_TOTAL.CREDITS;

  private final TenantTransactions transactions;
  private final DSLContext sql;

  LedgerQueryHandler(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  List<Posting> handle(FindPostings query) {
    return transactions.read(
        () ->
            sql.selectFrom(POSTING)
                .where(POSTING.ACCOUNT_ID.eq(query.account()))
                .and(from(query))
                .and(to(query))
                .and(olderThan(query.before()))
                .orderBy(POSTING.POSITION.desc(), POSTING.POSTING_ID.desc())
                .limit(query.limit())
                .fetch(RowReader::posting));
  }

  private static Condition from(FindPostings query) {
    return query.from() == null
        ? noCondition()
        : POSTING.POSITION.ge(Statement.start(query.account(), query.from()));
  }

  private static Condition to(FindPostings query) {
    return query.to() == null
        ? noCondition()
        : POSTING.POSITION.lt(Statement.start(query.account(), query.to()));
  }

  @QueryHandler
  Optional<JournalEntry> handle(FindJournalEntry query) {
    return transactions.read(
        () -> {
          List<? extends Record> rows =
              sql.selectFrom(POSTING)
                  .where(POSTING.POSTING_ID.in(PostingIds.of(query.entry())))
                  .and(POSTING.ENTRY_ID.eq(query.entry()))
                  .orderBy(POSTING.DIRECTION.desc(), POSTING.POSTING_ID)
                  .fetch();
          return rows.isEmpty() ? Optional.empty() : Optional.of(entry(rows));
        });
  }

  @QueryHandler
  List<TrialBalance> handle(FindTrialBalance query) {
    Instant at = query.at();
    Select<Record3<String, BigDecimal, BigDecimal>> parts =
        at == null ? days(noCondition()) : daysBefore(at).unionAll(dayUpTo(at));
    var part = parts.asTable("part");
    Field<String> currency = Objects.requireNonNull(part.field(LEDGER_TOTAL.CURRENCY));
    return transactions.read(
        () ->
            sql.select(
                    currency,
                    sum(Objects.requireNonNull(part.field(DEBITS))).as(DEBITS),
                    sum(Objects.requireNonNull(part.field(CREDITS))).as(CREDITS))
                .from(part)
                .groupBy(currency)
                .orderBy(currency)
                .fetch(LedgerQueryHandler::trialBalance));
  }

  private static Select<Record3<String, BigDecimal, BigDecimal>> daysBefore(Instant at) {
    return days(LEDGER_TOTAL.DAY.lt(day(at)));
  }

  private static Select<Record3<String, BigDecimal, BigDecimal>> days(Condition which) {
    return select(LEDGER_TOTAL.CURRENCY, DEBITS, CREDITS).from(LEDGER_TOTAL).where(which);
  }

  private static Select<Record3<String, BigDecimal, BigDecimal>> dayUpTo(Instant at) {
    return select(
            POSTING.CURRENCY, amountOf(PostingDirection.DEBIT), amountOf(PostingDirection.CREDIT))
        .from(POSTING)
        .where(POSTING.BOOKED_AT.ge(day(at).atStartOfDay().toInstant(ZoneOffset.UTC)))
        .and(POSTING.BOOKED_AT.lt(at));
  }

  private static Field<BigDecimal> amountOf(PostingDirection direction) {
    return when(POSTING.DIRECTION.eq(direction.name()), POSTING.AMOUNT.cast(BigDecimal.class))
        .otherwise(BigDecimal.ZERO);
  }

  private static LocalDate day(Instant at) {
    return at.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static Condition olderThan(@Nullable PostingCursor place) {
    return place == null
        ? DSL.noCondition()
        : row(POSTING.POSITION, POSTING.POSTING_ID).lt(place.position(), place.id());
  }

  private static JournalEntry entry(List<? extends Record> rows) {
    Record first = rows.getFirst();
    return new JournalEntry(
        RowReader.get(first, POSTING.ENTRY_ID),
        EntryKind.valueOf(RowReader.get(first, POSTING.KIND)),
        RowReader.get(first, POSTING.REFERENCE),
        RowReader.get(first, POSTING.BOOKED_AT),
        RowReader.get(first, POSTING.POSITION),
        rows.stream().map(LedgerQueryHandler::leg).toList());
  }

  private static Leg leg(Record row) {
    LedgerAccount account = LedgerAccount.valueOf(RowReader.get(row, POSTING.LEDGER_ACCOUNT));
    return new Leg(
        RowReader.get(row, POSTING.POSTING_ID),
        account,
        row.get(POSTING.ACCOUNT_ID),
        PostingDirection.valueOf(RowReader.get(row, POSTING.DIRECTION)),
        RowReader.money(row, POSTING.AMOUNT, POSTING.CURRENCY),
        account == LedgerAccount.CUSTOMER
            ? RowReader.money(row, POSTING.BALANCE_AFTER, POSTING.CURRENCY)
            : null);
  }

  private static TrialBalance trialBalance(Record row) {
    Currency currency = Money.currencyOf(RowReader.get(row, LEDGER_TOTAL.CURRENCY));
    BigDecimal debits = RowReader.get(row, DEBITS);
    BigDecimal credits = RowReader.get(row, CREDITS);
    BigDecimal difference = debits.subtract(credits);
    return new TrialBalance(
        currency,
        decimal(debits, currency),
        decimal(credits, currency),
        difference.signum() == 0 ? "0" : decimal(difference, currency));
  }

  /** Sums may exceed the range of {@link Money}. */
  private static String decimal(BigDecimal minorUnits, Currency currency) {
    int digits = currency.getDefaultFractionDigits();
    return minorUnits.movePointLeft(digits).setScale(digits).toPlainString();
  }
}
