package io.kontor.query.order;

import static io.kontor.projections.tables.Tables.CUSTOMER_ORDER;
import static io.kontor.projections.tables.Tables.ORDER_HAPPENING;
import static io.kontor.projections.tables.Tables.ORDER_LINE;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectFrom;

import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.FindOrder;
import io.kontor.api.order.FindOrdersAtRest;
import io.kontor.api.order.OrderDetails;
import io.kontor.api.order.OrderDetails.Happening;
import io.kontor.api.order.OrderDetails.Outcome;
import io.kontor.api.order.OrderDetails.Payment;
import io.kontor.api.order.OrderDetails.PaymentStatus;
import io.kontor.api.order.OrderDetails.Reservation;
import io.kontor.api.order.OrderDetails.ReservationStatus;
import io.kontor.api.order.OrderDetails.Shipment;
import io.kontor.api.order.OrderDetails.ShipmentStatus;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderStatus;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.query.support.RowReader;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads orders with their lines and timeline in one statement. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class OrderQueryHandler {
  private static final String LINES = "lines";
  private static final String TIMELINE = "timeline";

  private static final List<String> AT_REST =
      Stream.of(OrderStatus.values()).filter(OrderStatus::isAtRest).map(Enum::name).toList();

  private final TenantTransactions transactions;
  private final DSLContext sql;

  OrderQueryHandler(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  Optional<OrderDetails> handle(FindOrder query) {
    var lines =
        multiset(
                selectFrom(ORDER_LINE)
                    .where(ORDER_LINE.ORDER_ID.eq(CUSTOMER_ORDER.ORDER_ID))
                    .orderBy(ORDER_LINE.LINE))
            .as(LINES);
    var timeline =
        multiset(
                selectFrom(ORDER_HAPPENING)
                    .where(ORDER_HAPPENING.ORDER_ID.eq(CUSTOMER_ORDER.ORDER_ID))
                    .orderBy(ORDER_HAPPENING.VERSION))
            .as(TIMELINE);
    return transactions.read(
        () ->
            sql.select(CUSTOMER_ORDER.asterisk(), lines, timeline)
                .from(CUSTOMER_ORDER)
                .where(CUSTOMER_ORDER.ORDER_ID.eq(query.order()))
                .and(
                    query.customer() == null
                        ? noCondition()
                        : CUSTOMER_ORDER.CUSTOMER.eq(query.customer()))
                .fetchOptional(row -> order(row, row.get(lines), row.get(timeline))));
  }

  @QueryHandler
  List<UUID> handle(FindOrdersAtRest query) {
    return transactions.read(
        () ->
            sql.select(CUSTOMER_ORDER.ORDER_ID)
                .from(CUSTOMER_ORDER)
                .where(CUSTOMER_ORDER.ORDER_ID.in(query.orders()))
                .and(CUSTOMER_ORDER.STATUS.in(AT_REST))
                .fetch(CUSTOMER_ORDER.ORDER_ID));
  }

  private static OrderDetails order(
      Record row, Result<? extends Record> lines, Result<? extends Record> timeline) {
    Money total = RowReader.money(row, CUSTOMER_ORDER.TOTAL, CUSTOMER_ORDER.CURRENCY);
    return new OrderDetails(
        RowReader.get(row, CUSTOMER_ORDER.ORDER_ID),
        OrderStatus.valueOf(RowReader.get(row, CUSTOMER_ORDER.STATUS)),
        RowReader.get(row, CUSTOMER_ORDER.ACCOUNT_ID),
        total,
        lines.map(line -> line(line, total.currency())),
        new Payment(
            RowReader.get(row, CUSTOMER_ORDER.HOLD_ID),
            PaymentStatus.valueOf(RowReader.get(row, CUSTOMER_ORDER.PAYMENT_STATUS))),
        new Reservation(
            ReservationStatus.valueOf(RowReader.get(row, CUSTOMER_ORDER.RESERVATION_STATUS))),
        new Shipment(
            RowReader.get(row, CUSTOMER_ORDER.SHIPMENT_ID),
            ShipmentStatus.valueOf(RowReader.get(row, CUSTOMER_ORDER.SHIPMENT_STATUS)),
            row.get(CUSTOMER_ORDER.TRACKING)),
        happenings(timeline),
        RowReader.get(row, CUSTOMER_ORDER.VERSION));
  }

  private static OrderLine line(Record line, Currency currency) {
    return new OrderLine(
        new Sku(RowReader.get(line, ORDER_LINE.SKU)),
        RowReader.get(line, ORDER_LINE.QUANTITY),
        new Money(RowReader.get(line, ORDER_LINE.UNIT_PRICE), currency));
  }

  private static List<Happening> happenings(Result<? extends Record> timeline) {
    return timeline.map(
        happening ->
            new Happening(
                RowReader.get(happening, ORDER_HAPPENING.HAPPENED_AT),
                RowReader.get(happening, ORDER_HAPPENING.STEP),
                Outcome.valueOf(RowReader.get(happening, ORDER_HAPPENING.OUTCOME)),
                happening.get(ORDER_HAPPENING.DETAIL)));
  }
}
