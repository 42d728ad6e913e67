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
 * One node's turn at publishing. It begins with fencing off whoever published before, on whatever
 * node, whose open transaction is thereby undone; then Kafka is asked how far that one came, and
 * from there events are read. It ends with the first failure: nothing is mended, a new turn begins.
 */
final class FencedProducerSession implements BlockingStream<TrackedEventMessage<?>> {
  private static final String SEE = " docs/integration.md on restored databases";
  private static final Reached NOTHING = new Reached("", 0, null);

  private final Producer<String, byte[]> producer;
  private final CloudEventMapper records;
  private final PublishedCheckpoint progress;
  private final String bank;
  private final BlockingStream<TrackedEventMessage<?>> events;

  /**
   * Begins a turn.
   *
   * @param head the event store's last position
   * @param store opens the event store's events after a position
   * @throws org.apache.kafka.common.KafkaException when Kafka can't be asked
   * @throws ForeignProgressException when what was published is not what this bank holds
   */
  static FencedProducerSession begin(
      KafkaProperties settings,
      CloudEventMapper records,
      PublishedCheckpoint progress,
      String bank,
      long head,
      LongFunction<? extends BlockingStream<TrackedEventMessage<?>>> store) {
    var producer =
        new KafkaProducer<>(client(settings), new StringSerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      Reached reached = progress.read().orElse(NOTHING);
      if (reached.position() == 0) {
        return new FencedProducerSession(producer, records, progress, bank, store.apply(0));
      }
      requireKnown(reached, progress, bank, head);
      var turn =
          new FencedProducerSession(
              producer, records, progress, bank, store.apply(reached.position() - 1));
      try {
        turn.pass(reached);
      } catch (RuntimeException failed) {
        turn.events.close();
        throw failed;
      }
      return turn;
    } catch (RuntimeException failed) {
      producer.close(Duration.ZERO);
      throw failed;
    }
  }

  private FencedProducerSession(
      Producer<String, byte[]> producer,
      CloudEventMapper records,
      PublishedCheckpoint progress,
      String bank,
      BlockingStream<TrackedEventMessage<?>> events) {
    this.producer = producer;
    this.records = records;
    this.progress = progress;
    this.bank = bank;
    this.events = events;
  }

  /**
   * Publishes a batch, and that it is published, or nothing.
   *
   * @return how many records it was
   * @throws org.apache.kafka.common.KafkaException when it is not known to be published; the turn
   *     is over
   */
  int publish(List<? extends EventMessage<?>> batch) {
    List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
    batch.forEach(event -> records.of(event).ifPresent(sent::add));
    if (sent.isEmpty()) {
      return 0;
    }
    producer.beginTransaction();
    for (var one : sent) {
      var _ = producer.send(one);
    }
    var _ = producer.send(progress.record(reached(batch.getLast())));
    // Fails when any of them was not taken.
    producer.commitTransaction();
    return sent.size();
  }

  private static void requireKnown(
      Reached reached, PublishedCheckpoint progress, String bank, long head) {
    if (!reached.bank().equals(bank)) {
      throw new ForeignProgressException(
          "topic %s belongs to another bank, with the database %s and not %s: give this one another"
                  .formatted(progress.topic(), reached.bank(), bank)
              + " kontor.kafka.topic-prefix");
    }
    if (reached.position() > head) {
      throw new ForeignProgressException(
          "topic %s says that event %d was published, and the last one stored is %d: see"
                  .formatted(progress.topic(), reached.position(), head)
              + SEE);
    }
  }

  /**
   * Passes over the last event that was published. A database that went back in time has another
   * one there once as much has happened again. Where no identity was kept yet, it is from now on.
   */
  private void pass(Reached reached) {
    TrackedEventMessage<?> last = next();
    if (reached.event() == null) {
      producer.beginTransaction();
      var _ = producer.send(progress.record(reached(last)));
      producer.commitTransaction();
    } else if (CloudEventMapper.position(last) != reached.position()
        || !last.getIdentifier().equals(reached.event())) {
      throw new ForeignProgressException(
          "topic %s says that event %s was published at position %d, where %s is stored: see"
                  .formatted(
                      progress.topic(), reached.event(), reached.position(), last.getIdentifier())
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

  /** A failure is known before another node may claim the publisher's token. */
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

  /** Whatever is not committed is undone, by Kafka when it has waited or by the next turn. */
  @Override
  public void close() {
    events.close();
    producer.close(Duration.ZERO);
  }
}
