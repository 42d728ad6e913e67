package io.kontor.integration.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * The Kafka connection and its use: {@code kontor.kafka.*}.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param properties passed unchanged to every Kafka client, mainly for security
 * @param topicPrefix prefix of this bank's own topics
 * @param partitions of a topic that is created
 * @param replicationFactor of a topic that is created; -1 for the broker's default
 * @param createTopics whether missing topics are created
 * @param batchSize maximum number of events in one Kafka transaction
 */
public record KafkaProperties(
    List<String> bootstrapServers,
    @DefaultValue Map<String, String> properties,
    @DefaultValue("kontor") String topicPrefix,
    @DefaultValue("6") int partitions,
    @DefaultValue("-1") short replicationFactor,
    @DefaultValue("true") boolean createTopics,
    @DefaultValue("1000") int batchSize,
    @DefaultValue Inbound inbound) {
  private static final String PREFIX = "kontor.kafka";
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  /** Properties that exactly-once delivery depends on; the configuration must not override them. */
  private static final Set<String> RESERVED =
      Set.of(
          CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG);

  /**
   * Inbound payments.
   *
   * @param enabled whether they are consumed
   * @param topic the topic they are read from
   * @param deadLetters the topic for messages that can't be booked
   * @param group the consumer group of all nodes together
   * @param concurrency number of consumer threads per node
   */
  public record Inbound(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("payments.inbound") String topic,
      @DefaultValue("payments.inbound.dlt") String deadLetters,
      @DefaultValue("kontor.payments.inbound") String group,
      @DefaultValue("3") int concurrency) {}

  /**
   * @throws IllegalArgumentException when a value is invalid; the one-line message names a valid
   *     one
   */
  public KafkaProperties {
    require(
        !bootstrapServers.isEmpty(),
        "bootstrap-servers is empty: leave it out to do without Kafka, or name brokers, such as kafka-1:9092,kafka-2:9092");
    for (String server : bootstrapServers) {
      require(
          isAddress(server),
          "bootstrap-servers names '%s', which is not host:port, such as kafka-1:9092"
              .formatted(server));
    }
    Set<String> taken = new TreeSet<>(properties.keySet());
    taken.retainAll(RESERVED);
    require(
        taken.isEmpty(), "properties must not set %s, which Kontor sets itself".formatted(taken));
    for (String topic :
        List.of(topicPrefix, inbound.topic(), inbound.deadLetters(), inbound.group())) {
      require(
          TOPIC.matcher(topic).matches(),
          "'%s' is no name: topics, their prefix and groups are 1 to 200 letters, digits, dots, hyphens or underscores"
              .formatted(topic));
    }
    require(
        !inbound.topic().equals(inbound.deadLetters()),
        "inbound.topic and inbound.dead-letters are the same: dead letters would come back");
    between("partitions", partitions, 1, 1_000);
    require(
        replicationFactor == -1 || replicationFactor > 0,
        "replication-factor is %d, it must be -1 (the broker's default) or more than 0"
            .formatted(replicationFactor));
    between("batch-size", batchSize, 1, 10_000);
    between("inbound.concurrency", inbound.concurrency(), 1, 100);
    properties = Map.copyOf(properties);
  }

  /**
   * Binds and validates the configuration.
   *
   * @throws IllegalArgumentException when a value is invalid; the one-line message names a valid
   *     one
   */
  public static KafkaProperties of(Environment environment) {
    try {
      KafkaProperties settings =
          Binder.get(environment).bindOrCreate(PREFIX, Bindable.of(KafkaProperties.class));
      new AdminClientConfig(settings.clients());
      return settings;
    } catch (ConfigException refused) {
      throw new IllegalArgumentException(
          "%s.properties: %s".formatted(PREFIX, refused.getMessage()), refused);
    } catch (BindException failed) {
      throw new IllegalArgumentException(reason(failed), failed);
    }
  }

  /** Properties common to every Kafka client, with a reconnect backoff of at most 5 seconds. */
  public Map<String, Object> clients() {
    Map<String, Object> clients = new HashMap<>();
    clients.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);
    clients.putAll(properties);
    clients.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", bootstrapServers));
    return clients;
  }

  /** A topic of this bank's own. */
  public String topic(String name) {
    return topicPrefix + "." + name;
  }

  private static boolean isAddress(String server) {
    return Utils.getHost(server) != null && Utils.getPort(server) != null;
  }

  private static void between(String name, int value, int least, int most) {
    require(
        value >= least && value <= most,
        "%s is %d, it must be %d to %d".formatted(name, value, least, most));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(PREFIX + ": " + message);
    }
  }

  private static String reason(BindException failed) {
    for (@Nullable Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException
          && cause.getMessage() != null
          && cause.getMessage().startsWith(PREFIX + ":")) {
        return cause.getMessage();
      }
    }
    return "%s can't be '%s'"
        .formatted(
            failed.getName(), failed.getProperty() == null ? "" : failed.getProperty().getValue());
  }
}
