package io.kontor.eventstore.event;

import com.github.f4b6a3.uuid.UuidCreator;
import org.axonframework.common.IdentifierFactory;

/**
 * Ids of Axon's messages: UUID version 7, unique and no secret. Axon's own come from the operating
 * system's secure random numbers, which each command would wait for three times.
 */
public final class MessageIdentifiers extends IdentifierFactory {
  @Override
  public String generateIdentifier() {
    return UuidCreator.getTimeOrderedEpochFast().toString();
  }
}
