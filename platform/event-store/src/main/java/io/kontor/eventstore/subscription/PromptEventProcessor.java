package io.kontor.eventstore.subscription;

import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventProcessorSpanFactory;
import org.axonframework.eventhandling.TrackingEventProcessor;

/**
 * A tracking processor that is back soon after an outage: Axon doubles the pause between retries up
 * to a minute, for which read models and processes would stay behind.
 */
public class PromptEventProcessor extends TrackingEventProcessor {
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  public PromptEventProcessor(Builder settings) {
    super(settings);
  }

  /** The settings of a processor with what is configured for it by name. */
  public static Builder settings(String name, Configuration axon, EventHandlerInvoker invoker) {
    var processing = axon.eventProcessingConfiguration();
    return TrackingEventProcessor.builder()
        .name(name)
        .eventHandlerInvoker(invoker)
        .rollbackConfiguration(processing.rollbackConfiguration(name))
        .errorHandler(processing.errorHandler(name))
        .messageMonitor(processing.messageMonitor(TrackingEventProcessor.class, name))
        .spanFactory(axon.getComponent(EventProcessorSpanFactory.class))
        .messageSource(axon.eventStore())
        .tokenStore(processing.tokenStore(name))
        .transactionManager(processing.transactionManager(name));
  }

  @Override
  protected void doSleepFor(long millisToSleep) {
    super.doSleepFor(Math.min(millisToSleep, LONGEST_PAUSE_MILLIS));
  }
}
