package io.kontor.sagas.order;

import java.util.Objects;
import java.util.Set;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.ScopeDescriptor;
import org.axonframework.modelling.saga.AnnotatedSagaManager;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.SagaScopeDescriptor;

/**
 * Finds an order's saga by the order's id, which is also the saga's id and its only association. So
 * each event belongs to one segment, and one look-up by primary key finds its saga.
 */
final class OrderSagaManager extends AnnotatedSagaManager<OrderSaga> {
  /** The saga's former class name, which deadlines that still wait may hold. */
  private static final String FORMER_NAME = "OrderFulfilment";

  private static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

  OrderSagaManager(AnnotatedSagaManager.Builder<OrderSaga> settings) {
    super(settings);
  }

  @Override
  public boolean canHandle(EventMessage<?> event, Segment segment) {
    return super.canHandle(event, segment)
        && extractAssociationValues(event).stream().anyMatch(segment::matches);
  }

  @Override
  public void handle(EventMessage<?> event, Segment segment) throws Exception {
    Set<AssociationValue> order = extractAssociationValues(event);
    if (order.size() != 1) {
      throw new IllegalStateException("an event of one order was expected, not of " + order);
    }
    ScopedValue.where(CURRENT, order.iterator().next().getValue())
        .<Object, Exception>call(
            () -> {
              super.handle(event, segment);
              return Segment.class;
            });
  }

  @Override
  protected String createSagaIdentifier(Segment segment) {
    return Objects.requireNonNull(CURRENT.get());
  }

  @Override
  protected boolean matchesSegment(Segment segment, String saga) {
    return segment.matches(new AssociationValue(OrderSaga.ORDER, saga));
  }

  @Override
  public boolean canResolve(ScopeDescriptor scope) {
    return super.canResolve(renamed(scope));
  }

  @Override
  public void send(Message<?> deadline, ScopeDescriptor scope) throws Exception {
    super.send(deadline, renamed(scope));
  }

  private static ScopeDescriptor renamed(ScopeDescriptor scope) {
    return scope instanceof SagaScopeDescriptor saga && saga.getType().equals(FORMER_NAME)
        ? new SagaScopeDescriptor(OrderSaga.class.getSimpleName(), saga.getIdentifier())
        : scope;
  }
}
