package io.kontor.sagas.order;

import static io.kontor.api.order.OrderStep.CAPTURE;
import static io.kontor.api.order.OrderStep.CONFIRMATION;
import static io.kontor.api.order.OrderStep.HANDOVER;
import static io.kontor.api.order.OrderStep.PAYMENT;
import static io.kontor.api.order.OrderStep.RESERVATION;
import static io.kontor.api.order.OrderStep.SHIPPING;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.CancelHold;
import io.kontor.api.account.AccountCommand.CaptureHold;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountCommand.RefundCapture;
import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.InventoryCommand.ReleaseStock;
import io.kontor.api.inventory.InventoryCommand.ReserveStock;
import io.kontor.api.inventory.InventoryCommand.ShipStock;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.ItemsCommand.ReleaseItems;
import io.kontor.api.inventory.ItemsCommand.ReserveItems;
import io.kontor.api.inventory.ItemsCommand.ShipItems;
import io.kontor.api.inventory.Sku;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderCommand;
import io.kontor.api.order.OrderCommand.AbandonOrder;
import io.kontor.api.order.OrderCommand.CloseOrder;
import io.kontor.api.order.OrderCommand.ConfirmOrder;
import io.kontor.api.order.OrderCommand.FlagForManualReview;
import io.kontor.api.order.OrderCommand.RecordStep;
import io.kontor.api.order.OrderCommand.RecordUndo;
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
import io.kontor.api.shipment.ShipmentCommand.CancelShipment;
import io.kontor.api.shipment.ShipmentCommand.RequestShipment;
import io.kontor.api.shipment.ShipmentEvent.CancellationRefused;
import io.kontor.api.shipment.ShipmentEvent.CarrierFailed;
import io.kontor.api.shipment.ShipmentEvent.ShipmentCancelled;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRefused;
import io.kontor.api.shipment.ShipmentEvent.ShipmentScheduled;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each step and each compensation with every outcome. Each step is looked at alone: the order takes
 * no result, as when it has moved on meanwhile, and its events lead from step to step. {@link
 * StepAfterStep} is about an order that takes them.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("fast")
class OrderSagaTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final OrderId ORDER = new OrderId(ACME, new UUID(7, 1));
  private static final AccountId ACCOUNT = new AccountId(ACME, new UUID(7, 2));
  private static final OrderLine MUGS = new OrderLine(new Sku("MUG-1"), 2, Money.of("9.90", "EUR"));
  private static final OrderLine POT = new OrderLine(new Sku("POT-1"), 1, Money.of("30.00", "EUR"));
  private static final InventoryItemId MUG = InventoryItemId.of(ACME, MUGS.sku());
  private static final InventoryItemId POTS = InventoryItemId.of(ACME, POT.sku());
  private static final UUID REFERENCE = ORDER.uuid();
  private static final UUID HOLD = new UUID(8, 1);
  private static final UUID ENTRY = new UUID(8, 2);
  private static final UUID REFUND = new UUID(8, 3);
  private static final RefundCapture REFUNDED = new RefundCapture(ACCOUNT, HOLD, REFUND);
  private static final ShipmentId SHIPMENT = new ShipmentId(ACME, new UUID(8, 4));
  private static final Money TOTAL = Money.of("49.80", "EUR");
  private static final SealedText HOME = SealedText.inTheClear("cust-42", "Street 1, Berlin");
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final Rejection NO = new Rejection.AccountFrozen(ACCOUNT);
  private static final OrderSagaProperties PROPERTIES =
      new OrderSagaProperties(
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          Duration.ofDays(7),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          6,
          10);

  private final Parties parties = new Parties();
  private final OrderSagaFixture fixture =
      new OrderSagaFixture(ORDER, NOON, PROPERTIES, parties::answer);

  @Nested
  class SuccessfulStep {
    @ParameterizedTest
    @EnumSource(OrderStep.class)
    void sendsItsCommandsAndIsRecorded(OrderStep step) {
      reaching(step).expectCommands(all(asked(step), recorded(step)));
    }

    @Test
    void shippingIsRecordedWithItsTrackingWhenTheCarrierHasBooked() {
      after(SHIPPING)
          .publish(new ShipmentScheduled(SHIPMENT, REFERENCE, "T1"))
          .expectCommands(new RecordStep(ORDER, SHIPPING, "T1"));
    }

    @Test
    void theSagaEndsWhenTheItemsAreShipped() {
      after(HANDOVER).publish(new ItemsShipped(ORDER)).expectItsEnd().expectNoCommands();
    }
  }

  @Nested
  class StepAfterStep {
    @BeforeEach
    void theOrderTakesEachResult() {
      parties.recorded = true;
    }

    @Test
    void beginsUntilTheCarrierHasToAnswer() {
      fixture
          .publish(leadingTo(PAYMENT))
          .expectCommands(
              commands(
                  asked(PAYMENT),
                  recorded(PAYMENT),
                  asked(RESERVATION),
                  recorded(RESERVATION),
                  asked(SHIPPING)))
          .expectThatItGoesOn();
    }

    @Test
    void endsTheSagaOnceTheCarrierHasBooked() {
      fixture
          .publish(leadingTo(PAYMENT))
          .publish(new ShipmentScheduled(SHIPMENT, REFERENCE, "T1"))
          .expectCommands(
              commands(
                  List.of(new RecordStep(ORDER, SHIPPING, "T1")),
                  asked(CAPTURE),
                  recorded(CAPTURE),
                  asked(HANDOVER),
                  recorded(HANDOVER)))
          .expectItsEnd();
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        names = {"RESERVATION", "SHIPPING"})
    void theEventOfAStepThatWasBegunAlreadyIsIgnored(OrderStep step) {
      fixture.publish(leadingTo(PAYMENT)).publish(leadingTo(step)).expectNoCommands();
    }

    @Test
    void stopsWhereTheOrderHasTurnedBack() {
      parties.refuse(RecordStep.class, new Rejection.OrderTurnedBack(REFERENCE));
      fixture
          .publish(leadingTo(PAYMENT))
          .expectCommands(commands(asked(PAYMENT), recorded(PAYMENT)))
          .publish(unwanted())
          .expectCommands(commands(undo(PAYMENT), undone(PAYMENT)));
    }

    @Test
    void undoesACaptureThatTheOrderTookNoMore() {
      fixture.publish(leadingTo(PAYMENT));
      parties.refuse(ConfirmOrder.class, new Rejection.OrderTurnedBack(REFERENCE));
      fixture
          .publish(new ShipmentScheduled(SHIPMENT, REFERENCE, "T1"))
          .publish(unwanted())
          .expectCommands(commands(undo(CAPTURE), undone(CAPTURE)));
    }

    @Test
    void goesOnAfterAPauseWhereAPartyFailed() {
      parties.failures = 1;
      fixture.publish(leadingTo(PAYMENT)).expectCommands(asked(PAYMENT).toArray());
      fixture
          .elapse(Duration.ofSeconds(1))
          .expectCommands(
              commands(
                  asked(PAYMENT),
                  recorded(PAYMENT),
                  asked(RESERVATION),
                  recorded(RESERVATION),
                  asked(SHIPPING)));
    }

    private static Object[] commands(List<?>... parts) {
      return Stream.of(parts).flatMap(List::stream).toArray();
    }
  }

  @Nested
  class FailedStep {
    @ParameterizedTest
    @EnumSource(value = OrderStep.class, mode = Mode.EXCLUDE, names = "CONFIRMATION")
    void isAbandonedAtOnceWhenRejected(OrderStep step) {
      parties.refuse = NO;
      reaching(step)
          .expectCommands(all(asked(step), List.of(givenUp(step, NO.detail()))))
          .expectNoWait();
    }

    @Test
    void shippingIsAbandonedWhenTheCarrierRefuses() {
      after(SHIPPING)
          .publish(new ShipmentRefused(SHIPMENT, REFERENCE, "no service"))
          .expectCommands(givenUp(SHIPPING, "no service"))
          .expectNoWait();
    }

    @ParameterizedTest
    @EnumSource(value = OrderStep.class, mode = Mode.EXCLUDE, names = "CONFIRMATION")
    void isRetriedAfterPauses(OrderStep step) {
      parties.failures = 2 * asked(step).size();
      after(step)
          .elapse(Duration.ofSeconds(1))
          .elapse(Duration.ofSeconds(2))
          .expectCommands(all(asked(step), recorded(step)));
    }

    @ParameterizedTest
    @EnumSource(value = OrderStep.class, mode = Mode.EXCLUDE, names = "CONFIRMATION")
    void isAbandonedAfterTheGreatestNumberOfAttempts(OrderStep step) {
      parties.failures = Integer.MAX_VALUE;
      var given = after(step);
      for (int pause : List.of(1, 2, 4, 8)) {
        given = given.elapse(Duration.ofSeconds(pause));
      }
      given
          .elapse(Duration.ofSeconds(16))
          .expectCommands(all(asked(step), List.of(givenUp(step, "out of order"))))
          .expectNoWait();
    }

    @Test
    void shippingIsAbandonedAtItsDeadlineWhileTheCarrierFails() {
      var given = after(SHIPPING);
      for (int i = 0; i < 20; i++) {
        given = given.publish(new CarrierFailed(SHIPMENT, REFERENCE, "the circuit is open"));
      }
      given
          .elapse(Duration.ofMinutes(9))
          .elapse(Duration.ofMinutes(1))
          .expectCommands(givenUp(SHIPPING, "the circuit is open"));
    }

    @Test
    void shippingIsAbandonedAtItsDeadlineWithoutAResponse() {
      after(SHIPPING)
          .elapse(Duration.ofMinutes(10))
          .expectCommands(givenUp(SHIPPING, "no answer in time"));
    }

    @ParameterizedTest
    @EnumSource(OrderStep.class)
    void isBegunOnce(OrderStep step) {
      after(step).publish(leadingTo(step)).expectNoCommands().expectThatItGoesOn();
    }

    @Test
    void aRepeatedBookingIsIgnoredOnceShippingIsOver() {
      var booked = new ShipmentScheduled(SHIPMENT, REFERENCE, "T1");
      after(SHIPPING)
          .publish(booked)
          .publish(new ShippingScheduled(ORDER, "T1"))
          .publish(booked)
          .expectNoCommands();
    }

    @ParameterizedTest
    @EnumSource(value = OrderStep.class, mode = Mode.EXCLUDE, names = "PAYMENT")
    void doesNotBeginOnceCompensationHasBegun(OrderStep step) {
      after(before(step)).publish(unwanted()).publish(leadingTo(step)).expectNoCommands();
    }

    @Test
    void aBookingIsNotRecordedOnceCompensationHasBegun() {
      after(SHIPPING)
          .publish(unwanted())
          .publish(new ShipmentScheduled(SHIPMENT, REFERENCE, "T1"))
          .expectNoCommands();
    }

    @Test
    void anOutdatedDeadlineIsIgnored() {
      after(SHIPPING)
          .publish(new ShippingScheduled(ORDER, "T1"))
          .elapse(Duration.ofMinutes(11))
          .expectNoCommands();
    }

    @Test
    void aCommandThatCantBeSentIsAFailure() {
      parties.error = new StackOverflowError();
      reaching(PAYMENT).expectCommands(asked(PAYMENT).toArray());
      parties.error = null;
      fixture.elapse(Duration.ofSeconds(1)).expectCommands(all(asked(PAYMENT), recorded(PAYMENT)));
    }
  }

  @Nested
  class Compensation {
    @ParameterizedTest
    @EnumSource(value = OrderStep.class, mode = Mode.EXCLUDE, names = "HANDOVER")
    void undoesEachBegunStepTheLastOneFirst(OrderStep last) {
      List<OrderStep> begun = undoable(last);
      after(last)
          .publish(unwanted())
          .expectCommands(
              all(
                  last == CONFIRMATION ? List.of(REFUNDED) : undo(begun.getFirst()),
                  undone(begun.getFirst())));
      for (int i = 0; i < begun.size(); i++) {
        var result = fixture.publish(new StepUndone(ORDER, begun.get(i), true));
        if (i + 1 < begun.size()) {
          OrderStep next = begun.get(i + 1);
          result.expectCommands(all(undo(next), undone(next)));
        } else {
          result.expectCommands(new CloseOrder(ORDER));
        }
      }
    }

    @Test
    void theSagaEndsWhenTheOrderIsCancelled() {
      undoing(PAYMENT)
          .publish(new StepUndone(ORDER, PAYMENT, true))
          .publish(new OrderCancelled(ORDER, "unwanted"))
          .expectItsEnd()
          .expectNoCommands();
    }

    @Test
    void isRecordedForShippingWhenTheCarrierHasCancelled() {
      undoing(SHIPPING)
          .publish(new ShipmentCancelled(SHIPMENT, REFERENCE))
          .expectCommands(new RecordUndo(ORDER, SHIPPING));
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"CONFIRMATION", "HANDOVER"})
    void needsAPersonWhenRejected(OrderStep step) {
      parties.refuse = NO;
      turningBack(step)
          .expectCommands(
              all(failedUndo(step), List.of(new FlagForManualReview(ORDER, step, NO.detail()))))
          .expectNoWait();
    }

    @Test
    void needsAPersonWhenTheCarrierRefusesToCancel() {
      undoing(SHIPPING)
          .publish(new CancellationRefused(SHIPMENT, REFERENCE, "on its way"))
          .expectCommands(new FlagForManualReview(ORDER, SHIPPING, "on its way"))
          .expectNoWait();
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"CONFIRMATION", "HANDOVER"})
    void isRetriedAfterPauses(OrderStep step) {
      parties.failures = 2 * failedUndo(step).size();
      undoing(step)
          .elapse(Duration.ofSeconds(1))
          .elapse(Duration.ofSeconds(2))
          .expectCommands(all(undo(step), undone(step)));
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"CONFIRMATION", "HANDOVER"})
    void needsAPersonWhoRetriesOrSettlesItAfterTheGreatestNumberOfAttempts(OrderStep step) {
      parties.failures = Integer.MAX_VALUE;
      var given = undoing(step);
      for (int pause : List.of(1, 2, 4, 8)) {
        given = given.elapse(Duration.ofSeconds(pause));
      }
      given
          .elapse(Duration.ofSeconds(16))
          .expectCommands(
              all(failedUndo(step), List.of(new FlagForManualReview(ORDER, step, "out of order"))))
          .expectNoWait();
      parties.failures = 0;
      fixture.publish(new AttentionNeeded(ORDER, step, "out of order"));
      fixture
          .publish(new RetryRequested(ORDER, step, null))
          .expectCommands(all(undo(step), undone(step)));
      var settled = fixture.publish(new StepSettledByHand(ORDER, step, null));
      if (step == PAYMENT) {
        settled.expectCommands(new CloseOrder(ORDER));
      } else {
        OrderStep next = undoable(before(step)).getFirst();
        settled.expectCommands(all(undo(next), undone(next)));
      }
    }

    @Test
    void needsAPersonUntilTheCarrierRespondsAfterAll() {
      undoing(SHIPPING)
          .elapse(Duration.ofMinutes(10))
          .expectCommands(new FlagForManualReview(ORDER, SHIPPING, "no answer in time"));
      fixture
          .publish(new ShipmentCancelled(SHIPMENT, REFERENCE))
          .expectCommands(new RecordUndo(ORDER, SHIPPING));
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"CONFIRMATION", "HANDOVER"})
    void aRepeatedEventUndoesTheNextStepOnce(OrderStep step) {
      undoing(step)
          .publish(new StepUndone(ORDER, step, true))
          .publish(new StepUndone(ORDER, step, true))
          .expectNoCommands();
    }

    @Test
    void needsNoRefundOfAHoldThatWasNotCaptured() {
      parties.refuse(RefundCapture.class, new Rejection.NothingCaptured(ACCOUNT, HOLD));
      turningBack(CAPTURE).expectCommands(all(undo(CAPTURE), undone(CAPTURE)));
    }

    static Stream<Rejection> uncertain() {
      return Stream.of(
          new Rejection.Unknown("capture"),
          new Rejection.Unknown("account"),
          new Rejection.ReferenceTooOld("hold", HOLD));
    }

    /** The money may be captured: the customer would have paid for a cancelled order. */
    @ParameterizedTest
    @MethodSource("uncertain")
    void needsAPersonWhenTheCaptureIsUncertain(Rejection uncertain) {
      parties.refuse(RefundCapture.class, uncertain);
      turningBack(CAPTURE)
          .expectCommands(
              all(
                  undo(CAPTURE),
                  List.of(new FlagForManualReview(ORDER, CAPTURE, uncertain.detail()))));
    }

    @Test
    void needsAPersonWhenTheAccountDoesNotKnowARecordedCapture() {
      var confirming = after(CONFIRMATION);
      parties.refuse = new Rejection.NothingCaptured(ACCOUNT, HOLD);
      confirming
          .publish(unwanted())
          .expectCommands(
              REFUNDED, new FlagForManualReview(ORDER, CAPTURE, parties.refuse.detail()));
    }
  }

  @Nested
  class ResultThatTheOrderCantRecord {
    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"SHIPPING", "CONFIRMATION"})
    void isRecordedAfterPauses(OrderStep step) {
      parties.unrecordable = 2;
      after(step)
          .elapse(Duration.ofSeconds(1))
          .elapse(Duration.ofSeconds(2))
          .expectCommands(recorded(step).toArray())
          .expectNoWait();
    }

    @Test
    void keepsTheCarriersTrackingUntilItIsRecorded() {
      var given = after(SHIPPING);
      parties.unrecordable = 1;
      given
          .publish(new ShipmentScheduled(SHIPMENT, REFERENCE, "T\u00001"))
          .elapse(Duration.ofSeconds(1))
          .expectCommands(new RecordStep(ORDER, SHIPPING, "T 1"));
    }

    @Test
    void isRecordedPastTheDeadlineOnceTheOrderTakesIt() {
      parties.unrecordable = Integer.MAX_VALUE;
      var given = after(PAYMENT);
      for (int pause : List.of(1, 2, 4, 8, 16, 30)) {
        given = given.elapse(Duration.ofSeconds(pause));
      }
      given.elapse(Duration.ofSeconds(30)).expectThatItGoesOn();
      fixture.elapse(Duration.ofSeconds(30)).expectCommands(recorded(PAYMENT).toArray());
      parties.unrecordable = 0;
      fixture
          .elapse(Duration.ofSeconds(30))
          .expectCommands(recorded(PAYMENT).toArray())
          .expectNoWait();
    }
  }

  /** The event that begins the step was published. */
  private OrderSagaFixture reaching(OrderStep step) {
    boolean isFirst = step == PAYMENT;
    Parties.Switches switched = parties.off();
    OrderSagaFixture given = isFirst ? fixture : after(before(step));
    parties.on(switched);
    return given.publish(leadingTo(step), Map.of(MessageMetadata.CORRELATION_ID, "c1"));
  }

  /** The step was begun; the configured outcomes apply to this step only. */
  private OrderSagaFixture after(OrderStep step) {
    Parties.Switches switched = parties.off();
    for (OrderStep reached : OrderStep.values()) {
      if (reached.compareTo(step) <= 0) {
        if (reached == step) {
          parties.on(switched);
        }
        fixture.publish(leadingTo(reached), Map.of(MessageMetadata.CORRELATION_ID, "c1"));
      }
    }
    return fixture;
  }

  /** The compensation of the step was begun as the most recent one. */
  private OrderSagaFixture undoing(OrderStep step) {
    Parties.Switches switched = parties.off();
    OrderSagaFixture given = after(step);
    parties.on(switched);
    return given.publish(unwanted());
  }

  private OrderSagaFixture turningBack(OrderStep step) {
    Parties.Switches switched = parties.off();
    OrderSagaFixture given = after(step);
    parties.on(switched);
    return given.publish(unwanted());
  }

  private static List<OrderStep> undoable(OrderStep last) {
    List<OrderStep> begun = new ArrayList<>();
    for (OrderStep step : List.of(CAPTURE, SHIPPING, RESERVATION, PAYMENT)) {
      if (step.compareTo(last) <= 0) {
        begun.add(step);
      }
    }
    return begun;
  }

  private static OrderStep before(OrderStep step) {
    List<OrderStep> all = List.of(OrderStep.values());
    return all.get(all.indexOf(step) - 1);
  }

  private static OrderEvent leadingTo(OrderStep step) {
    return switch (step) {
      case PAYMENT ->
          new OrderPlaced(
              ORDER,
              ACCOUNT,
              "cust-42",
              List.of(MUGS, POT),
              TOTAL,
              HOME,
              new OrderReferences(HOLD, ENTRY, REFUND, SHIPMENT.uuid()));
      case RESERVATION -> new OrderPaid(ORDER);
      case SHIPPING -> new ItemsReserved(ORDER);
      case CAPTURE -> new ShippingScheduled(ORDER, "T1");
      case CONFIRMATION -> new PaymentCaptured(ORDER);
      case HANDOVER -> new OrderConfirmed(ORDER);
    };
  }

  private static List<?> asked(OrderStep step) {
    return switch (step) {
      case PAYMENT ->
          List.of(
              new PlaceHold(
                  ACCOUNT, HOLD, TOTAL, "order " + REFERENCE, NOON.plus(Duration.ofDays(7))));
      case RESERVATION ->
          List.of(
              new ReserveItems(
                  List.of(
                      new ReserveStock(MUG, REFERENCE, 2), new ReserveStock(POTS, REFERENCE, 1))));
      case SHIPPING -> List.of(new RequestShipment(SHIPMENT, REFERENCE, HOME));
      case CAPTURE -> List.of(new CaptureHold(ACCOUNT, HOLD, ENTRY, null));
      case CONFIRMATION -> List.of();
      case HANDOVER ->
          List.of(
              new ShipItems(
                  List.of(new ShipStock(MUG, REFERENCE), new ShipStock(POTS, REFERENCE))));
    };
  }

  /** The command that records an immediate success in the order. */
  private static List<?> recorded(OrderStep step) {
    return switch (step) {
      case SHIPPING -> List.of();
      case CAPTURE, CONFIRMATION -> List.of(new ConfirmOrder(ORDER));
      case PAYMENT, RESERVATION, HANDOVER -> List.of(new RecordStep(ORDER, step, null));
    };
  }

  private static List<?> undo(OrderStep step) {
    return switch (step) {
      case PAYMENT -> List.of(new CancelHold(ACCOUNT, HOLD));
      case RESERVATION ->
          List.of(
              new ReleaseItems(
                  List.of(new ReleaseStock(MUG, REFERENCE), new ReleaseStock(POTS, REFERENCE))));
      case SHIPPING -> List.of(new CancelShipment(SHIPMENT, REFERENCE));
      case CAPTURE -> List.of(new CancelHold(ACCOUNT, HOLD), REFUNDED);
      case CONFIRMATION, HANDOVER -> List.of();
    };
  }

  /** The commands sent when the first one fails. */
  private static List<?> failedUndo(OrderStep step) {
    return step == CAPTURE ? undo(step).subList(0, 1) : undo(step);
  }

  private static List<?> undone(OrderStep step) {
    return step == SHIPPING ? List.of() : List.of(new RecordUndo(ORDER, step));
  }

  private static OrderCommand givenUp(OrderStep step, String reason) {
    return step == HANDOVER
        ? new FlagForManualReview(ORDER, step, reason)
        : new AbandonOrder(ORDER, step, reason);
  }

  private static CompensationBegan unwanted() {
    return new CompensationBegan(ORDER, null, "unwanted");
  }

  private static Object[] all(List<?> first, List<?> second) {
    List<Object> all = new ArrayList<>(first);
    all.addAll(second);
    return all.toArray();
  }

  /** Simulates the account, the stock, the shipment and the order. */
  private static final class Parties {
    /** Whether the order takes results; if not, its events lead on. */
    private boolean recorded;

    private Rejection refuse;
    private Class<?> refused = Object.class;
    private int failures;
    private int unrecordable;
    private Error error;

    record Switches(Rejection refuse, int failures, int unrecordable, Error error) {}

    void refuse(Class<?> command, Rejection reason) {
      refused = command;
      refuse = reason;
    }

    Switches off() {
      var switched = new Switches(refuse, failures, unrecordable, error);
      on(new Switches(null, 0, 0, null));
      return switched;
    }

    void on(Switches switched) {
      refuse = switched.refuse();
      failures = switched.failures();
      unrecordable = switched.unrecordable();
      error = switched.error();
    }

    Object answer(Object command) {
      if (command instanceof OrderCommand) {
        if (unrecordable > 0) {
          unrecordable--;
          throw new IllegalStateException("the order's stream is broken");
        }
        if (!recorded || (refused.isInstance(command) && refused != Object.class)) {
          throw new RejectedException(new Rejection.OrderTurnedBack(REFERENCE));
        }
        return "recorded";
      }
      if (error != null) {
        throw error;
      }
      if (refuse != null && refused.isInstance(command)) {
        throw new RejectedException(refuse);
      }
      if (failures > 0) {
        failures--;
        throw new IllegalStateException("out of order");
      }
      return "done";
    }
  }
}
