package io.kontor.sagas.order;

import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;

/**
 * Where an event is in the store.
 *
 * @param sequence its number in the stream
 */
record EventReference(String stream, long sequence) {
  static EventReference of(EventMessage<?> event) {
    var stored = (DomainEventMessage<?>) event;
    return new EventReference(stored.getAggregateIdentifier(), stored.getSequenceNumber());
  }
}
