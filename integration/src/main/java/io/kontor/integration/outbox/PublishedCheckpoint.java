package io.kontor.integration.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.kontor.integration.kafka.KafkaProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The publisher's checkpoint: a record in a compacted Kafka topic, written in the transaction of
 * the records it covers, so that no failure can make the two differ.
 */
final class PublishedCheckpoint {
  private static final String KEY = "published";
  private static final int FIRST_LOOK_BACK = 16;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final KafkaProperties settings;
  private final JsonMapper json = JsonMapper.builder().build();

  PublishedCheckpoint(KafkaProperties settings) {
    this.settings = settings;
  }

  /**
   * The last published event.
   *
   * @param bank identity of the bank's database
   * @param position of the last event that was published
   * @param event its identifier; null when written by an older release without it
   */
  record Reached(String bank, long position, @Nullable String event) {}

  /** The topic that holds the checkpoint. */
  String topic() {
    return settings.topic("publisher");
  }

  ProducerRecord<String, byte[]> record(Reached reached) {
    return new ProducerRecord<>(topic(), 0, KEY, json.writeValueAsBytes(reached));
  }

  /**
   * The last committed checkpoint. It is final only after all other producers are fenced.
   *
   * @throws TimeoutException when Kafka does not respond in time
   */
  Optional<Reached> read() {
    Map<String, Object> client = settings.clients();
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    client.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    try (var consumer =
        new KafkaConsumer<>(client, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partition = new TopicPartition(topic(), 0);
      consumer.assign(List.of(partition));
      long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
      long beginning = requireNonNull(consumer.beginningOffsets(List.of(partition)).get(partition));
      // Read backwards: before compaction the topic may hold millions of records.
      for (long back = FIRST_LOOK_BACK; ; back *= 16) {
        long start = Math.max(beginning, end - back);
        Optional<Reached> last = lastBetween(consumer, partition, start, end);
        if (last.isPresent() || start == beginning) {
          return last;
        }
      }
    }
  }

  private Optional<Reached> lastBetween(
      KafkaConsumer<String, byte[]> consumer, TopicPartition partition, long start, long end) {
    Optional<Reached> last = Optional.empty();
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    consumer.seek(partition, start);
    while (consumer.position(partition) < end) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("what was published can't be read from " + topic());
      }
      for (ConsumerRecord<String, byte[]> one : consumer.poll(POLL)) {
        last = Optional.of(json.readValue(new String(one.value(), UTF_8), Reached.class));
      }
    }
    return last;
  }
}
