package io.kontor.query.standingorder;

import static io.kontor.projections.tables.Tables.STANDING_ORDER;
import static io.kontor.projections.tables.Tables.STANDING_ORDER_EXECUTION;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectFrom;

import io.kontor.api.payment.PaymentDetails.CreditorDetails;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.ExecutionOutcome;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderDetails;
import io.kontor.api.standingorder.StandingOrderDetails.Execution;
import io.kontor.api.standingorder.StandingOrderDetails.NextExecution;
import io.kontor.api.standingorder.StandingOrderQuery.FindStandingOrder;
import io.kontor.api.standingorder.StandingOrderQuery.FindStandingOrders;
import io.kontor.api.standingorder.StandingOrderStatus;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.query.support.RowReader;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads standing orders with their history in one statement. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class StandingOrderQueryHandler {
  private static final int MOST_ATTEMPTS = 100;
  private static final Field<Result<Record>> HISTORY =
      multiset(
              selectFrom(STANDING_ORDER_EXECUTION)
                  .where(
                      STANDING_ORDER_EXECUTION.STANDING_ORDER_ID.eq(
                          STANDING_ORDER.STANDING_ORDER_ID))
                  .orderBy(STANDING_ORDER_EXECUTION.VERSION.desc())
                  .limit(MOST_ATTEMPTS))
          .as("history");

  private final TenantTransactions transactions;
  private final DSLContext sql;
  private final PersonalDataService personalData;
  private final JsonMapper json;

  StandingOrderQueryHandler(
      TenantTransactions transactions,
      @Qualifier("appDsl") DSLContext sql,
      PersonalDataService personalData,
      JsonMapper json) {
    this.transactions = transactions;
    this.sql = sql;
    this.personalData = personalData;
    this.json = json;
  }

  @QueryHandler
  Optional<StandingOrderDetails> handle(FindStandingOrder query) {
    Condition wanted =
        STANDING_ORDER.STANDING_ORDER_ID.eq(query.order()).and(ofCustomer(query.customer()));
    return orders(wanted, 1).stream().findFirst();
  }

  @QueryHandler
  List<StandingOrderDetails> handle(FindStandingOrders query) {
    Condition wanted = ofCustomer(query.customer());
    if (query.account() != null) {
      wanted = wanted.and(STANDING_ORDER.FROM_ACCOUNT.eq(query.account()));
    }
    if (query.status() != null) {
      wanted = wanted.and(STANDING_ORDER.STATUS.eq(query.status().name()));
    }
    if (query.before() != null) {
      wanted = wanted.and(STANDING_ORDER.STANDING_ORDER_ID.lt(query.before()));
    }
    return orders(wanted, query.limit());
  }

  private List<StandingOrderDetails> orders(Condition wanted, int limit) {
    List<? extends Record> rows =
        transactions.read(
            () ->
                sql.select(STANDING_ORDER.asterisk(), HISTORY)
                    .from(STANDING_ORDER)
                    .where(wanted)
                    .orderBy(STANDING_ORDER.STANDING_ORDER_ID.desc())
                    .limit(limit)
                    .fetch());
    Map<SealedText, String> creditors =
        personalData.reveal(
            rows.stream()
                .map(row -> row.get(STANDING_ORDER.CREDITOR))
                .filter(Objects::nonNull)
                .map(SealedText::new)
                .toList());
    return rows.stream().map(row -> order(row, creditors)).toList();
  }

  private static Condition ofCustomer(@Nullable String customer) {
    return customer == null ? noCondition() : STANDING_ORDER.CUSTOMER.eq(customer);
  }

  private StandingOrderDetails order(Record row, Map<SealedText, String> creditors) {
    StandingOrderStatus status =
        StandingOrderStatus.valueOf(RowReader.get(row, STANDING_ORDER.STATUS));
    UUID to = row.get(STANDING_ORDER.TO_ACCOUNT);
    return new StandingOrderDetails(
        RowReader.get(row, STANDING_ORDER.STANDING_ORDER_ID),
        RowReader.get(row, STANDING_ORDER.FROM_ACCOUNT),
        to,
        creditor(row.get(STANDING_ORDER.CREDITOR), creditors),
        RowReader.money(row, STANDING_ORDER.AMOUNT, STANDING_ORDER.CURRENCY),
        RowReader.get(row, STANDING_ORDER.REFERENCE),
        schedule(row),
        status,
        next(row, status),
        RowReader.get(row, STANDING_ORDER.CREATED_AT),
        RowReader.get(row, HISTORY).map(attempt -> execution(attempt, to != null)),
        RowReader.get(row, STANDING_ORDER.VERSION));
  }

  private @Nullable CreditorDetails creditor(
      @Nullable String sealed, Map<SealedText, String> creditors) {
    return sealed == null
        ? null
        : RowReader.creditor(Objects.requireNonNull(creditors.get(new SealedText(sealed))), json);
  }

  private static Schedule schedule(Record row) {
    return new Schedule(
        RowReader.get(row, STANDING_ORDER.FIRST_DAY),
        Rhythm.valueOf(RowReader.get(row, STANDING_ORDER.RHYTHM)),
        row.get(STANDING_ORDER.DAY_OF_MONTH),
        row.get(STANDING_ORDER.UNTIL_DAY),
        row.get(STANDING_ORDER.DUE_DATES),
        BusinessDayRule.valueOf(RowReader.get(row, STANDING_ORDER.BUSINESS_DAY_RULE)),
        RowReader.get(row, STANDING_ORDER.CALENDAR));
  }

  private static @Nullable NextExecution next(Record row, StandingOrderStatus status) {
    return switch (status) {
      case ACTIVE, PAUSED ->
          new NextExecution(
              RowReader.get(row, STANDING_ORDER.NEXT_DUE_DATE),
              RowReader.get(row, STANDING_ORDER.NEXT_VALUE_DATE));
      case ENDED, CANCELLED -> null;
    };
  }

  private static Execution execution(Record row, boolean isTransfer) {
    UUID result = row.get(STANDING_ORDER_EXECUTION.RESULT_ID);
    return new Execution(
        RowReader.get(row, STANDING_ORDER_EXECUTION.DUE_DATE),
        RowReader.get(row, STANDING_ORDER_EXECUTION.VALUE_DATE),
        RowReader.get(row, STANDING_ORDER_EXECUTION.TRIED_AT),
        ExecutionOutcome.valueOf(RowReader.get(row, STANDING_ORDER_EXECUTION.OUTCOME)),
        isTransfer ? result : null,
        isTransfer ? null : result,
        row.get(STANDING_ORDER_EXECUTION.REASON),
        row.get(STANDING_ORDER_EXECUTION.RETRY_AT));
  }
}
