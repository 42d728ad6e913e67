package io.kontor.sagas.order;

import io.kontor.api.order.OrderId;
import java.time.Instant;
import java.util.List;

/**
 * What came of an order's turn, to be stored if the saga's row is still of the version that the
 * turn began with.
 */
sealed interface OrderSagaChange {
  /** The version of a saga that has no row yet. */
  int NEW = 0;

  OrderId order();

  int version();

  /** The saga goes on. */
  record Kept(OrderId order, int version, OrderSaga saga) implements OrderSagaChange {}

  /** The saga has ended. */
  record Ended(OrderId order, int version) implements OrderSagaChange {}

  /**
   * The saga could not handle events; its state stays as it was.
   *
   * @param events all that wait to be handled
   */
  record Parked(
      OrderId order, int version, List<EventReference> events, String error, Instant retryAt)
      implements OrderSagaChange {
    public Parked {
      events = List.copyOf(events);
    }
  }
}
