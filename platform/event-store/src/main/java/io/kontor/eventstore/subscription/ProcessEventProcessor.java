package io.kontor.eventstore.subscription;

import io.kontor.eventstore.read.MovedEvents;
import java.util.Collection;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;

/**
 * A processor whose handlers have effects. It passes over the events of tenants that moved here:
 * what they cause was done, or is under way and moved along.
 */
public final class ProcessEventProcessor extends PromptEventProcessor {

  public ProcessEventProcessor(Builder settings) {
    super(settings);
  }

  @Override
  protected boolean canHandle(EventMessage<?> event, Collection<Segment> segments)
      throws Exception {
    return !MovedEvents.isMarked(event) && super.canHandle(event, segments);
  }
}
