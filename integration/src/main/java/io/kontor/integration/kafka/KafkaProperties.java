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
 * Where Kafka is and what is done there: {@code kontor.kafka.*}.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param properties handed to every client of Kafka's as they are, security above all
 * @param topicPrefix what this bank's own topics begin with
 * @param partitions of a topic that is created
 * @param replicationFactor of a topic that is created; -1 for the broker's default
 * @param createTopics whether topics that are missing are created
 * @param batchSize most events in one of Kafka's transactions
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

  /** What exactly once rests on is not to be set otherwise. */
  private static final Set<String> OURS =
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
   * Payments that come from outside.
   *
   * @param enabled whether they are taken
   * @param topic where they come from
   * @param deadLetters where those go that are none
   * @param group the consumer group of all nodes together
   * @param concurrency how many of a node's threads take them
   */
  public record Inbound(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("payments.inbound") String topic,
      @DefaultValue("payments.inbound.dlt") String deadLetters,
      @DefaultValue("kontor.payments.inbound") String group,
      @DefaultValue("3") int concurrency) {}

  /**
   * @throws IllegalArgumentException when it can't be meant, with one line that says what would be
   */
  public KafkaProperties {
    that(
        !bootstrapServers.isEmpty(),
        "bootstrap-servers is empty: leave it out to do without Kafka, or name brokers, such as kafka-1:9092,kafka-2:9092");
    for (String server : bootstrapServers) {
      that(
          isAddress(server),
          "bootstrap-servers names '%s', which is not host:port, such as kafka-1:9092"
              .formatted(server));
    }
    Set<String> taken = new TreeSet<>(properties.keySet());
    taken.retainAll(OURS);
    that(taken.isEmpty(), "properties must not set %s, which Kontor sets itself".formatted(taken));
    for (String topic :
        List.of(topicPrefix, inbound.topic(), inbound.deadLetters(), inbound.group())) {
      that(
          TOPIC.matcher(topic).matches(),
          "'%s' is no name: topics, their prefix and groups are 1 to 200 letters, digits, dots, hyphens or underscores"
              .formatted(topic));
    }
    that(
        !inbound.topic().equals(inbound.deadLetters()),
        "inbound.topic and inbound.dead-letters are the same: dead letters would come back");
    between("partitions", partitions, 1, 1_000);
    that(
        replicationFactor == -1 || replicationFactor > 0,
        "replication-factor is %d, it must be -1 (the broker's default) or more than 0"
            .formatted(replicationFactor));
    between("batch-size", batchSize, 1, 10_000);
    between("inbound.concurrency", inbound.concurrency(), 1, 100);
    properties = Map.copyOf(properties);
  }

  /**
   * What the configuration says.
   *
   * @throws IllegalArgumentException when it can't be meant, with one line that says what would be
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

  /** What every client is told. Where no answer comes, ours learn it in seconds. */
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
    that(
        value >= least && value <= most,
        "%s is %d, it must be %d to %d".formatted(name, value, least, most));
  }

  private static void that(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(PREFIX + ": " + otherwise);
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
