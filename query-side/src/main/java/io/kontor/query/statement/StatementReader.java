package io.kontor.query.statement;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.POSTING;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.sum;

import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.query.support.RowReader;
import io.kontor.query.support.Statement;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.registry.TenantRegistry;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads an account's statement, page by page. Everything booked before the end of the period has to
 * be in the read model already; what is there does not change.
 */
final class StatementReader {
  private static final int PAGE = 1_000;

  private final TenantTransactions transactions;
  private final DSLContext sql;
  private final PersonalDataService personalData;
  private final TenantRegistry tenants;
  private final int page;

  StatementReader(
      TenantTransactions transactions,
      DSLContext sql,
      PersonalDataService personalData,
      TenantRegistry tenants) {
    this(transactions, sql, personalData, tenants, PAGE);
  }

  /**
   * @param page the number of lines that are read together
   */
  StatementReader(
      TenantTransactions transactions,
      DSLContext sql,
      PersonalDataService personalData,
      TenantRegistry tenants,
      int page) {
    this.transactions = transactions;
    this.sql = sql;
    this.personalData = personalData;
    this.tenants = tenants;
    this.page = page;
  }

  /** Where the lines are: from the first position, below the second. */
  record Positions(UUID account, long from, long to) {
    Condition lines() {
      return POSTING
          .ACCOUNT_ID
          .eq(account)
          .and(POSTING.POSITION.ge(from))
          .and(POSTING.POSITION.lt(to));
    }
  }

  Positions positions(UUID account, StatementPeriod period, ZoneId zone) {
    Field<Long> from = Statement.start(account, period.begin(zone));
    Field<Long> to = Statement.start(account, period.end(zone));
    return transactions.read(
        () -> {
          Record found = Objects.requireNonNull(sql.select(from, to).fetchOne());
          return new Positions(
              account,
              Objects.requireNonNull(found.get(0, Long.class)),
              Objects.requireNonNull(found.get(1, Long.class)));
        });
  }

  /**
   * Everything but the lines.
   *
   * @throws PermanentJobException if there is no such account
   */
  StatementHeading heading(Positions positions, StatementPeriod period, ZoneId zone) {
    Record account = account(positions.account());
    Currency currency = Money.currencyOf(RowReader.get(account, ACCOUNT.CURRENCY));
    String bank = String.valueOf(tenants.nameOf(TenantContext.current()));
    String owner = owner(account);
    return transactions.read(
        () ->
            new StatementHeading(
                bank,
                positions.account(),
                RowReader.get(account, ACCOUNT.CUSTOMER),
                owner,
                period.from(),
                period.to(),
                zone,
                balanceBefore(positions.account(), positions.from(), currency),
                balanceBefore(positions.account(), positions.to(), currency),
                totals(positions, currency)));
  }

  /** The name of an account's owner, as it may be shown now. */
  String owner(UUID account) {
    return owner(account(account));
  }

  /**
   * The lines after one, oldest first; empty at the end.
   *
   * @param after null for the first ones
   */
  List<Posting> lines(Positions positions, @Nullable Posting after) {
    Condition rest =
        after == null
            ? positions.lines()
            : positions
                .lines()
                .and(row(POSTING.POSITION, POSTING.POSTING_ID).gt(after.position(), after.id()));
    return transactions.read(
        () ->
            sql.selectFrom(POSTING)
                .where(rest)
                .orderBy(POSTING.POSITION, POSTING.POSTING_ID)
                .limit(page)
                .fetch(RowReader::posting));
  }

  private Record account(UUID account) {
    return transactions
        .read(() -> sql.selectFrom(ACCOUNT).where(ACCOUNT.ACCOUNT_ID.eq(account)).fetchOptional())
        .orElseThrow(() -> new PermanentJobException("there is no such account"));
  }

  private String owner(Record account) {
    return personalData.reveal(new SealedText(RowReader.get(account, ACCOUNT.OWNER)));
  }

  private Money balanceBefore(UUID account, long position, Currency currency) {
    return sql.select(POSTING.BALANCE_AFTER)
        .from(POSTING)
        .where(POSTING.ACCOUNT_ID.eq(account))
        .and(POSTING.POSITION.lt(position))
        .orderBy(POSTING.POSITION.desc(), POSTING.POSTING_ID.desc())
        .limit(1)
        .fetchOptional(POSTING.BALANCE_AFTER)
        .map(balance -> new Money(balance, currency))
        .orElse(Money.zero(currency));
  }

  private StatementTotals totals(Positions positions, Currency currency) {
    Condition credit = POSTING.DIRECTION.eq(PostingDirection.CREDIT.name());
    Condition debit = POSTING.DIRECTION.eq(PostingDirection.DEBIT.name());
    Record totals =
        Objects.requireNonNull(
            sql.select(
                    count().filterWhere(credit),
                    sumWhere(credit),
                    count().filterWhere(debit),
                    sumWhere(debit))
                .from(POSTING)
                .where(positions.lines())
                .fetchOne());
    return new StatementTotals(
        number(totals, 0),
        new Money(number(totals, 1), currency),
        number(totals, 2),
        new Money(number(totals, 3), currency));
  }

  private static Field<BigDecimal> sumWhere(Condition which) {
    return coalesce(sum(POSTING.AMOUNT).filterWhere(which), inline(BigDecimal.ZERO));
  }

  private static long number(Record totals, int column) {
    return Objects.requireNonNull(totals.get(column, BigDecimal.class)).longValueExact();
  }
}
