package io.kontor.command.order;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderCommand;
import io.kontor.api.order.OrderCommand.AbandonOrder;
import io.kontor.api.order.OrderCommand.CancelOrder;
import io.kontor.api.order.OrderCommand.CloseOrder;
import io.kontor.api.order.OrderCommand.CompensateOrder;
import io.kontor.api.order.OrderCommand.ConfirmOrder;
import io.kontor.api.order.OrderCommand.FlagForManualReview;
import io.kontor.api.order.OrderCommand.PlaceOrder;
import io.kontor.api.order.OrderCommand.RecordStep;
import io.kontor.api.order.OrderCommand.RecordUndo;
import io.kontor.api.order.OrderCommand.RetryOrder;
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
import io.kontor.api.order.OrderResult;
import io.kontor.api.order.OrderStatus;
import io.kontor.api.order.OrderStep;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class OrderTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final OrderId ID = new OrderId(ACME, new UUID(7, 1));
  private static final AccountId ACCOUNT = new AccountId(ACME, new UUID(7, 2));
  private static final Currency EUR = Currency.getInstance("EUR");
  private static final List<OrderLine> LINES =
      List.of(
          new OrderLine(new Sku("MUG-1"), 2, Money.of("9.90", "EUR")),
          new OrderLine(new Sku("POT-1"), 1, Money.of("30.00", "EUR")));
  private static final SealedText HOME = SealedText.inTheClear("cust-42", "Street 1, Berlin");
  private static final OrderReferences REFERENCES =
      new OrderReferences(new UUID(8, 1), new UUID(8, 2), new UUID(8, 3), new UUID(8, 4));
  private static final List<OrderEvent> CAPTURED =
      List.of(
          placed(),
          new OrderPaid(ID),
          new ItemsReserved(ID),
          new ShippingScheduled(ID, "T1"),
          new PaymentCaptured(ID));
  private static final CompensationBegan UNWANTED = new CompensationBegan(ID, null, "too late");

  private final AggregateTestFixture<Order> fixture = new AggregateTestFixture<>(Order.class);

  @Nested
  class Placing {
    @Test
    void anOrderIsPlacedWithItsTotal() {
      fixture
          .givenNoPriorActivity()
          .when(place(LINES))
          .expectEvents(placed())
          .expectResultMessagePayload(new OrderResult(ID.uuid(), OrderStatus.PLACED, 0));
    }

    @Test
    void anOrderNamesEachSkuOnce() {
      List<OrderLine> twice = List.of(LINES.getFirst(), LINES.getFirst());
      assertThatThrownBy(() -> place(twice)).hasMessageStartingWith("items:");
    }

    @Test
    void anItemPricedInAnotherCurrencyThanTheAccountsIsRejected() {
      var line = new OrderLine(new Sku("TEA-1"), 1, Money.of("1.00", "USD"));
      rejects(
          List.of(),
          place(List.of(LINES.getFirst(), line)),
          new Rejection.CurrencyMismatch(ACCOUNT, EUR, Currency.getInstance("USD")));
    }

    @Test
    void aTotalThatNoAccountCanHoldIsRejected() {
      Money half = new Money(Long.MAX_VALUE / 2 + 1, EUR);
      var one = new OrderLine(new Sku("GEM-1"), 1, half);
      var other = new OrderLine(new Sku("GEM-2"), 1, half);
      rejects(List.of(), place(List.of(one, other)), new Rejection.OrderTotalOutOfRange());
      rejects(
          List.of(),
          place(List.of(new OrderLine(new Sku("GEM-1"), 2, half))),
          new Rejection.OrderTotalOutOfRange());
    }
  }

  @Nested
  class RecordingAStep {
    @Test
    void aStepIsRecordedOnce() {
      happens(List.of(placed()), new RecordStep(ID, OrderStep.PAYMENT, null), new OrderPaid(ID));
      happens(List.of(placed(), new OrderPaid(ID)), new RecordStep(ID, OrderStep.PAYMENT, null));
    }
  }

  @Nested
  class Cancelling {
    @Test
    void anOrderThatTurnedBackIsNotConfirmed() {
      happens(CAPTURED, new CancelOrder(ID, "too late", null), UNWANTED);
      rejects(
          with(CAPTURED, UNWANTED), new ConfirmOrder(ID), new Rejection.OrderTurnedBack(ID.uuid()));
      rejects(
          with(List.of(placed()), UNWANTED),
          new RecordStep(ID, OrderStep.PAYMENT, null),
          new Rejection.OrderTurnedBack(ID.uuid()));
    }

    @Test
    void aConfirmedOrderIsNotCancelled() {
      happens(CAPTURED, new ConfirmOrder(ID), new OrderConfirmed(ID));
      List<OrderEvent> scheduled = CAPTURED.subList(0, CAPTURED.size() - 1);
      happens(scheduled, new ConfirmOrder(ID), new PaymentCaptured(ID), new OrderConfirmed(ID));
      List<OrderEvent> confirmed = with(CAPTURED, new OrderConfirmed(ID));
      happens(confirmed, new ConfirmOrder(ID));
      var reason = new Rejection.OrderConfirmed(ID.uuid());
      rejects(confirmed, new CancelOrder(ID, "too late", null), reason);
      rejects(confirmed, new AbandonOrder(ID, OrderStep.CAPTURE, "late failure"), reason);
      rejects(confirmed, new CompensateOrder(ID, null), reason);
    }

    @Test
    void aCustomerCancelsOwnOrdersOnly() {
      happens(List.of(placed()), new CancelOrder(ID, "too late", "cust-42"), UNWANTED);
      rejects(
          List.of(placed()),
          new CancelOrder(ID, "too late", "cust-43"),
          new Rejection.Unknown("order"));
    }

    @Test
    void anOrderTurnsBackOnce() {
      happens(
          List.of(placed()),
          new AbandonOrder(ID, OrderStep.PAYMENT, "no money"),
          new CompensationBegan(ID, OrderStep.PAYMENT, "no money"));
      happens(with(CAPTURED, UNWANTED), new CancelOrder(ID, "again", null));
    }
  }

  @Nested
  class UndoingSteps {
    @Test
    void aStepIsUndoneOnceAndTheEventSaysWhetherItWasDone() {
      List<OrderEvent> turnedBack = with(CAPTURED, UNWANTED);
      var refunded = new StepUndone(ID, OrderStep.CAPTURE, true);
      happens(turnedBack, new RecordUndo(ID, OrderStep.CAPTURE), refunded);
      happens(with(turnedBack, refunded), new RecordUndo(ID, OrderStep.CAPTURE));
      happens(
          with(turnedBack, refunded),
          new RecordUndo(ID, OrderStep.PAYMENT),
          new StepUndone(ID, OrderStep.PAYMENT, false));
    }

    @Test
    void anOrderIsCancelledWhenAllStepsAreUndone() {
      happens(
          with(List.of(placed()), UNWANTED),
          new CloseOrder(ID),
          new OrderCancelled(ID, "too late"));
      happens(
          with(List.of(placed()), UNWANTED, new OrderCancelled(ID, "too late")),
          new CloseOrder(ID));
    }
  }

  @Nested
  class RecoveringByAnOperator {
    @Test
    void aStepThatNeedsAttentionIsRetriedOrSettledByHand() {
      var needed = new AttentionNeeded(ID, OrderStep.SHIPPING, "on its way");
      List<OrderEvent> stuck = with(CAPTURED, UNWANTED, needed);
      happens(
          with(CAPTURED, UNWANTED),
          new FlagForManualReview(ID, OrderStep.SHIPPING, "on its way"),
          needed);
      happens(
          stuck,
          new RetryOrder(ID, "it answers"),
          new RetryRequested(ID, OrderStep.SHIPPING, "it answers"));
      happens(
          stuck,
          new CompensateOrder(ID, "by phone"),
          new StepSettledByHand(ID, OrderStep.SHIPPING, "by phone"));
    }

    @Test
    void anOrderThatHasEndedIsNotResumed() {
      var reason = new Rejection.NothingToResume(ID.uuid());
      rejects(
          with(CAPTURED, new OrderConfirmed(ID), new ItemsShipped(ID)),
          new RetryOrder(ID, null),
          reason);
      List<OrderEvent> cancelled =
          with(List.of(placed()), UNWANTED, new OrderCancelled(ID, "too late"));
      rejects(cancelled, new RetryOrder(ID, null), reason);
      rejects(cancelled, new CompensateOrder(ID, null), reason);
    }
  }

  private static PlaceOrder place(List<OrderLine> lines) {
    return new PlaceOrder(ID, ACCOUNT, "cust-42", EUR, lines, HOME, REFERENCES);
  }

  private void happens(List<OrderEvent> history, OrderCommand command, OrderEvent... events) {
    fixture
        .given(history)
        .when(command)
        .expectSuccessfulHandlerExecution()
        .expectEvents((Object[]) events);
  }

  private void rejects(List<OrderEvent> history, OrderCommand command, Rejection reason) {
    fixture
        .given(history)
        .when(command)
        .expectException(RejectedException.class)
        .expectExceptionDetails(reason)
        .expectNoEvents();
  }

  private static List<OrderEvent> with(List<OrderEvent> history, OrderEvent... more) {
    List<OrderEvent> all = new ArrayList<>(history);
    all.addAll(List.of(more));
    return all;
  }

  private static OrderPlaced placed() {
    return new OrderPlaced(
        ID, ACCOUNT, "cust-42", LINES, Money.of("49.80", "EUR"), HOME, REFERENCES);
  }
}
