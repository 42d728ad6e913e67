package io.kontor.query.payment;

import static io.kontor.projections.tables.Tables.PAYMENT;
import static io.kontor.projections.tables.Tables.PAYMENT_HAPPENING;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectFrom;

import io.kontor.api.payment.PaymentDetails;
import io.kontor.api.payment.PaymentDetails.Happening;
import io.kontor.api.payment.PaymentQuery.FindPayment;
import io.kontor.api.payment.PaymentQuery.FindPayments;
import io.kontor.api.payment.PaymentQuery.FindPaymentsAtRest;
import io.kontor.api.payment.PaymentStatus;
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
import java.util.stream.Stream;
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

/** Reads payments with their history in one statement. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class PaymentQueryHandler {
  private static final Field<Result<Record>> HISTORY =
      multiset(
              selectFrom(PAYMENT_HAPPENING)
                  .where(PAYMENT_HAPPENING.PAYMENT_ID.eq(PAYMENT.PAYMENT_ID))
                  .orderBy(PAYMENT_HAPPENING.VERSION))
          .as("history");

  private static final List<String> AT_REST =
      Stream.of(PaymentStatus.values()).filter(PaymentStatus::isAtRest).map(Enum::name).toList();

  private final TenantTransactions transactions;
  private final DSLContext sql;
  private final PersonalDataService personalData;
  private final JsonMapper json;

  PaymentQueryHandler(
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
  Optional<PaymentDetails> handle(FindPayment query) {
    return payments(PAYMENT.PAYMENT_ID.eq(query.payment()).and(ofCustomer(query.customer())), 1)
        .stream()
        .findFirst();
  }

  @QueryHandler
  List<PaymentDetails> handle(FindPayments query) {
    Condition wanted = ofCustomer(query.customer());
    if (query.account() != null) {
      wanted = wanted.and(PAYMENT.FROM_ACCOUNT.eq(query.account()));
    }
    if (query.status() != null) {
      wanted = wanted.and(PAYMENT.STATUS.eq(query.status().name()));
    }
    if (query.needsAttention() != null) {
      wanted = wanted.and(PAYMENT.NEEDS_ATTENTION.eq(query.needsAttention()));
    }
    if (query.before() != null) {
      wanted = wanted.and(PAYMENT.PAYMENT_ID.lt(query.before()));
    }
    return payments(wanted, query.limit());
  }

  @QueryHandler
  List<UUID> handle(FindPaymentsAtRest query) {
    return transactions.read(
        () ->
            sql.select(PAYMENT.PAYMENT_ID)
                .from(PAYMENT)
                .where(PAYMENT.PAYMENT_ID.in(query.payments()))
                .and(PAYMENT.STATUS.in(AT_REST))
                .fetch(PAYMENT.PAYMENT_ID));
  }

  private List<PaymentDetails> payments(Condition wanted, int limit) {
    List<? extends Record> rows =
        transactions.read(
            () ->
                sql.select(PAYMENT.asterisk(), HISTORY)
                    .from(PAYMENT)
                    .where(wanted)
                    .orderBy(PAYMENT.PAYMENT_ID.desc())
                    .limit(limit)
                    .fetch());
    Map<SealedText, String> creditors =
        personalData.reveal(rows.stream().map(PaymentQueryHandler::creditor).toList());
    return rows.stream()
        .map(row -> payment(row, Objects.requireNonNull(creditors.get(creditor(row)))))
        .toList();
  }

  private static Condition ofCustomer(@Nullable String customer) {
    return customer == null ? noCondition() : PAYMENT.CUSTOMER.eq(customer);
  }

  private static SealedText creditor(Record row) {
    return new SealedText(RowReader.get(row, PAYMENT.CREDITOR));
  }

  private PaymentDetails payment(Record row, String creditor) {
    String reason = RowReader.get(row, PAYMENT.REASON);
    return new PaymentDetails(
        RowReader.get(row, PAYMENT.PAYMENT_ID),
        RowReader.get(row, PAYMENT.FROM_ACCOUNT),
        RowReader.creditor(creditor, json),
        RowReader.money(row, PAYMENT.AMOUNT, PAYMENT.CURRENCY),
        RowReader.get(row, PAYMENT.REFERENCE),
        PaymentStatus.valueOf(RowReader.get(row, PAYMENT.STATUS)),
        reason.isEmpty() ? null : reason,
        RowReader.get(row, PAYMENT.NEEDS_ATTENTION),
        RowReader.get(row, PAYMENT.REQUESTED_AT),
        RowReader.get(row, HISTORY).map(PaymentQueryHandler::happening),
        RowReader.get(row, PAYMENT.VERSION));
  }

  private static Happening happening(Record row) {
    return new Happening(
        RowReader.get(row, PAYMENT_HAPPENING.HAPPENED_AT),
        PaymentStatus.valueOf(RowReader.get(row, PAYMENT_HAPPENING.STATUS)),
        row.get(PAYMENT_HAPPENING.REASON));
  }
}
