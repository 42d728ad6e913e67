package io.kontor.eventstore.read;

import io.kontor.tenancy.StreamId;
import java.util.Collection;
import java.util.Map;
import org.axonframework.eventhandling.DomainEventMessage;

/** Reads what many streams of the current tenant began with. */
public interface FirstEvents {
  /** The first event of each stream that has one, in one query where the store allows it. */
  Map<StreamId, DomainEventMessage<?>> of(Collection<StreamId> streams);
}
