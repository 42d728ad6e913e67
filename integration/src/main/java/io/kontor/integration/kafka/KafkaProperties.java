package io.kontor.integration.kafka;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.validation.annotation.Validated;

/**
 * The Kafka connection and its use.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas; without them there is no
 *     Kafka
 * @param properties passed unchanged to every Kafka client, mainly for security, such as {@code
 *     kontor.kafka.properties.security.protocol=SASL_SSL} ({@code
 *     KONTOR_KAFKA_PROPERTIES_SECURITY_PROTOCOL}) and {@code sasl.jaas.config}. What exactly-once
 *     delivery depends on (acks, isolation, ids, offsets, serializers) is rejected
 * @param topicPrefix prefix of this bank's own topics and of its transactional id; each bank on one
 *     Kafka needs its own
 * @param partitions of a topic that is created
 * @param replicationFactor of a topic that is created; -1 for the broker's default
 * @param createTopics whether missing topics are created
 * @param batchSize events in one Kafka transaction at most
 */
@ConfigurationProperties(KafkaProperties.PREFIX)
@Validated
public record KafkaProperties(
    List<String> bootstrapServers,
    @DefaultValue Map<String, String> properties,
    @DefaultValue("kontor") @Pattern(regexp = NAME, message = NO_NAME) String topicPrefix,
    @DefaultValue("6") @Min(1) @Max(1_000) int partitions,
    @DefaultValue("-1") @Min(-1) short replicationFactor,
    @DefaultValue("true") boolean createTopics,
    @DefaultValue("1000") @Min(1) @Max(10_000) int batchSize,
    @DefaultValue @Valid Inbound inbound) {
  static final String PREFIX = "kontor.kafka";

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,199}";
  private static final String NO_NAME =
      "must be 1 to 200 letters, digits, dots, hyphens or underscores";

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
   * @param concurrency consumer threads per node; more than the topic has partitions are of no use
   */
  public record Inbound(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("payments.inbound") @Pattern(regexp = NAME, message = NO_NAME) String topic,
      @DefaultValue("payments.inbound.dlt") @Pattern(regexp = NAME, message = NO_NAME)
          String deadLetters,
      @DefaultValue("kontor.payments.inbound") @Pattern(regexp = NAME, message = NO_NAME)
          String group,
      @DefaultValue("3") @Min(1) @Max(100) int concurrency) {}

  /**
   * @throws InvalidConfigurationPropertyValueException when a value is invalid
   */
  public KafkaProperties {
    properties = Map.copyOf(properties);
    if (bootstrapServers.isEmpty()) {
      throw invalid(
          "bootstrap-servers",
          "",
          "leave it out to do without Kafka, or name brokers, such as kafka-1:9092,kafka-2:9092");
    }
    for (String server : bootstrapServers) {
      if (!isAddress(server)) {
        throw invalid(
            "bootstrap-servers",
            server,
            "must be host:port, such as kafka-1:9092, several separated by commas");
      }
    }
    requireClientProperties(bootstrapServers, properties);
    if (replicationFactor == 0) {
      throw invalid("replication-factor", 0, "must be -1 (the broker's default) or more than 0");
    }
    if (inbound.topic().equals(inbound.deadLetters())) {
      throw invalid(
          "inbound.dead-letters",
          inbound.deadLetters(),
          "must not be inbound.topic: dead letters would come back");
    }
  }

  /** Values are not shown, since some are secret. */
  private static void requireClientProperties(
      List<String> bootstrapServers, Map<String, String> properties) {
    for (String reserved : new TreeSet<>(properties.keySet())) {
      if (RESERVED.contains(reserved)) {
        throw invalid("properties." + reserved, "******", "must not be set: Kontor sets it itself");
      }
    }
    try {
      new AdminClientConfig(clients(bootstrapServers, properties));
    } catch (ConfigException rejected) {
      throw invalid("properties", "******", rejected.getMessage());
    }
  }

  private static InvalidConfigurationPropertyValueException invalid(
      String name, Object value, @Nullable String reason) {
    return new InvalidConfigurationPropertyValueException(PREFIX + "." + name, value, reason);
  }

  /** Properties common to every Kafka client, with a reconnect backoff of at most 5 seconds. */
  public Map<String, Object> clients() {
    return clients(bootstrapServers, properties);
  }

  private static Map<String, Object> clients(
      List<String> bootstrapServers, Map<String, String> properties) {
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
}
