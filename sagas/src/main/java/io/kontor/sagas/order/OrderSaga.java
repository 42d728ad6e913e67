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
import io.kontor.api.inventory.ItemsCommand.ReleaseItems;
import io.kontor.api.inventory.ItemsCommand.ReserveItems;
import io.kontor.api.inventory.ItemsCommand.ShipItems;
import io.kontor.api.message.MessageMetadata;
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
import io.kontor.httpclient.ForeignText;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.order.OrderStepExecutor.Step;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;

/**
 * Carries out an order from placement to handover, or compensates it. Each completed step is
 * recorded in the order before the next one begins, and a handler that runs again after a crash
 * sends the same commands again. Going forward, a step begins as soon as the one before it is
 * recorded; the order's event leads on where that was not possible, and in compensation.
 *
 * <p>Only the process stands here; {@link OrderStepExecutor} attempts, retries and records its
 * steps.
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
  private transient OrderStepGateway gateway;

  /** For the framework. */
  @SuppressWarnings("NullAway.Init")
  public OrderSaga() {}

  /** Gives a new or loaded saga what it sends its commands with. */
  OrderSaga with(OrderStepGateway steps) {
    gateway = steps;
    return this;
  }

  /** Whether the order was placed; false only until the first event is handled. */
  @SuppressWarnings("NullAway") // null until then
  boolean hasStarted() {
    return placed != null;
  }

  /** The process: each step, and what undoes it. */
  private Step step(OrderStep step) {
    return switch (step) {
      case PAYMENT -> new Step(this::holdTheTotal, this::cancelTheHold);
      case RESERVATION -> new Step(this::reserveEachLine, this::releaseEachLine);
      case SHIPPING -> new Step(this::requestShipment, this::cancelShipment);
      case CAPTURE -> new Step(this::captureTheHold, this::refundTheCapture);
      case CONFIRMATION -> new Step(Step.NOTHING_TO_DO, Step.NOTHING_TO_DO);
      case HANDOVER -> new Step(this::shipEachLine, Step.NOTHING_TO_DO);
    };
  }

  // PAYMENT: hold the order's total on the customer's account.

  @StartSaga
  @SagaEventHandler(associationProperty = ORDER)
  void on(
      OrderPlaced order,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    placed = order;
    placedAt = at;
    correlation = Objects.requireNonNullElse(cause, order.order().uuid().toString());
    steps().begin(PAYMENT);
  }

  private CommandOutcome holdTheTotal() {
    return send(
        new PlaceHold(
            placed.account(),
            placed.references().hold(),
            placed.total(),
            "order " + id().uuid(),
            placedAt.plus(gateway.properties().holdTime())));
  }

  private CommandOutcome cancelTheHold() {
    return send(new CancelHold(placed.account(), placed.references().hold()));
  }

  // RESERVATION: reserve every line's stock, or none.

  @SagaEventHandler(associationProperty = ORDER)
  void on(OrderPaid paid) {
    steps().begin(RESERVATION);
  }

  private CommandOutcome reserveEachLine() {
    return send(
        new ReserveItems(
            placed.lines().stream()
                .map(line -> new ReserveStock(item(line), id().uuid(), line.quantity()))
                .toList()));
  }

  private CommandOutcome releaseEachLine() {
    return send(
        new ReleaseItems(
            placed.lines().stream()
                .map(line -> new ReleaseStock(item(line), id().uuid()))
                .toList()));
  }

  // SHIPPING: request a shipment; its events report what the carrier decides.

  @SagaEventHandler(associationProperty = ORDER)
  void on(ItemsReserved reserved) {
    steps().begin(SHIPPING);
  }

  private CommandOutcome requestShipment() {
    return send(new RequestShipment(shipment(), id().uuid(), placed.shippingAddress()))
        .thenAwaitEvent();
  }

  @ShipmentEventHandler
  void on(ShipmentScheduled scheduled) {
    // Events of earlier versions hold the carrier's text unchecked.
    steps().succeeded(SHIPPING, ForeignText.line(scheduled.tracking(), ""));
  }

  @ShipmentEventHandler
  void on(ShipmentRefused rejected) {
    steps().rejected(SHIPPING, rejected.reason());
  }

  @ShipmentEventHandler
  void on(CarrierFailed failed) {
    steps().attemptFailed(SHIPPING, failed.error());
  }

  private CommandOutcome cancelShipment() {
    return send(new CancelShipment(shipment(), id().uuid())).thenAwaitEvent();
  }

  @ShipmentEventHandler
  void on(ShipmentCancelled cancelled) {
    steps().undoSucceeded(SHIPPING);
  }

  @ShipmentEventHandler
  void on(CancellationRefused rejected) {
    steps().undoRejected(SHIPPING, rejected.reason());
  }

  // CAPTURE: book the held money out.

  @SagaEventHandler(associationProperty = ORDER)
  void on(ShippingScheduled scheduled) {
    steps().begin(CAPTURE);
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

  // CONFIRMATION: the order decides with the capture, since a cancellation may arrive at the same
  // time. A step of its own only in orders of earlier versions.

  @SagaEventHandler(associationProperty = ORDER)
  void on(PaymentCaptured captured) {
    steps().begin(CONFIRMATION);
  }

  // HANDOVER: ship every line's stock. The order is confirmed, so nothing undoes it.

  @SagaEventHandler(associationProperty = ORDER)
  void on(OrderConfirmed confirmed) {
    steps().begin(HANDOVER);
  }

  private CommandOutcome shipEachLine() {
    return send(
        new ShipItems(
            placed.lines().stream().map(line -> new ShipStock(item(line), id().uuid())).toList()));
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(ItemsShipped shipped) {
    steps().end();
  }

  // Compensation: a step failed or the order was cancelled; undo the steps, the last one first.

  @SagaEventHandler(associationProperty = ORDER)
  void on(CompensationBegan began) {
    steps().compensate();
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(StepUndone undone) {
    steps().undoRest(undone.step());
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(OrderCancelled cancelled) {
    steps().end();
  }

  // Manual review: an operator has the step retried, or has settled it by hand.

  @SagaEventHandler(associationProperty = ORDER)
  void on(RetryRequested retry) {
    steps().retry();
  }

  @SagaEventHandler(associationProperty = ORDER)
  void on(StepSettledByHand settled) {
    steps().undoRest(settled.step());
  }

  // The step's pause before a retry or its deadline has passed.

  void onDeadline() {
    steps().onDeadline();
  }

  private OrderStepExecutor steps() {
    return new OrderStepExecutor(
        id(), correlation, progress, this::step, gateway, SagaLifecycle::end);
  }

  private CommandOutcome send(Object command) {
    return gateway.send(id().tenant(), correlation, command);
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
}
