package io.kontor.integration.outbox;

import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.integration.outbox.PublishedCheckpoint.Reached;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * One node's publishing session. It starts by fencing the previous producer on any node, which
 * aborts that producer's open transaction; then it reads the checkpoint from Kafka and opens the
 * event stream there. The first failure ends it, and a new session starts.
 */
final class FencedProducerSession implements BlockingStream<TrackedEventMessage<?>> {
  private static final String SEE = " docs/integration.md on restored databases";
  private static final Reached NOTHING = new Reached("", 0, null);

  private final Producer<String, byte[]> producer;
  private final CloudEventMapper mapper;
  private final PublishedCheckpoint checkpoint;
  private final String bank;
  private final BlockingStream<TrackedEventMessage<?>> events;

  /**
   * Starts a session.
   *
   * @param head the event store's last position
   * @param store opens the event stream after a position
   * @throws org.apache.kafka.common.KafkaException when Kafka is not reachable
   * @throws ForeignProgressException when the published events are not those of this bank
   */
  static FencedProducerSession begin(
      KafkaProperties settings,
      CloudEventMapper mapper,
      PublishedCheckpoint checkpoint,
      String bank,
      long head,
      LongFunction<? extends BlockingStream<TrackedEventMessage<?>>> store) {
    var producer =
        new KafkaProducer<>(client(settings), new StringSerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      Reached reached = checkpoint.read().orElse(NOTHING);
      if (reached.position() == 0) {
        return new FencedProducerSession(producer, mapper, checkpoint, bank, store.apply(0));
      }
      requireKnown(reached, checkpoint, bank, head);
      var session =
          new FencedProducerSession(
              producer, mapper, checkpoint, bank, store.apply(reached.position() - 1));
      try {
        session.skipLastPublished(reached);
      } catch (RuntimeException failed) {
        session.events.close();
        throw failed;
      }
      return session;
    } catch (RuntimeException failed) {
      producer.close(Duration.ZERO);
      throw failed;
    }
  }

  private FencedProducerSession(
      Producer<String, byte[]> producer,
      CloudEventMapper mapper,
      PublishedCheckpoint checkpoint,
      String bank,
      BlockingStream<TrackedEventMessage<?>> events) {
    this.producer = producer;
    this.mapper = mapper;
    this.checkpoint = checkpoint;
    this.bank = bank;
    this.events = events;
  }

  /**
   * Publishes a batch and its checkpoint in one transaction.
   *
   * @return the number of records
   * @throws org.apache.kafka.common.KafkaException when the outcome is unknown; the session is over
   */
  int publish(List<? extends EventMessage<?>> batch) {
    List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
    batch.forEach(event -> mapper.of(event).ifPresent(sent::add));
    if (sent.isEmpty()) {
      return 0;
    }
    producer.beginTransaction();
    for (var one : sent) {
      var _ = producer.send(one);
    }
    var _ = producer.send(checkpoint.record(reached(batch.getLast())));
    // Fails when any record was not acknowledged.
    producer.commitTransaction();
    return sent.size();
  }

  private static void requireKnown(
      Reached reached, PublishedCheckpoint checkpoint, String bank, long head) {
    if (!reached.bank().equals(bank)) {
      throw new ForeignProgressException(
          "topic %s belongs to another bank, with the database %s and not %s: give this one another"
                  .formatted(checkpoint.topic(), reached.bank(), bank)
              + " kontor.kafka.topic-prefix");
    }
    if (reached.position() > head) {
      throw new ForeignProgressException(
          "topic %s says that event %d was published, and the last one stored is %d: see"
                  .formatted(checkpoint.topic(), reached.position(), head)
              + SEE);
    }
  }

  /**
   * Skips the last published event after checking that it is the same: a restored database has
   * another event at that position once it has grown past it. If the checkpoint has no event
   * identifier yet, writes one with it.
   */
  private void skipLastPublished(Reached reached) {
    TrackedEventMessage<?> last = next();
    if (reached.event() == null) {
      producer.beginTransaction();
      var _ = producer.send(checkpoint.record(reached(last)));
      producer.commitTransaction();
    } else if (CloudEventMapper.position(last) != reached.position()
        || !last.getIdentifier().equals(reached.event())) {
      throw new ForeignProgressException(
          "topic %s says that event %s was published at position %d, where %s is stored: see"
                  .formatted(
                      checkpoint.topic(), reached.event(), reached.position(), last.getIdentifier())
              + SEE);
    }
  }

  private TrackedEventMessage<?> next() {
    try {
      if (events.hasNextAvailable(10, TimeUnit.SECONDS)) {
        return events.nextAvailable();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the last event that was published can't be read");
  }

  private Reached reached(EventMessage<?> last) {
    return new Reached(bank, CloudEventMapper.position(last), last.getIdentifier());
  }

  /** Timeouts shorter than the token's claim, so a failure shows before another node takes over. */
  private static Map<String, Object> client(KafkaProperties settings) {
    Map<String, Object> client = settings.clients();
    client.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 4_000);
    client.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    client.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
    client.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    client.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.topic("publisher"));
    client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    client.put(ProducerConfig.ACKS_CONFIG, "all");
    return client;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    return events.peek();
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    return events.hasNextAvailable(timeout, unit);
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    return events.nextAvailable();
  }

  /** An open transaction is aborted by Kafka after its timeout, or by the next session. */
  @Override
  public void close() {
    events.close();
    producer.close(Duration.ZERO);
  }
}
