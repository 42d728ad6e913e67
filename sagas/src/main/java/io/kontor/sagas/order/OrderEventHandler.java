package io.kontor.sagas.order;

import io.kontor.api.order.OrderEvent;
import io.kontor.api.order.OrderId;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.sagas.order.OrderSagaTurn.ReceivedEvent;
import io.kontor.sagas.order.OrderSagaTurn.Work;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.ConcludesBatch;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Collects the events of a batch and has the sagas of their orders handle them, all at the same
 * time. The sagas and the token are stored in one transaction; until then the token's claim is
 * extended, and a node that has lost it stores nothing.
 */
@ProcessingGroup(OrderSaga.PROCESSOR)
final class OrderEventHandler {
  private static final String BATCH = "OrderEventHandler/Batch";

  /** Where Axon keeps the segment of a batch. */
  private static final String SEGMENT = "Processor[%s]/SegmentId".formatted(OrderSaga.PROCESSOR);

  private final OrderSagaRunner sagas;
  private final TokenStore tokens;
  private final TransactionManager transactions;

  OrderEventHandler(OrderSagaRunner sagas, TokenStore tokens, TransactionManager transactions) {
    this.sagas = sagas;
    this.tokens = tokens;
    this.transactions = transactions;
  }

  @EventHandler(payloadType = OrderEvent.class)
  void onOrderEvent(EventMessage<?> message, @ConcludesBatch boolean isLast)
      throws InterruptedException {
    collect(message, isLast);
  }

  @EventHandler(payloadType = ShipmentEvent.class)
  void onShipmentEvent(EventMessage<?> message, @ConcludesBatch boolean isLast)
      throws InterruptedException {
    collect(message, isLast);
  }

  private void collect(EventMessage<?> message, boolean isLast) throws InterruptedException {
    UnitOfWork<?> unit = CurrentUnitOfWork.get();
    Map<OrderId, List<ReceivedEvent>> batch =
        unit.getOrComputeResource(BATCH, key -> new LinkedHashMap<>());
    batch
        .computeIfAbsent(OrderSagaTurn.order(message), first -> new ArrayList<>())
        .add(new ReceivedEvent(message, Context.current()));
    if (isLast) {
      int segment = unit.getResource(SEGMENT);
      Map<OrderId, Work> work = new LinkedHashMap<>();
      batch.forEach((one, events) -> work.put(one, new Work.Events(events)));
      Transaction transaction = sagas.run(work, () -> extendClaim(segment));
      unit.onCommit(done -> transaction.commit());
      unit.onRollback(failed -> transaction.rollback());
    }
  }

  private void extendClaim(int segment) {
    transactions.executeInTransaction(() -> tokens.extendClaim(OrderSaga.PROCESSOR, segment));
  }
}
