package io.kontor.integration.outbox;

import static java.util.Objects.requireNonNull;

import io.kontor.api.integration.IntegrationEventTypes;
import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.eventstore.subscription.TokenOnlyTransactions;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.integration.kafka.TopicInitializer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes events as they are stored, on one node at a time: the one that holds the token's claim
 * in PostgreSQL. The checkpoint is kept in Kafka, since only there it is written in the transaction
 * of the records; the token follows it, for operators and metrics. While Kafka is not reachable it
 * retries, at most a minute apart.
 */
public final class EventPublisher implements SmartLifecycle {
  /** The event processor's name. */
  public static final String PROCESSOR = "integration-events";

  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
  private static final String BATCH = "Publisher/Batch";

  private final StreamableMessageSource<TrackedEventMessage<?>> events;
  private final TokenStore tokens;
  private final TransactionManager transactions;
  private final KafkaProperties settings;
  private final TopicInitializer topics;
  private final CloudEventMapper mapper;
  private final PublishedCheckpoint checkpoint;
  private final Counter published;
  private final TrackingEventProcessor processor;

  /** Identity of the bank's database. */
  private volatile @Nullable String bank;

  /** Why publishing stopped: the published events are not those in the database. */
  private volatile @Nullable String refusal;

  /** Used only by the processor's single thread. */
  private @Nullable FencedProducerSession session;

  public EventPublisher(
      StreamableMessageSource<TrackedEventMessage<?>> events,
      TokenStore tokens,
      TransactionManager transactions,
      KafkaProperties settings,
      MeterRegistry meters) {
    this.events = events;
    this.tokens = tokens;
    this.transactions = transactions;
    this.settings = settings;
    this.topics = new TopicInitializer(settings);
    this.mapper = new CloudEventMapper(settings);
    this.checkpoint = new PublishedCheckpoint(settings);
    this.published =
        Counter.builder("kontor.kafka.published")
            .description("records that this node published")
            .register(meters);
    this.processor =
        TrackingEventProcessor.builder()
            .name(PROCESSOR)
            .eventHandlerInvoker(new Batches())
            .messageSource(this::beginSession)
            .tokenStore(tokens)
            .transactionManager(new TokenOnlyTransactions(transactions))
            .storingTokensAfterProcessing()
            .trackingEventProcessorConfiguration(
                TokenClaimSettings.sought(
                    TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andInitialTrackingToken(StreamableMessageSource::createTailToken)
                        .andBatchSize(settings.batchSize())))
            .build();
  }

  /** Whether this node should publish but fails. */
  public boolean isFailing() {
    return processor.isError()
        || processor.processingStatus().values().stream()
            .anyMatch(EventTrackerStatus::isErrorState);
  }

  /** Why this node does not publish until an operator decides; empty when it may. */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** Starts at the checkpoint in Kafka, not at the token. */
  private BlockingStream<TrackedEventMessage<?>> beginSession(@Nullable TrackingToken token) {
    topics.require(IntegrationEventTypes.topics().stream().map(settings::topic).toList());
    topics.requireCompacted(checkpoint.topic());
    TrackingToken head = events.createHeadToken();
    long last = head == null ? 0 : head.position().orElse(0);
    try {
      session =
          FencedProducerSession.begin(
              settings, mapper, checkpoint, requireNonNull(bank), last, this::eventsAfter);
      refusal = null;
      return session;
    } catch (ForeignProgressException refused) {
      if (refusal == null) {
        LOG.error("publisher stopped reason=\"{}\"", refused.getMessage());
      }
      refusal = refused.getMessage();
      throw refused;
    }
  }

  private BlockingStream<TrackedEventMessage<?>> eventsAfter(long position) {
    return events.openStream(position == 0 ? null : new GlobalSequenceTrackingToken(position));
  }

  @Override
  public void start() {
    bank = transactions.fetchInTransaction(() -> tokens.retrieveStorageIdentifier().orElseThrow());
    processor.start();
  }

  @Override
  public void stop() {
    processor.shutDown();
  }

  @Override
  public boolean isRunning() {
    return processor.isRunning();
  }

  /** Collects the events of a unit of work and publishes them with the last one. */
  private final class Batches implements EventHandlerInvoker {
    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
      return true;
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) {
      UnitOfWork<?> unit = CurrentUnitOfWork.get();
      List<EventMessage<?>> batch = unit.getOrComputeResource(BATCH, key -> new ArrayList<>());
      batch.add(event);
      if (!(unit instanceof BatchingUnitOfWork<?> more) || more.isLastMessage()) {
        published.increment(requireNonNull(session).publish(batch));
      }
    }

    @Override
    public boolean supportsReset() {
      return false;
    }
  }
}
