package io.kontor.query.endofday;

import static io.kontor.projections.tables.Tables.BANK_DAY;
import static io.kontor.projections.tables.Tables.CONDITIONS;

import io.kontor.api.endofday.BankDayDetails;
import io.kontor.api.endofday.BankDayDetails.ClosedDay;
import io.kontor.api.endofday.ConditionsDetails;
import io.kontor.api.endofday.EndOfDayQuery.FindBankDay;
import io.kontor.api.endofday.EndOfDayQuery.FindConditions;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.query.support.RowReader;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads bank days and conditions. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class EndOfDayQueryHandler {
  /** A month of closed days with the open one. */
  private static final int DAYS_SHOWN = 32;

  private static final int MOST_CONDITIONS = 100;

  private final InstantSource clock = InstantSource.system();
  private final TenantTransactions transactions;
  private final DSLContext sql;

  EndOfDayQueryHandler(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  Optional<BankDayDetails> handle(FindBankDay query) {
    List<? extends Record> days =
        transactions.read(
            () -> sql.selectFrom(BANK_DAY).orderBy(BANK_DAY.DAY.desc()).limit(DAYS_SHOWN).fetch());
    return days.isEmpty() ? Optional.empty() : Optional.of(details(days));
  }

  @QueryHandler
  List<ConditionsDetails> handle(FindConditions query) {
    Condition ofCurrency =
        CONDITIONS
            .ACCOUNT_ID
            .isNull()
            .and(CONDITIONS.CURRENCY.eq(query.currency().getCurrencyCode()));
    Condition wanted =
        query.account() == null
            ? ofCurrency
            : ofCurrency.or(CONDITIONS.ACCOUNT_ID.eq(query.account()));
    return transactions.read(
        () ->
            sql.selectFrom(CONDITIONS)
                .where(wanted)
                .orderBy(
                    CONDITIONS.ACCOUNT_ID.isNull(),
                    CONDITIONS.FROM_DAY.desc(),
                    CONDITIONS.VERSION.desc())
                .limit(MOST_CONDITIONS)
                .fetch(EndOfDayQueryHandler::conditions));
  }

  private BankDayDetails details(List<? extends Record> days) {
    Record open = days.getFirst();
    LocalDate day = RowReader.get(open, BANK_DAY.DAY);
    String zone = RowReader.get(open, BANK_DAY.ZONE);
    Instant endsAt = RowReader.get(open, BANK_DAY.ENDS_AT);
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneId.of(zone));
    return new BankDayDetails(
        day,
        zone,
        endsAt,
        Math.max(0, ChronoUnit.DAYS.between(day, today)),
        days.stream().skip(1).map(EndOfDayQueryHandler::closedDay).toList());
  }

  private static ClosedDay closedDay(Record row) {
    return new ClosedDay(
        RowReader.get(row, BANK_DAY.DAY),
        RowReader.get(row, BANK_DAY.CLOSED_AT),
        RowReader.get(row, BANK_DAY.ACCOUNTS),
        RowReader.get(row, BANK_DAY.BOOKED),
        RowReader.get(row, BANK_DAY.OWED));
  }

  private static ConditionsDetails conditions(Record row) {
    return new ConditionsDetails(
        row.get(CONDITIONS.ACCOUNT_ID),
        RowReader.get(row, CONDITIONS.FROM_DAY),
        RowReader.get(row, CONDITIONS.SET_AT),
        TermsReader.terms(row));
  }
}
