package io.kontor.integration.outbox;

import static java.util.Objects.requireNonNull;

import io.kontor.api.integration.IntegrationEventTypes;
import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.integration.kafka.TopicInitializer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.Transaction;
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
 * Publishes events as they are stored, one node at a time. The token's claim in PostgreSQL says
 * which node; how far it is, Kafka says, since only that is written together with the records. The
 * token follows, for people and metrics. Without Kafka it tries again, at most a minute apart.
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
  private final CloudEventMapper records;
  private final PublishedCheckpoint progress;
  private final Counter published;
  private final TrackingEventProcessor processor;

  /** The identity of the bank's database. */
  private volatile @Nullable String bank;

  /** Why it stopped, if what was published is not what the database holds. */
  private volatile @Nullable String refusal;

  /** Of the processor's one thread. */
  private @Nullable FencedProducerSession turn;

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
    this.records = new CloudEventMapper(settings);
    this.progress = new PublishedCheckpoint(settings);
    this.published =
        Counter.builder("kontor.kafka.published")
            .description("records that this node published")
            .register(meters);
    this.processor =
        TrackingEventProcessor.builder()
            .name(PROCESSOR)
            .eventHandlerInvoker(new Batches())
            .messageSource(this::beginTurn)
            .tokenStore(tokens)
            .transactionManager(new ForTheTokenOnly(transactions))
            .storingTokensAfterProcessing()
            .trackingEventProcessorConfiguration(
                TokenClaimSettings.sought(
                    TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andInitialTrackingToken(StreamableMessageSource::createTailToken)
                        .andBatchSize(settings.batchSize())))
            .build();
  }

  /** Whether this node is to publish and can't. */
  public boolean isFailing() {
    return processor.isError()
        || processor.processingStatus().values().stream()
            .anyMatch(EventTrackerStatus::isErrorState);
  }

  /** Why this node does not publish before an operator has decided; empty when it may. */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** Begins where Kafka says, not where the token does. */
  private BlockingStream<TrackedEventMessage<?>> beginTurn(@Nullable TrackingToken token) {
    topics.require(IntegrationEventTypes.topics().stream().map(settings::topic).toList());
    topics.requireCompacted(progress.topic());
    TrackingToken head = events.createHeadToken();
    long last = head == null ? 0 : head.position().orElse(0);
    try {
      turn =
          FencedProducerSession.begin(
              settings, records, progress, requireNonNull(bank), last, this::eventsAfter);
      refusal = null;
      return turn;
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

  /** Gathers a unit of work's events, and publishes them when the last one is there. */
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
        published.increment(requireNonNull(turn).publish(batch));
      }
    }

    @Override
    public boolean supportsReset() {
      return false;
    }
  }

  /**
   * None is open while something is published: the token's row would be locked for as long as Kafka
   * takes, or this node is frozen, and keep another from taking over.
   */
  private record ForTheTokenOnly(TransactionManager transactions) implements TransactionManager {
    @Override
    public Transaction startTransaction() {
      return NoTransactionManager.INSTANCE.startTransaction();
    }

    @Override
    public void executeInTransaction(Runnable work) {
      transactions.executeInTransaction(work);
    }

    @Override
    public <T> T fetchInTransaction(Supplier<T> work) {
      return transactions.fetchInTransaction(work);
    }
  }
}
