package io.kontor.sagas.order;

import static io.kontor.api.order.OrderStep.CAPTURE;
import static io.kontor.api.order.OrderStep.CONFIRMATION;
import static io.kontor.api.order.OrderStep.HANDOVER;
import static io.kontor.api.order.OrderStep.PAYMENT;
import static io.kontor.api.order.OrderStep.RESERVATION;
import static io.kontor.api.order.OrderStep.SHIPPING;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.account.AccountCommand.CancelHold;
import io.kontor.api.account.AccountCommand.CaptureHold;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountCommand.RefundCapture;
import io.kontor.api.inventory.InventoryCommand.ReleaseStock;
import io.kontor.api.inventory.InventoryCommand.ReserveStock;
import io.kontor.api.inventory.InventoryCommand.ShipStock;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.order.OrderCommand;
import io.kontor.api.order.OrderCommand.AbandonOrder;
import io.kontor.api.order.OrderCommand.AskForAttention;
import io.kontor.api.order.OrderCommand.CloseOrder;
import io.kontor.api.order.OrderCommand.ConfirmOrder;
import io.kontor.api.order.OrderCommand.RecordStep;
import io.kontor.api.order.OrderCommand.RecordUndo;
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
import io.kontor.api.order.OrderStep;
import io.kontor.api.shipment.ShipmentCommand.CancelShipment;
import io.kontor.api.shipment.ShipmentCommand.RequestShipment;
import io.kontor.api.shipment.ShipmentEvent.CancellationRefused;
import io.kontor.api.shipment.ShipmentEvent.CarrierFailed;
import io.kontor.api.shipment.ShipmentEvent.ShipmentCancelled;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRefused;
import io.kontor.api.shipment.ShipmentEvent.ShipmentScheduled;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.resilience.ForeignText;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.order.OrderSagaState.News;
import io.kontor.sagas.order.OrderSagaState.Untold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Carries out an order from placement to handover, or compensates it. Each completed step is
 * recorded in the order, and the order's event starts the next step. So a step is durable before
 * the next begins, and a handler that runs again after a crash sends the same commands again.
 */
@Saga
@ProcessingGroup(OrderSaga.PROCESSOR)
@Revision("1")
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
public final class OrderSaga {
  /** Name of the event processor and the saga type. */
  public static final String PROCESSOR = "order-fulfilment";

  static final String ORDER = "order";

  private OrderPlaced placed;
  private Instant placedAt;
  private String correlation;
  private OrderSagaState progress = new OrderSagaState();
  @Autowired private transient OrderStepGateway errands;

  /** For the framework. */
  @SuppressWarnings("NullAway.Init")
  public OrderSaga() {}

  /** Each step and its compensation. */
  private Step step(OrderStep step) {
    return switch (step) {
      case PAYMENT -> new Step(this::holdTheTotal, this::cancelTheHold);
      case RESERVATION -> new Step(this::reserveEachLine, this::releaseEachLine);
      case SHIPPING -> new Step(this::requestShipment, this::cancelShipment);
      case CAPTURE -> new Step(this::captureTheHold, this::refundTheCapture);
      case CONFIRMATION -> new Step(this::confirm, CommandOutcome.Done::new);
      case HANDOVER -> new Step(this::shipEachLine, CommandOutcome.Done::new);
    };
  }

  @StartSaga
  @SagaEventHandler(associationProperty = ORDER)
  void on(
      OrderPlaced order,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    placed = order;
    placedAt = at;
    correlation = Objects.requireNonNullElse(cause, order.order().uuid().toString());
    begin(PAYMENT);
  }

  private CommandOutcome holdTheTotal() {
    return send(
        new PlaceHold(
            placed.account(),
            placed.references().hold(),
            placed.total(),
            "order " + id().uuid(),
            placedAt.plus(errands.properties().holdTime())));
  }

