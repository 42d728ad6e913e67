package io.kontor.command.order;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
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
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderResult;
import io.kontor.api.order.OrderStatus;
import io.kontor.api.order.OrderStep;
import io.kontor.command.aggregate.ExpectedVersions;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * An order goes forward until it is confirmed, or turns back for good. This aggregate decides both,
 * so exactly one of a concurrent cancellation and confirmation wins.
 */
@Aggregate(repository = OrderConfiguration.REPOSITORY)
@Revision("2")
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class Order {
  @AggregateIdentifier private OrderId id;
  private String customer;
  private OrderStatus status;
  private Set<OrderStep> recorded = EnumSet.noneOf(OrderStep.class);
  private Set<OrderStep> done = EnumSet.noneOf(OrderStep.class);
  private Set<OrderStep> undone = EnumSet.noneOf(OrderStep.class);
  private @Nullable String turnedBackFor;
  private @Nullable OrderStep failing;

  /** Axon creates an instance and replays its events. */
  @SuppressWarnings("NullAway.Init")
  Order() {}

  @CommandHandlerInterceptor
  void requireVersion(@MetaDataValue(MessageMetadata.EXPECTED_VERSION) @Nullable Number expected) {
    ExpectedVersions.require(expected, getVersion());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.ALWAYS)
  OrderResult handle(PlaceOrder command) {
    requireCurrency(command);
    apply(
        new OrderEvent.OrderPlaced(
            command.order(),
            command.account(),
            command.customer(),
            command.lines(),
            total(command.lines()),
            command.shippingAddress(),
            command.references()));
    return result();
  }

  @CommandHandler
  OrderResult handle(RecordStep command) {
    if (!recorded.contains(command.step())) {
      requireGoingForward();
      apply(happened(command));
    }
    return result();
  }

  /** The capture is recorded along, unless it was before. */
  @CommandHandler
  OrderResult handle(ConfirmOrder command) {
    if (!isConfirmed()) {
      requireGoingForward();
      if (!recorded.contains(OrderStep.CAPTURE)) {
        apply(new OrderEvent.PaymentCaptured(id));
      }
      apply(new OrderEvent.OrderConfirmed(id));
    }
    return result();
  }

  /** Another customer's order is reported as unknown. */
  @CommandHandler
  OrderResult handle(CancelOrder command) {
    if (command.onBehalfOf() != null && !command.onBehalfOf().equals(customer)) {
      throw new RejectedException(new Rejection.Unknown("order"));
    }
    turnBack(null, command.reason());
    return result();
  }

  @CommandHandler
  OrderResult handle(AbandonOrder command) {
    turnBack(command.step(), command.reason());
    return result();
  }

  @CommandHandler
  OrderResult handle(RecordUndo command) {
    if (!undone.contains(command.step())) {
      requireGoingBack();
      apply(new OrderEvent.StepUndone(id, command.step(), done.contains(command.step())));
    }
    return result();
  }

  @CommandHandler
  OrderResult handle(CloseOrder command) {
    if (status != OrderStatus.CANCELLED) {
      requireGoingBack();
      apply(new OrderEvent.OrderCancelled(id, Objects.requireNonNull(turnedBackFor)));
    }
    return result();
  }

  /** Ignored when the order has ended, needs attention already, or an operator settled the step. */
  @CommandHandler
  OrderResult handle(FlagForManualReview command) {
    if (status != OrderStatus.NEEDS_ATTENTION && !isOver() && !undone.contains(command.step())) {
      apply(new OrderEvent.AttentionNeeded(id, command.step(), command.error()));
    }
    return result();
  }

  @CommandHandler
  OrderResult handle(RetryOrder command) {
    if (isOver()) {
      throw new RejectedException(new Rejection.NothingToResume(id.uuid()));
    }
    apply(new OrderEvent.RetryRequested(id, failing, command.reason()));
    return result();
  }

  @CommandHandler
  OrderResult handle(CompensateOrder command) {
    if (status == OrderStatus.CANCELLED) {
      throw new RejectedException(new Rejection.NothingToResume(id.uuid()));
    }
    if (failing != null && turnedBackFor != null) {
      apply(new OrderEvent.StepSettledByHand(id, failing, command.reason()));
    } else {
      turnBack(null, Objects.requireNonNullElse(command.reason(), "a person decided so"));
    }
    return result();
  }

  @EventSourcingHandler
  void evolve(OrderEvent event) {
    switch (event) {
      case OrderEvent.OrderPlaced placed -> {
        id = placed.order();
        customer = placed.customer();
        status = OrderStatus.PLACED;
      }
      case OrderEvent.OrderPaid _ -> reach(OrderStep.PAYMENT, OrderStatus.PAID);
      case OrderEvent.ItemsReserved _ -> reach(OrderStep.RESERVATION, OrderStatus.RESERVED);
      case OrderEvent.ShippingScheduled _ -> reach(OrderStep.SHIPPING, OrderStatus.SHIPPING);
      case OrderEvent.PaymentCaptured _ -> reach(OrderStep.CAPTURE, OrderStatus.SHIPPING);
      case OrderEvent.OrderConfirmed _ -> reach(OrderStep.CONFIRMATION, OrderStatus.CONFIRMED);
      case OrderEvent.ItemsShipped _ -> reach(OrderStep.HANDOVER, OrderStatus.CONFIRMED);
      case OrderEvent.CompensationBegan began -> {
        status = OrderStatus.COMPENSATING;
        turnedBackFor = began.reason();
        failing = null;
      }
      case OrderEvent.StepUndone back -> {
        undo(back.step());
        if (back.step() == OrderStep.CAPTURE && back.hadBeenDone()) {
          // A refunded capture leaves no hold to release.
          done.remove(OrderStep.PAYMENT);
        }
        resume();
      }
      case OrderEvent.OrderCancelled _ -> status = OrderStatus.CANCELLED;
      case OrderEvent.AttentionNeeded needed -> {
        status = OrderStatus.NEEDS_ATTENTION;
        failing = needed.step();
      }
      case OrderEvent.RetryRequested _ -> resume();
      case OrderEvent.StepSettledByHand settled -> {
        undo(settled.step());
        resume();
      }
    }
  }

  private void reach(OrderStep step, OrderStatus reached) {
    recorded.add(step);
    done.add(step);
    status = reached;
    failing = null;
  }

  private void undo(OrderStep step) {
    done.remove(step);
    undone.add(step);
  }

  /** Clears the failing step and the need for attention. */
  private void resume() {
    failing = null;
    if (status == OrderStatus.NEEDS_ATTENTION) {
      status = isConfirmed() ? OrderStatus.CONFIRMED : OrderStatus.COMPENSATING;
    }
  }

  private void turnBack(@Nullable OrderStep failed, String reason) {
    if (turnedBackFor == null) {
      requireGoingBack();
      apply(new OrderEvent.CompensationBegan(id, failed, reason));
    }
  }

  private OrderEvent happened(RecordStep command) {
    return switch (command.step()) {
      case PAYMENT -> new OrderEvent.OrderPaid(id);
      case RESERVATION -> new OrderEvent.ItemsReserved(id);
      case SHIPPING ->
          new OrderEvent.ShippingScheduled(id, Objects.requireNonNullElse(command.detail(), ""));
      case CAPTURE -> new OrderEvent.PaymentCaptured(id);
      case CONFIRMATION -> new OrderEvent.OrderConfirmed(id);
      case HANDOVER -> new OrderEvent.ItemsShipped(id);
    };
  }

  private static void requireCurrency(PlaceOrder command) {
    for (OrderLine line : command.lines()) {
      Currency priced = line.unitPrice().currency();
      if (!priced.equals(command.currency())) {
        throw new RejectedException(
            new Rejection.CurrencyMismatch(command.account(), command.currency(), priced));
      }
    }
  }

  private static Money total(List<OrderLine> lines) {
    try {
      return lines.stream().map(OrderLine::total).reduce(Money::plus).orElseThrow();
    } catch (ArithmeticException outOfRange) {
      throw new RejectedException(new Rejection.OrderTotalOutOfRange());
    }
  }

  private void requireGoingForward() {
    if (turnedBackFor != null) {
      throw new RejectedException(new Rejection.OrderTurnedBack(id.uuid()));
    }
  }

  private void requireGoingBack() {
    if (isConfirmed()) {
      throw new RejectedException(new Rejection.OrderConfirmed(id.uuid()));
    }
  }

  private boolean isConfirmed() {
    return done.contains(OrderStep.CONFIRMATION);
  }

  private boolean isOver() {
    return status == OrderStatus.CANCELLED || done.contains(OrderStep.HANDOVER);
  }

  private OrderResult result() {
    return new OrderResult(id.uuid(), status, getVersion());
  }
}
