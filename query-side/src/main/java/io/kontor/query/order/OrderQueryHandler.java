package io.kontor.query.order;

import static io.kontor.projections.tables.Tables.CUSTOMER_ORDER;
import static io.kontor.projections.tables.Tables.ORDER_HAPPENING;
import static io.kontor.projections.tables.Tables.ORDER_LINE;
import static org.jooq.impl.DSL.multiset;
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
import io.kontor.cache.CachedModel;
import io.kontor.cache.ReadModelCache;
import io.kontor.cache.Versioned;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.projections.order.OrderProjection;
import io.kontor.query.support.CachedReads;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RowReader;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jspecify.annotations.Nullable;
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

  private static final int WEIGHT = 600;
  private static final int WEIGHT_OF_A_PART = 300;
  private static final CachedModel<OwnedOrder> ORDERS =
      new CachedModel<>(
          OrderProjection.NAME,
          (byte) 1,
          OwnedOrder.class,
          OrderQueryHandler::weight,
          order -> true);

  /** An order with its customer, who alone may see it. */
  record OwnedOrder(@Nullable String customer, OrderDetails order) {}

  private static int weight(OwnedOrder owned) {
    OrderDetails order = owned.order();
    return WEIGHT + WEIGHT_OF_A_PART * (order.items().size() + order.timeline().size());
  }

  private final ReadModelCache cache;
  private final TenantTransactions transactions;
  private final DSLContext sql;

  OrderQueryHandler(
      ReadModelCache cache, TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.cache = cache;
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  Optional<OrderDetails> handle(
      FindOrder query, @MetaDataValue(ReadGateway.MIN_POSITION) @Nullable Long minPosition) {
    return cache
        .find(
            ORDERS,
            query.order().toString(),
            minPosition == null ? 0 : minPosition,
            () -> read(query.order()))
        .filter(order -> query.customer() == null || query.customer().equals(order.customer()))
        .map(OwnedOrder::order);
  }

  private Versioned<OwnedOrder> read(UUID order) {
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
            CachedReads.read(
                sql,
                OrderProjection.NAME,
                CUSTOMER_ORDER.ORDER_ID,
                order,
                row ->
                    new OwnedOrder(
                        row.get(CUSTOMER_ORDER.CUSTOMER),
                        order(row, row.get(lines), row.get(timeline))),
                lines,
                timeline));
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
