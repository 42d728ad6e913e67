package io.kontor.projections.order;

import static io.kontor.projections.tables.Tables.CUSTOMER_ORDER;
import static io.kontor.projections.tables.Tables.ORDER_HAPPENING;
import static io.kontor.projections.tables.Tables.ORDER_LINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.order.OrderEvent.AttentionNeeded;
import io.kontor.api.order.OrderEvent.CompensationBegan;
import io.kontor.api.order.OrderEvent.ItemsReserved;
import io.kontor.api.order.OrderEvent.ItemsShipped;
import io.kontor.api.order.OrderEvent.OrderCancelled;
import io.kontor.api.order.OrderEvent.OrderConfirmed;
import io.kontor.api.order.OrderEvent.OrderPaid;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.api.order.OrderEvent.PaymentCaptured;
import io.kontor.api.order.OrderEvent.RetryRequested;
import io.kontor.api.order.OrderEvent.ShippingScheduled;
import io.kontor.api.order.OrderEvent.StepSettledByHand;
import io.kontor.api.order.OrderEvent.StepUndone;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderReferences;
import io.kontor.api.order.OrderStep;
import io.kontor.personaldata.SealedText;
import io.kontor.projections.ProjectedRows;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OrderProjectionTest {
  private static final UUID HOLD = UUID.randomUUID();
  private static final UUID SHIPMENT = UUID.randomUUID();

  private final ProjectedRows<OrderEvent> rows =
      new ProjectedRows<>(new OrderProjection(), OrderEvent::order);
  private final OrderId order = new OrderId(rows.tenant, UUID.randomUUID());
  private final AccountId account = new AccountId(rows.tenant, UUID.randomUUID());

  @BeforeEach
  void place() {
    rows.happen(
        new OrderPlaced(
            order,
            account,
            "cust-1",
            List.of(
                new OrderLine(new Sku("MUG-1"), 2, euro("12.50")),
                new OrderLine(new Sku("TEA-1"), 1, euro("5.00"))),
            euro("30.00"),
            SealedText.inTheClear("cust-1", "Main Street 1"),
            new OrderReferences(HOLD, UUID.randomUUID(), UUID.randomUUID(), SHIPMENT)));
  }

  @Test
  void aPlacedOrderHasItsLinesAndNothingDone() {
    assertThat(
            rows.only(
                CUSTOMER_ORDER,
                CUSTOMER_ORDER.ORDER_ID,
                CUSTOMER_ORDER.ACCOUNT_ID,
                CUSTOMER_ORDER.CUSTOMER,
                CUSTOMER_ORDER.TOTAL,
                CUSTOMER_ORDER.CURRENCY,
                CUSTOMER_ORDER.HOLD_ID,
                CUSTOMER_ORDER.SHIPMENT_ID,
                CUSTOMER_ORDER.PLACED_AT,
                CUSTOMER_ORDER.VERSION))
        .containsExactly(
            order.uuid(),
            account.uuid(),
            "cust-1",
            3_000L,
            "EUR",
            HOLD,
            SHIPMENT,
            ProjectedRows.START,
            0L);
    assertState("PLACED", "NONE", "NONE", "NONE");
    assertThat(
            rows.all(
                ORDER_LINE,
                ORDER_LINE.LINE,
                ORDER_LINE.SKU,
                ORDER_LINE.QUANTITY,
                ORDER_LINE.UNIT_PRICE))
        .containsExactly(List.of(1, "MUG-1", 2, 1_250L), List.of(2, "TEA-1", 1, 500L));
    assertTimeline(entry("PLACEMENT", "DONE", null));
  }

  @Nested
  class Forward {
    @Test
    void aPaidOrdersMoneyIsHeld() {
      rows.happen(new OrderPaid(order));
      assertState("PAID", "HELD", "NONE", "NONE");
    }

    @Test
    void aReservedOrdersItemsAreReserved() {
      rows.happen(new OrderPaid(order), new ItemsReserved(order));
      assertState("RESERVED", "HELD", "RESERVED", "NONE");
    }

    @Test
    void aBookedShipmentHasATrackingNumber() {
      reachShipping();
      assertState("SHIPPING", "HELD", "RESERVED", "SCHEDULED");
      assertThat(rows.only(CUSTOMER_ORDER, CUSTOMER_ORDER.TRACKING)).containsExactly("T-1");
    }

    @Test
    void aCapturedPaymentLeavesTheStatus() {
      reachShipping();
      rows.happen(new PaymentCaptured(order));
      assertState("SHIPPING", "CAPTURED", "RESERVED", "SCHEDULED");
    }

    @Test
    void aCompletedOrderShowsEachStepInItsTimeline() {
      reachShipping();
      rows.happen(new PaymentCaptured(order), new OrderConfirmed(order));
      assertState("CONFIRMED", "CAPTURED", "RESERVED", "SCHEDULED");
      rows.happen(new ItemsShipped(order));
      assertState("CONFIRMED", "CAPTURED", "SHIPPED", "SCHEDULED");
      assertTimeline(
          entry("PLACEMENT", "DONE", null),
          entry("PAYMENT", "DONE", null),
          entry("RESERVATION", "DONE", null),
          entry("SHIPPING", "DONE", "tracking T-1"),
          entry("CAPTURE", "DONE", null),
          entry("CONFIRMATION", "DONE", null),
          entry("HANDOVER", "DONE", null));
    }
  }

  @Nested
  class Compensation {
    @Test
    void beginsWithTheStepThatFailed() {
      rows.happen(
          new OrderPaid(order),
          new CompensationBegan(order, OrderStep.RESERVATION, "out of stock"));
      assertState("COMPENSATING", "HELD", "NONE", "NONE");
      assertLastEntry("RESERVATION", "FAILED", "out of stock");
    }

    @Test
    void beginsWithARequestWhenNoStepFailed() {
      rows.happen(new CompensationBegan(order, null, "changed my mind"));
      assertLastEntry("CANCELLATION", "REQUESTED", "changed my mind");
    }

    @Test
    void undoesWhatWasDone() {
      reachShipping();
      rows.happen(
          new PaymentCaptured(order),
          new CompensationBegan(order, OrderStep.CONFIRMATION, "lost"),
          new StepUndone(order, OrderStep.CAPTURE, true),
          new StepUndone(order, OrderStep.SHIPPING, true),
          new StepUndone(order, OrderStep.RESERVATION, true));
      assertState("COMPENSATING", "REFUNDED", "RELEASED", "CANCELLED");
      assertLastEntry("RESERVATION", "UNDONE", null);
    }

    @Test
    void releasesTheHoldWhenNothingWasCaptured() {
      rows.happen(
          new OrderPaid(order),
          new CompensationBegan(order, OrderStep.RESERVATION, "out of stock"),
          new StepUndone(order, OrderStep.PAYMENT, true));
      assertState("COMPENSATING", "RELEASED", "NONE", "NONE");
    }

    @Test
    void leavesWhatWasNotDone() {
      rows.happen(
          new CompensationBegan(order, OrderStep.PAYMENT, "no money"),
          new StepUndone(order, OrderStep.RESERVATION, false));
      assertState("COMPENSATING", "NONE", "NONE", "NONE");
      assertLastEntry("RESERVATION", "UNDONE", "there was nothing to undo");
    }

    @Test
    void endsWithACancelledOrder() {
      rows.happen(
          new CompensationBegan(order, OrderStep.PAYMENT, "no money"),
          new OrderCancelled(order, "no money"));
      assertState("CANCELLED", "NONE", "NONE", "NONE");
      assertLastEntry("CANCELLATION", "DONE", "no money");
    }
  }

  @Nested
  class AnOperatorsDecision {
    @Test
    void isNeededWhenAStepCanNeitherBeDoneNorUndone() {
      rows.happen(new AttentionNeeded(order, OrderStep.SHIPPING, "carrier silent"));
      assertState("NEEDS_ATTENTION", "NONE", "NONE", "NONE");
      assertLastEntry("SHIPPING", "NEEDS_ATTENTION", "carrier silent");
    }

    @Test
    void toRetryAStepResumesTheCompensation() {
      rows.happen(
          new AttentionNeeded(order, OrderStep.SHIPPING, "carrier silent"),
          new RetryRequested(order, OrderStep.SHIPPING, "carrier is back"));
      assertState("COMPENSATING", "NONE", "NONE", "NONE");
      assertLastEntry("SHIPPING", "RETRIED", "carrier is back");
    }

    @Test
    void toRetryTheHandoverResumesAConfirmedOrder() {
      rows.happen(
          new AttentionNeeded(order, OrderStep.HANDOVER, "stock is missing"),
          new RetryRequested(order, OrderStep.HANDOVER, null));
      assertState("CONFIRMED", "NONE", "NONE", "NONE");
    }

    @Test
    void toRetryTheWholeProcessLeavesTheStatus() {
      rows.happen(new OrderPaid(order), new RetryRequested(order, null, null));
      assertState("PAID", "HELD", "NONE", "NONE");
      assertLastEntry("PROCESS", "RETRIED", null);
    }

    @Test
    void toSettleAStepByHandResumesTheCompensation() {
      rows.happen(
          new AttentionNeeded(order, OrderStep.SHIPPING, "carrier silent"),
          new StepSettledByHand(order, OrderStep.SHIPPING, "by phone"));
      assertState("COMPENSATING", "NONE", "NONE", "NONE");
      assertLastEntry("SHIPPING", "SETTLED_BY_HAND", "by phone");
    }
  }

  private void reachShipping() {
    rows.happen(
        new OrderPaid(order), new ItemsReserved(order), new ShippingScheduled(order, "T-1"));
  }

  private void assertState(String status, String payment, String reservation, String shipment) {
    assertThat(
            rows.only(
                CUSTOMER_ORDER,
                CUSTOMER_ORDER.STATUS,
                CUSTOMER_ORDER.PAYMENT_STATUS,
                CUSTOMER_ORDER.RESERVATION_STATUS,
                CUSTOMER_ORDER.SHIPMENT_STATUS))
        .containsExactly(status, payment, reservation, shipment);
  }

  private void assertTimeline(Object... entries) {
    assertThat(timeline()).isEqualTo(Arrays.asList(entries));
  }

  private void assertLastEntry(String step, String outcome, String detail) {
    assertThat(timeline()).last().isEqualTo(entry(step, outcome, detail));
  }

  private List<List<Object>> timeline() {
    return rows.all(
        ORDER_HAPPENING, ORDER_HAPPENING.STEP, ORDER_HAPPENING.OUTCOME, ORDER_HAPPENING.DETAIL);
  }

  private static List<Object> entry(String step, String outcome, String detail) {
    return Arrays.asList(step, outcome, detail);
  }

  private static Money euro(String amount) {
    return Money.of(amount, "EUR");
  }
}
