package io.kontor.sagas.order;

import io.kontor.api.shipment.ShipmentEvent;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.axonframework.modelling.saga.AssociationResolver;

/** Associates a shipment event with its order: the shipment's tenant and reference. */
public final class ShipmentAssociationResolver implements AssociationResolver {
  /** For the framework. */
  public ShipmentAssociationResolver() {}

  @Override
  public <T> void validate(String property, MessageHandlingMember<T> handler) {
    if (!ShipmentEvent.class.isAssignableFrom(handler.payloadType())) {
      throw new IllegalArgumentException("not a handler of shipment events: " + handler);
    }
  }

  @Override
  public <T> Object resolve(
      String property, EventMessage<?> message, MessageHandlingMember<T> handler) {
    return OrderSagaTurn.order((ShipmentEvent) message.getPayload());
  }
}
