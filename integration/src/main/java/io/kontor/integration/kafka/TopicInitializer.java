package io.kontor.integration.kafka;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates missing Kafka topics. */
public final class TopicInitializer {
  private static final long TIMEOUT_SECONDS = 5;
  private static final long RETRY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final KafkaProperties settings;

  public TopicInitializer(KafkaProperties settings) {
    this.settings = settings;
  }

  /**
   * Creates missing topics with the configured number of partitions.
   *
   * @throws KafkaException when Kafka is not reachable
   */
  public void require(List<String> names) {
    if (settings.createTopics()) {
      create(names.stream().map(name -> topic(name, settings.partitions())).toList());
    }
  }

  /**
   * Creates the topic if it is missing, compacted, so that it keeps the last record of each key.
   *
   * @throws KafkaException when Kafka is not reachable, or the topic is not compacted
   */
  public void requireCompacted(String name) {
    if (settings.createTopics()) {
      create(
          List.of(
              topic(name, 1)
                  .configs(
                      Map.of(
                          TopicConfig.CLEANUP_POLICY_CONFIG,
                          TopicConfig.CLEANUP_POLICY_COMPACT,
                          TopicConfig.SEGMENT_MS_CONFIG,
                          Long.toString(TimeUnit.DAYS.toMillis(1))))));
    }
    String policy = cleanupPolicy(name);
    if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      throw new KafkaException(
          "topic %s has cleanup.policy=%s and would forget what was published: set it to compact"
              .formatted(name, policy));
    }
  }

  private NewTopic topic(String name, int partitions) {
    return new NewTopic(
        name,
        Optional.of(partitions),
        Optional.of(settings.replicationFactor()).filter(factor -> factor > 0));
  }

  /** Retries, since not every broker knows a topic that was created just now. */
  private String cleanupPolicy(String name) {
    var topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    try (Admin admin = admin()) {
      while (true) {
        try {
          return requireNonNull(get(admin.describeConfigs(List.of(topic)).all()).get(topic))
              .get(TopicConfig.CLEANUP_POLICY_CONFIG)
              .value();
        } catch (UnknownTopicOrPartitionException notYet) {
          if (System.nanoTime() > deadline) {
            throw notYet;
          }
          LockSupport.parkNanos(RETRY_PAUSE_NANOS);
        }
      }
    }
  }

  private void create(List<NewTopic> topics) {
    try (Admin admin = admin()) {
      admin.createTopics(topics).values().values().forEach(TopicInitializer::requireCreated);
    }
  }

  private static void requireCreated(KafkaFuture<Void> created) {
    try {
      get(created);
    } catch (TopicExistsException _) {
      // already there
    }
  }

  private Admin admin() {
    Map<String, Object> client = settings.clients();
    client.putIfAbsent("default.api.timeout.ms", (int) TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
    client.putIfAbsent("request.timeout.ms", (int) TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS) / 2);
    return Admin.create(client);
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(2 * TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof KafkaException cause
          ? cause
          : new KafkaException(failed.getCause());
    } catch (TimeoutException late) {
      throw new KafkaException("Kafka does not answer", late);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new KafkaException(stopping);
    }
  }
}
