package io.kontor.query.order;

import static io.kontor.query.BranchOffice.OPENING;
import static io.kontor.query.BranchOffice.as;
import static io.kontor.query.BranchOffice.euro;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.order.FindOrder;
import io.kontor.api.order.FindOrdersAtRest;
import io.kontor.api.order.OrderDetails;
import io.kontor.api.order.OrderDetails.Happening;
import io.kontor.api.order.OrderDetails.Outcome;
import io.kontor.api.order.OrderDetails.PaymentStatus;
import io.kontor.api.order.OrderDetails.ReservationStatus;
import io.kontor.api.order.OrderDetails.Shipment;
import io.kontor.api.order.OrderDetails.ShipmentStatus;
import io.kontor.api.order.OrderEvent.AttentionNeeded;
import io.kontor.api.order.OrderEvent.ItemsReserved;
import io.kontor.api.order.OrderEvent.OrderCancelled;
import io.kontor.api.order.OrderEvent.OrderConfirmed;
import io.kontor.api.order.OrderEvent.OrderPaid;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.api.order.OrderEvent.ShippingScheduled;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderReferences;
import io.kontor.api.order.OrderStatus;
import io.kontor.api.order.OrderStep;
import io.kontor.personaldata.SealedText;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OrderQueryHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final UUID ACCOUNT = UUID.randomUUID();
  private static final UUID HOLD = UUID.randomUUID();
  private static final UUID SHIPMENT = UUID.randomUUID();
  private static final List<OrderLine> LINES =
      List.of(
          new OrderLine(new Sku("TEA-1"), 2, euro("5.00")),
          new OrderLine(new Sku("MUG-1"), 1, euro("12.50")));
  private static final BranchOffice OFFICE = new BranchOffice();

  private final OrderQueryHandler queries =
      new OrderQueryHandler(OFFICE.cache, OFFICE.transactions, OFFICE.sql);

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Nested
  class FindAnOrder {
    @Test
    void showsItsLinesInTheOrderOfTheRequest() {
      OrderId order = placed("alice");
      OrderDetails found = find(order);
      assertThat(found.id()).isEqualTo(order.uuid());
      assertThat(found.account()).isEqualTo(ACCOUNT);
      assertThat(found.status()).isEqualTo(OrderStatus.PLACED);
      assertThat(found.total()).isEqualTo(euro("22.50"));
      assertThat(found.items()).isEqualTo(LINES);
      assertThat(found.version()).isZero();
    }

    @Test
    void showsHowFarPaymentReservationAndShipmentAre() {
      OrderId order = placed("alice");
      assertThat(find(order).shipment())
          .isEqualTo(new Shipment(SHIPMENT, ShipmentStatus.NONE, null));

      OFFICE.recorded(1, order, new OrderPaid(order), new ItemsReserved(order), scheduled(order));

      OrderDetails found = find(order);
      assertThat(found.status()).isEqualTo(OrderStatus.SHIPPING);
      assertThat(found.payment()).isEqualTo(new OrderDetails.Payment(HOLD, PaymentStatus.HELD));
      assertThat(found.reservation().status()).isEqualTo(ReservationStatus.RESERVED);
      assertThat(found.shipment())
          .isEqualTo(new Shipment(SHIPMENT, ShipmentStatus.SCHEDULED, "T-1"));
      assertThat(found.version()).isEqualTo(3);
    }

    @Test
    void showsTheTimelineOldestFirst() {
      OrderId order = placed("alice");
      OFFICE.recorded(1, order, new OrderPaid(order));
      OFFICE.recorded(2, order, new OrderCancelled(order, "changed my mind"));

      assertThat(find(order).timeline())
          .containsExactly(
              new Happening(OPENING, "PLACEMENT", Outcome.DONE, null),
              new Happening(OPENING.plus(Duration.ofHours(1)), "PAYMENT", Outcome.DONE, null),
              new Happening(
                  OPENING.plus(Duration.ofHours(2)),
                  "CANCELLATION",
                  Outcome.DONE,
                  "changed my mind"));
    }

    @Test
    void findsACustomersOwnOrdersOnly() {
      OrderId order = placed("alice");
      assertThat(as(ACME, () -> queries.handle(new FindOrder(order.uuid(), "alice"), null)))
          .isPresent();
      assertThat(as(ACME, () -> queries.handle(new FindOrder(order.uuid(), "bob"), null)))
          .isEmpty();
    }

    @Test
    void findsNoOtherTenantsOrder() {
      OrderId order = placed("alice");
      assertThat(as(GLOBEX, () -> queries.handle(new FindOrder(order.uuid(), null), null)))
          .isEmpty();
    }
  }

  @Nested
  class FindOrdersThatAreAtRest {
    @Test
    void returnsThoseInWhichNothingMoreHappensByItself() {
      OrderId running = placed("alice");
      OrderId confirmed = placed("bob");
      OFFICE.recorded(1, confirmed, new OrderConfirmed(confirmed));
      OrderId cancelled = placed("carol");
      OFFICE.recorded(1, cancelled, new OrderCancelled(cancelled, "no money"));
      OrderId waiting = placed("dave");
      OFFICE.recorded(1, waiting, new AttentionNeeded(waiting, OrderStep.SHIPPING, "lost"));

      Set<UUID> asked = Set.of(running.uuid(), confirmed.uuid(), cancelled.uuid(), waiting.uuid());
      assertThat(as(ACME, () -> queries.handle(new FindOrdersAtRest(asked))))
          .containsExactlyInAnyOrder(confirmed.uuid(), cancelled.uuid(), waiting.uuid());
      assertThat(as(GLOBEX, () -> queries.handle(new FindOrdersAtRest(asked)))).isEmpty();
    }
  }

  private static ShippingScheduled scheduled(OrderId order) {
    return new ShippingScheduled(order, "T-1");
  }

  private static OrderId placed(String customer) {
    OrderId order = new OrderId(ACME, UUID.randomUUID());
    OFFICE.recorded(
        0,
        order,
        new OrderPlaced(
            order,
            new AccountId(ACME, ACCOUNT),
            customer,
            LINES,
            euro("22.50"),
            SealedText.inTheClear(customer, "Main Street 1"),
            new OrderReferences(HOLD, UUID.randomUUID(), UUID.randomUUID(), SHIPMENT)));
    return order;
  }

  private OrderDetails find(OrderId order) {
    return as(ACME, () -> queries.handle(new FindOrder(order.uuid(), null), null)).orElseThrow();
  }
}
