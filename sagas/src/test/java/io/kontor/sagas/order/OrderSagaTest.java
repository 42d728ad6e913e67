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
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.common.ReflectionUtils;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.test.saga.ContinuedGivenState;
import org.axonframework.test.saga.FixtureExecutionResult;
import org.axonframework.test.saga.SagaTestFixture;
import org.axonframework.test.saga.WhenState;
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
 * Each step and each compensation with every outcome. The order's decisions are given as its
 * events; the outcomes of commands are configured per test.
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
          6);

  private final SagaTestFixture<OrderSaga> fixture = new SagaTestFixture<>(OrderSaga.class);
  private final Parties parties = new Parties();

  @BeforeEach
  void registerGateway() throws ReflectiveOperationException {
    fixture.givenCurrentTime(NOON);
    fixture.setCallbackBehavior((command, metadata) -> parties.answer(command));
    fixture.registerResource(
        new OrderStepGateway(
            new SystemCommandSender(part("commandBus", CommandBus.class)),
            part("deadlineManager", DeadlineManager.class),
            fixture::currentTime,
            Runnable::run,
            PROPERTIES));
  }

  @Nested
  class SuccessfulStep {
    @ParameterizedTest
    @EnumSource(OrderStep.class)
    void sendsItsCommandsAndIsRecorded(OrderStep step) {
      reaching(step).expectDispatchedCommands(all(asked(step), recorded(step)));
    }

    @Test
    void shippingIsRecordedWithItsTrackingWhenTheCarrierHasBooked() {
      after(SHIPPING)
          .whenPublishingA(new ShipmentScheduled(SHIPMENT, REFERENCE, "T1"))
          .expectDispatchedCommands(new RecordStep(ORDER, SHIPPING, "T1"));
    }

    @Test
    void theSagaEndsWhenTheItemsAreShipped() {
      after(HANDOVER)
          .whenPublishingA(new ItemsShipped(ORDER))
          .expectActiveSagas(0)
          .expectNoDispatchedCommands()
          .expectNoScheduledDeadlines();
    }
  }

  @Nested
  class FailedStep {
    @ParameterizedTest
    @EnumSource(OrderStep.class)
    void isAbandonedAtOnceWhenRejected(OrderStep step) {
      parties.refuse = NO;
      reaching(step)
          .expectDispatchedCommands(all(asked(step), List.of(givenUp(step, NO.detail()))))
          .expectNoScheduledDeadlines();
    }

    @Test
    void shippingIsAbandonedWhenTheCarrierRefuses() {
      after(SHIPPING)
          .whenPublishingA(new ShipmentRefused(SHIPMENT, REFERENCE, "no service"))
          .expectDispatchedCommands(givenUp(SHIPPING, "no service"))
          .expectNoScheduledDeadlines();
    }

    @ParameterizedTest
    @EnumSource(OrderStep.class)
    void isRetriedAfterPauses(OrderStep step) throws Exception {
      parties.failures = 2 * asked(step).size();
      after(step)
          .andThenTimeElapses(Duration.ofSeconds(1))
          .whenTimeElapses(Duration.ofSeconds(2))
          .expectDispatchedCommands(all(asked(step), recorded(step)));
    }

    @ParameterizedTest
    @EnumSource(OrderStep.class)
    void isAbandonedAfterTheGreatestNumberOfAttempts(OrderStep step) throws Exception {
      parties.failures = Integer.MAX_VALUE;
      var given = after(step);
      for (int pause : List.of(1, 2, 4, 8)) {
        given = given.andThenTimeElapses(Duration.ofSeconds(pause));
      }
      given
          .whenTimeElapses(Duration.ofSeconds(16))
          .expectDispatchedCommands(all(asked(step), List.of(givenUp(step, "out of order"))))
          .expectNoScheduledDeadlines();
    }

    @Test
    void shippingIsAbandonedAtItsDeadlineWhileTheCarrierFails() throws Exception {
      var given = after(SHIPPING);
      for (int i = 0; i < 20; i++) {
        given =
            given.andThenAPublished(new CarrierFailed(SHIPMENT, REFERENCE, "the circuit is open"));
      }
      given
          .andThenTimeElapses(Duration.ofMinutes(9))
          .whenTimeElapses(Duration.ofMinutes(1))
          .expectDispatchedCommands(givenUp(SHIPPING, "the circuit is open"));
    }

    @Test
    void shippingIsAbandonedAtItsDeadlineWithoutAResponse() {
      after(SHIPPING)
          .whenTimeElapses(Duration.ofMinutes(10))
          .expectDispatchedCommands(givenUp(SHIPPING, "no answer in time"));
    }

    @ParameterizedTest
    @EnumSource(OrderStep.class)
    void aRepeatedEventSendsTheSameCommandsAgain(OrderStep step) {
      after(step)
          .whenPublishingA(leadingTo(step))
          .expectDispatchedCommands(all(asked(step), recorded(step)))
          .expectActiveSagas(1);
    }

    @Test
    void aRepeatedBookingIsIgnoredOnceShippingIsOver() {
      var booked = new ShipmentScheduled(SHIPMENT, REFERENCE, "T1");
      after(SHIPPING)
          .andThenAPublished(booked)
          .andThenAPublished(new ShippingScheduled(ORDER, "T1"))
          .whenPublishingA(booked)
          .expectNoDispatchedCommands();
    }

    @ParameterizedTest
    @EnumSource(value = OrderStep.class, mode = Mode.EXCLUDE, names = "PAYMENT")
    void doesNotBeginOnceCompensationHasBegun(OrderStep step) {
      after(before(step))
          .andThenAPublished(unwanted())
          .whenPublishingA(leadingTo(step))
          .expectNoDispatchedCommands();
    }

    @Test
    void aBookingIsNotRecordedOnceCompensationHasBegun() {
      after(SHIPPING)
          .andThenAPublished(unwanted())
          .whenPublishingA(new ShipmentScheduled(SHIPMENT, REFERENCE, "T1"))
          .expectNoDispatchedCommands();
    }

    @Test
    void anOutdatedDeadlineIsIgnored() {
      after(SHIPPING)
          .andThenAPublished(new ShippingScheduled(ORDER, "T1"))
          .whenTimeElapses(Duration.ofMinutes(11))
          .expectNoDispatchedCommands();
    }

    /** The order rejected the command: its compensation began meanwhile, and its event follows. */
    @Test
    void aConfirmationThatTheOrderRejectsIsAbandoned() {
      parties.refuse = new Rejection.OrderTurnedBack(REFERENCE);
      reaching(CONFIRMATION)
          .expectDispatchedCommands(
              new ConfirmOrder(ORDER), givenUp(CONFIRMATION, parties.refuse.detail()));
    }

    @Test
    void aCommandThatCantBeSentIsAFailure() {
      parties.error = new StackOverflowError();
      reaching(PAYMENT).expectDispatchedCommands(asked(PAYMENT).toArray());
      parties.error = null;
      fixture
          .whenTimeElapses(Duration.ofSeconds(1))
          .expectDispatchedCommands(all(asked(PAYMENT), recorded(PAYMENT)));
    }
  }

  @Nested
  class Compensation {
    @ParameterizedTest
    @EnumSource(value = OrderStep.class, mode = Mode.EXCLUDE, names = "HANDOVER")
    void undoesEachBegunStepTheLastOneFirst(OrderStep last) {
      List<OrderStep> begun = undoable(last);
      after(last)
          .whenPublishingA(unwanted())
          .expectDispatchedCommands(
              all(
                  last == CONFIRMATION ? List.of(REFUNDED) : undo(begun.getFirst()),
                  undone(begun.getFirst())));
      for (int i = 0; i < begun.size(); i++) {
        var result = fixture.whenPublishingA(new StepUndone(ORDER, begun.get(i), true));
        if (i + 1 < begun.size()) {
          OrderStep next = begun.get(i + 1);
          result.expectDispatchedCommands(all(undo(next), undone(next)));
        } else {
          result.expectDispatchedCommands(new CloseOrder(ORDER));
        }
      }
    }

    @Test
    void theSagaEndsWhenTheOrderIsCancelled() {
      undoing(PAYMENT)
          .andThenAPublished(new StepUndone(ORDER, PAYMENT, true))
          .whenPublishingA(new OrderCancelled(ORDER, "unwanted"))
          .expectActiveSagas(0)
          .expectNoDispatchedCommands()
          .expectNoScheduledDeadlines();
    }

    @Test
    void isRecordedForShippingWhenTheCarrierHasCancelled() {
      undoing(SHIPPING)
          .whenPublishingA(new ShipmentCancelled(SHIPMENT, REFERENCE))
          .expectDispatchedCommands(new RecordUndo(ORDER, SHIPPING));
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"CONFIRMATION", "HANDOVER"})
    void needsAPersonWhenRejected(OrderStep step) {
      parties.refuse = NO;
      turningBack(step)
          .expectDispatchedCommands(
              all(failedUndo(step), List.of(new FlagForManualReview(ORDER, step, NO.detail()))))
          .expectNoScheduledDeadlines();
    }

    @Test
    void needsAPersonWhenTheCarrierRefusesToCancel() {
      undoing(SHIPPING)
          .whenPublishingA(new CancellationRefused(SHIPMENT, REFERENCE, "on its way"))
          .expectDispatchedCommands(new FlagForManualReview(ORDER, SHIPPING, "on its way"))
          .expectNoScheduledDeadlines();
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"CONFIRMATION", "HANDOVER"})
    void isRetriedAfterPauses(OrderStep step) throws Exception {
      parties.failures = 2 * failedUndo(step).size();
      undoing(step)
          .andThenTimeElapses(Duration.ofSeconds(1))
          .whenTimeElapses(Duration.ofSeconds(2))
          .expectDispatchedCommands(all(undo(step), undone(step)));
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"CONFIRMATION", "HANDOVER"})
    void needsAPersonWhoRetriesOrSettlesItAfterTheGreatestNumberOfAttempts(OrderStep step)
        throws Exception {
      parties.failures = Integer.MAX_VALUE;
      var given = undoing(step);
      for (int pause : List.of(1, 2, 4, 8)) {
        given = given.andThenTimeElapses(Duration.ofSeconds(pause));
      }
      given
          .whenTimeElapses(Duration.ofSeconds(16))
          .expectDispatchedCommands(
              all(failedUndo(step), List.of(new FlagForManualReview(ORDER, step, "out of order"))))
          .expectNoScheduledDeadlines();
      parties.failures = 0;
      fixture.givenAPublished(new AttentionNeeded(ORDER, step, "out of order"));
      fixture
          .whenPublishingA(new RetryRequested(ORDER, step))
          .expectDispatchedCommands(all(undo(step), undone(step)));
      var settled = fixture.whenPublishingA(new StepSettledByHand(ORDER, step));
      if (step == PAYMENT) {
        settled.expectDispatchedCommands(new CloseOrder(ORDER));
      } else {
        OrderStep next = undoable(before(step)).getFirst();
        settled.expectDispatchedCommands(all(undo(next), undone(next)));
      }
    }

    @Test
    void needsAPersonUntilTheCarrierRespondsAfterAll() {
      undoing(SHIPPING)
          .whenTimeElapses(Duration.ofMinutes(10))
          .expectDispatchedCommands(new FlagForManualReview(ORDER, SHIPPING, "no answer in time"));
      fixture
          .whenPublishingA(new ShipmentCancelled(SHIPMENT, REFERENCE))
          .expectDispatchedCommands(new RecordUndo(ORDER, SHIPPING));
    }

    @ParameterizedTest
    @EnumSource(
        value = OrderStep.class,
        mode = Mode.EXCLUDE,
        names = {"CONFIRMATION", "HANDOVER"})
    void aRepeatedEventUndoesTheNextStepOnce(OrderStep step) {
      undoing(step)
          .andThenAPublished(new StepUndone(ORDER, step, true))
          .whenPublishingA(new StepUndone(ORDER, step, true))
          .expectNoDispatchedCommands();
    }

    @Test
    void needsNoRefundOfAHoldThatWasNotCaptured() {
      parties.refuse(RefundCapture.class, new Rejection.NothingCaptured(ACCOUNT, HOLD));
      turningBack(CAPTURE).expectDispatchedCommands(all(undo(CAPTURE), undone(CAPTURE)));
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
          .expectDispatchedCommands(
              all(
                  undo(CAPTURE),
                  List.of(new FlagForManualReview(ORDER, CAPTURE, uncertain.detail()))));
    }

    @Test
    void needsAPersonWhenTheAccountDoesNotKnowARecordedCapture() {
      var confirming = after(CONFIRMATION);
      parties.refuse = new Rejection.NothingCaptured(ACCOUNT, HOLD);
      confirming
          .whenPublishingA(unwanted())
          .expectDispatchedCommands(
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
    void isRecordedAfterPauses(OrderStep step) throws Exception {
      parties.unrecordable = 2;
      after(step)
          .andThenTimeElapses(Duration.ofSeconds(1))
          .whenTimeElapses(Duration.ofSeconds(2))
          .expectDispatchedCommands(recorded(step).toArray())
          .expectNoScheduledDeadlines();
    }

    @Test
    void keepsTheCarriersTrackingUntilItIsRecorded() throws Exception {
      var given = after(SHIPPING);
      parties.unrecordable = 1;
      given
          .andThenAPublished(new ShipmentScheduled(SHIPMENT, REFERENCE, "T\u00001"))
          .whenTimeElapses(Duration.ofSeconds(1))
          .expectDispatchedCommands(new RecordStep(ORDER, SHIPPING, "T 1"));
    }

    @Test
    void isRecordedPastTheDeadlineOnceTheOrderTakesIt() throws Exception {
      parties.unrecordable = Integer.MAX_VALUE;
      var given = after(PAYMENT);
      for (int pause : List.of(1, 2, 4, 8, 16, 30)) {
        given = given.andThenTimeElapses(Duration.ofSeconds(pause));
      }
      given.whenTimeElapses(Duration.ofSeconds(30)).expectActiveSagas(1);
      fixture
          .whenTimeElapses(Duration.ofSeconds(30))
          .expectDispatchedCommands(recorded(PAYMENT).toArray());
      parties.unrecordable = 0;
      fixture
          .whenTimeElapses(Duration.ofSeconds(30))
          .expectDispatchedCommands(recorded(PAYMENT).toArray())
          .expectNoScheduledDeadlines();
    }
  }

  private <T> T part(String name, Class<T> type) throws ReflectiveOperationException {
    return type.cast(
        ReflectionUtils.getFieldValue(SagaTestFixture.class.getDeclaredField(name), fixture));
  }

  /** The event that begins the step was published. */
  private FixtureExecutionResult reaching(OrderStep step) {
    boolean isFirst = step == PAYMENT;
    Parties.Switches switched = parties.off();
    WhenState given = isFirst ? fixture.givenNoPriorActivity() : after(before(step));
    parties.on(switched);
    return given.whenPublishingA(leadingTo(step), Map.of(MessageMetadata.CORRELATION_ID, "c1"));
  }

  /** The step was begun; the configured outcomes apply to this step only. */
  private ContinuedGivenState after(OrderStep step) {
    Parties.Switches switched = parties.off();
    ContinuedGivenState given = null;
    for (OrderStep reached : OrderStep.values()) {
      if (reached.compareTo(step) <= 0) {
        if (reached == step) {
          parties.on(switched);
        }
        given =
            fixture.givenAPublished(
                leadingTo(reached), Map.of(MessageMetadata.CORRELATION_ID, "c1"));
      }
    }
    return given;
  }

  /** The compensation of the step was begun as the most recent one. */
  private ContinuedGivenState undoing(OrderStep step) {
    Parties.Switches switched = parties.off();
    ContinuedGivenState given = after(step);
    parties.on(switched);
    return given.andThenAPublished(unwanted());
  }

  private FixtureExecutionResult turningBack(OrderStep step) {
    Parties.Switches switched = parties.off();
    ContinuedGivenState given = after(step);
    parties.on(switched);
    return given.whenPublishingA(unwanted());
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
          List.of(new ReserveStock(MUG, REFERENCE, 2), new ReserveStock(POTS, REFERENCE, 1));
      case SHIPPING -> List.of(new RequestShipment(SHIPMENT, REFERENCE, HOME));
      case CAPTURE -> List.of(new CaptureHold(ACCOUNT, HOLD, ENTRY, null));
      case CONFIRMATION -> List.of(new ConfirmOrder(ORDER));
      case HANDOVER -> List.of(new ShipStock(MUG, REFERENCE), new ShipStock(POTS, REFERENCE));
    };
  }

  /** The command that records an immediate success in the order. */
  private static List<?> recorded(OrderStep step) {
    return switch (step) {
      case SHIPPING, CONFIRMATION -> List.of();
      case PAYMENT, RESERVATION, CAPTURE, HANDOVER -> List.of(new RecordStep(ORDER, step, null));
    };
  }

  private static List<?> undo(OrderStep step) {
    return switch (step) {
      case PAYMENT -> List.of(new CancelHold(ACCOUNT, HOLD));
      case RESERVATION ->
          List.of(new ReleaseStock(MUG, REFERENCE), new ReleaseStock(POTS, REFERENCE));
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

  /** Simulates the account, the stock, the shipment and the order that confirms. */
  private static final class Parties {
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
      if (command instanceof OrderCommand && !(command instanceof ConfirmOrder)) {
        if (unrecordable > 0) {
          unrecordable--;
          throw new IllegalStateException("the order's stream is broken");
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
