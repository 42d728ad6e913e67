package io.kontor.sagas.order;

import io.kontor.api.order.OrderEvent;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.api.order.OrderId;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.httpclient.ForeignText;
import io.kontor.sagas.order.OrderSagaChange.Ended;
import io.kontor.sagas.order.OrderSagaChange.Kept;
import io.kontor.sagas.order.OrderSagaChange.Parked;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.annotation.MessageHandlerInterceptorMemberChain;
import org.axonframework.modelling.saga.AnnotatedSaga;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.metamodel.AnnotationSagaMetaModelFactory;
import org.axonframework.modelling.saga.metamodel.SagaModel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one order's saga handle events or its wake-up, on the current thread. A saga that throws is
 * parked: its events are handled again later, in their order, and no other order waits for it.
 */
final class OrderSagaTurn {
  private static final Logger LOG = LoggerFactory.getLogger(OrderSagaTurn.class);
  private static final Duration PARKED_FOR = Duration.ofSeconds(30);

  private final OrderSagaStore store;
  private final OrderStepGateway gateway;
  private final Function<EventReference, EventMessage<?>> events;
  private final SagaModel<OrderSaga> model;
  private final MessageHandlerInterceptorMemberChain<OrderSaga> interceptors;

  /** What an order's saga has to handle. */
  sealed interface Work {
    /** Events in their order. */
    record Events(List<ReceivedEvent> events) implements Work {}

    /** The time at which the saga acts without an event. */
    record WakeUp() implements Work {}
  }

  /** An event with the trace that it belongs to. */
  record ReceivedEvent(EventMessage<?> message, Context trace) {}

  /**
   * @param events reads an event from the store
   */
  OrderSagaTurn(
      OrderSagaStore store,
      OrderStepGateway gateway,
      Function<EventReference, EventMessage<?>> events,
      AnnotationSagaMetaModelFactory models) {
    this.store = store;
    this.gateway = gateway;
    this.events = events;
    this.model = models.modelOf(OrderSaga.class);
    this.interceptors = models.chainedInterceptor(OrderSaga.class);
  }

  /** The id of the saga of an order, its only association. */
  static AssociationValue association(OrderId order) {
    return new AssociationValue(OrderSaga.ORDER, order.toString());
  }

  /** The order that an event of an order or its shipment is about. */
  static OrderId order(EventMessage<?> event) {
    return switch (event.getPayload()) {
      case OrderEvent ordered -> ordered.order();
      case ShipmentEvent shipped -> order(shipped);
      default -> throw new IllegalArgumentException("not about an order: " + event);
    };
  }

  /** The order of a shipment, which has its id as reference. */
  static OrderId order(ShipmentEvent event) {
    return new OrderId(event.shipment().tenant(), event.reference());
  }

  /**
   * Returns what to store; null if nothing has changed.
   *
   * @param stored the saga's row, if there is one
   */
  @Nullable OrderSagaChange run(OrderId order, @Nullable StoredOrderSaga stored, Work work) {
    try {
      return switch (work) {
        case Work.Events(List<ReceivedEvent> received) -> handle(order, stored, received);
        case Work.WakeUp _ -> stored == null || !isDue(stored) ? null : wake(order, stored);
      };
    } catch (Exception | StackOverflowError | LinkageError failure) {
      LOG.warn("saga parked order={}", order, failure);
      return park(order, stored, work, ForeignText.line(failure.toString(), "it failed"));
    }
  }

  private @Nullable OrderSagaChange handle(
      OrderId order, @Nullable StoredOrderSaga stored, List<ReceivedEvent> received) {
    if (stored == null && received.stream().noneMatch(OrderSagaTurn::isStart)) {
      return null; // the saga has ended
    }
    if (stored != null && stored.parked() != null) {
      return park(order, stored, new Work.Events(received), "earlier events wait");
    }
    AnnotatedSaga<OrderSaga> saga = saga(order, stored);
    received.forEach(event -> handle(saga, event));
    return change(order, stored, saga);
  }

  private @Nullable OrderSagaChange wake(OrderId order, StoredOrderSaga stored) {
    AnnotatedSaga<OrderSaga> saga = saga(order, stored);
    if (stored.parked() != null) {
      stored.parked().stream()
          .map(events)
          .forEach(event -> handle(saga, new ReceivedEvent(event, Context.root())));
    }
    OrderSaga root = saga.root();
    if (saga.isActive() && (stored.parked() == null || root.progress().wakeAt() == null)) {
      saga.execute(OrderSaga::onDeadline);
    }
    return saga.isActive()
        ? new Kept(order, stored.version(), root)
        : new Ended(order, stored.version());
  }

  private AnnotatedSaga<OrderSaga> saga(OrderId order, @Nullable StoredOrderSaga stored) {
    OrderSaga saga = stored == null ? new OrderSaga() : store.read(stored);
    return new AnnotatedSaga<>(
        order.toString(), Set.of(association(order)), saga.with(gateway), model, interceptors);
  }

  private static void handle(AnnotatedSaga<OrderSaga> saga, ReceivedEvent event) {
    if (saga.root().hasStarted() || isStart(event)) {
      try (Scope _ = event.trace().makeCurrent()) {
        saga.handle(event.message());
      }
    }
  }

  private static @Nullable OrderSagaChange change(
      OrderId order, @Nullable StoredOrderSaga stored, AnnotatedSaga<OrderSaga> saga) {
    int version = stored == null ? OrderSagaChange.NEW : stored.version();
    if (!saga.isActive()) {
      return stored == null ? null : new Ended(order, version);
    }
    return saga.root().progress().hasChanged() ? new Kept(order, version, saga.root()) : null;
  }

  private OrderSagaChange park(
      OrderId order, @Nullable StoredOrderSaga stored, Work work, String error) {
    List<EventReference> waiting = new ArrayList<>();
    if (stored != null && stored.parked() != null) {
      waiting.addAll(stored.parked());
    }
    if (work instanceof Work.Events(List<ReceivedEvent> received)) {
      received.forEach(event -> waiting.add(EventReference.of(event.message())));
    }
    Instant retryAt = gateway.now().plus(PARKED_FOR);
    int version = stored == null ? OrderSagaChange.NEW : stored.version();
    return new Parked(order, version, waiting, error, retryAt);
  }

  private boolean isDue(StoredOrderSaga stored) {
    return stored.wakeAt() != null && !stored.wakeAt().isAfter(gateway.now());
  }

  private static boolean isStart(ReceivedEvent event) {
    return event.message().getPayload() instanceof OrderPlaced;
  }
}