  private CommandOutcome cancelTheHold() {
    return send(new CancelHold(placed.account(), placed.references().hold()));
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(OrderPaid paid) {
    begin(RESERVATION);
  }

  private CommandOutcome reserveEachLine() {
    return sendForEachLine(line -> new ReserveStock(item(line), id().uuid(), line.quantity()));
  }

  private CommandOutcome releaseEachLine() {
    return sendForEachLine(line -> new ReleaseStock(item(line), id().uuid()));
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(ItemsReserved reserved) {
    begin(SHIPPING);
  }

  private CommandOutcome requestShipment() {
    return send(new RequestShipment(shipment(), id().uuid(), placed.shippingAddress())).thenLater();
  }

  private CommandOutcome cancelShipment() {
    return send(new CancelShipment(shipment(), id().uuid())).thenLater();
  }

  @SagaEventHandler(
      associationProperty = "reference",
      keyName = ORDER,
      associationResolver = ShipmentAssociationResolver.class)
  void on(ShipmentScheduled scheduled) {
    if (isTaking(SHIPPING)) {
      // Events of earlier versions hold the carrier's text unchecked.
      report(new Untold(News.DONE, ForeignText.line(scheduled.tracking(), "")));
    }
  }

  @SagaEventHandler(
      associationProperty = "reference",
      keyName = ORDER,
      associationResolver = ShipmentAssociationResolver.class)
  void on(ShipmentRefused rejected) {
    if (isTaking(SHIPPING)) {
      giveUp(rejected.reason());
    }
  }

  @SagaEventHandler(
      associationProperty = "reference",
      keyName = ORDER,
      associationResolver = ShipmentAssociationResolver.class)
  void on(CarrierFailed failed) {
    if (progress.step() == SHIPPING) {
      progress.failed(failed.error());
    }
  }

  @SagaEventHandler(
      associationProperty = "reference",
      keyName = ORDER,
      associationResolver = ShipmentAssociationResolver.class)
  void on(ShipmentCancelled cancelled) {
    if (isUndoing(SHIPPING)) {
      report(new Untold(News.UNDONE, null));
    }
  }

  @SagaEventHandler(
      associationProperty = "reference",
      keyName = ORDER,
      associationResolver = ShipmentAssociationResolver.class)
  void on(CancellationRefused rejected) {
    if (isUndoing(SHIPPING)) {
      giveUp(rejected.reason());
    }
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(ShippingScheduled scheduled) {
    begin(CAPTURE);
  }

  private CommandOutcome captureTheHold() {
    return send(
        new CaptureHold(
            placed.account(), placed.references().hold(), placed.references().capture(), null));
  }

  /**
   * If no capture is recorded, cancels the hold first: a capture still in flight is then rejected,
   * so the account knows whether there is anything to refund.
   */
  private CommandOutcome refundTheCapture() {
    if (progress.wasDone(CAPTURE)) {
      return refund();
    }
    CommandOutcome outcome = cancelTheHold();
    return outcome instanceof CommandOutcome.Done ? refund().unlessNothingWasCaptured() : outcome;
  }

  private CommandOutcome refund() {
    var references = placed.references();
    return send(new RefundCapture(placed.account(), references.hold(), references.refund()));
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(PaymentCaptured captured) {
    begin(CONFIRMATION);
  }

  /** The order decides, since a cancellation may arrive at the same time. */
  private CommandOutcome confirm() {
    return send(new ConfirmOrder(id()));
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(OrderConfirmed confirmed) {
    begin(HANDOVER);
  }

  private CommandOutcome shipEachLine() {
    return sendForEachLine(line -> new ShipStock(item(line), id().uuid()));
  }

  @EndSaga
  @SagaEventHandler(associationProperty = ORDER)
  void on(ItemsShipped shipped) {
    stopWaiting();
  }

  /** A step failed or the order was cancelled: from here on the saga only compensates. */
  @SagaEventHandler(associationProperty = ORDER)
  void on(CompensationBegan began) {
    progress.turnBack();
    undoNext();
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(StepUndone undone) {
    continueWithout(undone.step());
  }

  /** An operator completed the step by hand. */
  @SagaEventHandler(associationProperty = ORDER)
  void on(StepSettledByHand settled) {
    continueWithout(settled.step());
  }

  @EndSaga
  @SagaEventHandler(associationProperty = ORDER)
  void on(OrderCancelled cancelled) {
    stopWaiting();
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(RetryRequested retry) {
    Untold unreported = progress.untold();
    stopWaiting();
    progress.tryAgain(errands.now(), timeFor(progress.step()));
    if (unreported != null && unreported.news() != News.NEEDS_ATTENTION) {
      report(unreported);
    } else {
      attempt();
    }
  }

  /** Retries the step, or gives it up once its deadline has passed. */
  @DeadlineHandler(deadlineName = OrderStepGateway.WAKE)
  void onTime(OrderStepGateway.Wake wake) {
    if (wake.turn() == progress.turn()) {
      Untold unreported = progress.untold();
      if (unreported != null) {
        report(unreported);
      } else if (progress.isOverdue(errands.now())) {
        giveUp(Objects.requireNonNullElse(progress.lastError(), "no answer in time"));
      } else {
        attempt();
      }
    }
  }

  private void begin(OrderStep next) {
    if (!progress.isBack()) {
      stopWaiting();
      progress.begin(next, errands.now(), timeFor(next));
      attempt();
    }
  }

  private void continueWithout(OrderStep undone) {
    if (progress.undone(undone)) {
      undoNext();
    }
  }

  private void undoNext() {
    stopWaiting();
    OrderStep last = progress.toUndo();
    if (last == null) {
      report(new Untold(News.ALL_UNDONE, null));
    } else {
      progress.undo(last, errands.now(), timeFor(last));
      attempt();
    }
  }

  private void attempt() {
    OrderStep step = progress.step();
    CommandOutcome outcome = progress.isBack() ? step(step).undo().get() : step(step).take().get();
    switch (outcome) {
      case CommandOutcome.Done _ -> reportDone(step);
      case CommandOutcome.Later _ -> wakeAt(progress.deadline());
      case CommandOutcome.Refused rejected -> giveUp(rejected.reason().detail());
      case CommandOutcome.Failed failed -> tryLater(failed.error());
    }
  }

  private void reportDone(OrderStep step) {
    if (progress.isBack()) {
      report(new Untold(News.UNDONE, null));
    } else if (step != CONFIRMATION) {
      report(new Untold(News.DONE, null));
    }
  }

  private void tryLater(String error) {
    progress.failed(error);
    Instant next = errands.now().plus(errands.properties().backoff().after(progress.attempts()));
    if (progress.attempts() >= errands.properties().mostAttempts() || progress.isOverdue(next)) {
      giveUp(error);
    } else {
      wakeAt(next);
    }
  }

  /** Going forward, starts compensation; a failed compensation or handover needs an operator. */
  private void giveUp(String reason) {
    stopWaiting();
    String why = ForeignText.line(reason, ForeignText.NO_REASON);
    progress.note(why);
    if (progress.isBack() || progress.step() == HANDOVER) {
      progress.askForAttention();
      report(new Untold(News.NEEDS_ATTENTION, why));
    } else {
      report(new Untold(News.GIVEN_UP, why));
    }
  }

  private Duration timeFor(OrderStep step) {
    OrderSagaProperties properties = errands.properties();
    if (progress.isBack() || step == HANDOVER) {
      return properties.undoTime();
    }
    return step == SHIPPING ? properties.shippingTime() : properties.stepTime();
  }

  private void wakeAt(Instant when) {
    stopWaiting();
    progress.waitFor(turn -> errands.wakeAt(when, turn));
  }

  private void stopWaiting() {
    String wakeUp = progress.stopWaiting();
    if (wakeUp != null) {
      errands.forgetToWake(wakeUp);
    }
  }

  private CommandOutcome send(Object command) {
    return errands.ask(id().tenant(), correlation, List.of(command));
  }

  private CommandOutcome sendForEachLine(Function<OrderLine, Object> command) {
    return errands.ask(id().tenant(), correlation, placed.lines().stream().map(command).toList());
  }

  /**
   * Records the step's result in the order. A rejection means that the order has moved on
   * meanwhile, and an event follows. A failure is retried, and past the deadline the order is
   * flagged for manual review: it must not block the events of other orders.
   */
  private void report(Untold result) {
    if (send(command(result)) instanceof CommandOutcome.Failed(String error)) {
      progress.notTold(result, "the order can't be told: " + error, errands.now());
      wakeAt(errands.now().plus(errands.properties().backoff().after(progress.attempts())));
    } else {
      progress.told(result);
    }
  }

  private OrderCommand command(Untold result) {
    OrderStep step = progress.step();
    return switch (result.news()) {
      case DONE -> new RecordStep(id(), step, result.text());
      case UNDONE -> new RecordUndo(id(), step);
      case ALL_UNDONE -> new CloseOrder(id());
      case GIVEN_UP -> new AbandonOrder(id(), step, Objects.requireNonNull(result.text()));
      case NEEDS_ATTENTION ->
          new AskForAttention(id(), step, Objects.requireNonNull(result.text()));
    };
  }

  private boolean isTaking(OrderStep step) {
    return !progress.isBack() && progress.step() == step;
  }

  private boolean isUndoing(OrderStep step) {
    return progress.isBack() && progress.step() == step;
  }

  private ShipmentId shipment() {
    return new ShipmentId(id().tenant(), placed.references().shipment());
  }

  private InventoryItemId item(OrderLine line) {
    return InventoryItemId.of(id().tenant(), line.sku());
  }

  OrderId id() {
    return placed.order();
  }

  OrderSagaState progress() {
    return progress;
  }

  /** A step and its compensation. */
  private record Step(Supplier<CommandOutcome> take, Supplier<CommandOutcome> undo) {}
}
