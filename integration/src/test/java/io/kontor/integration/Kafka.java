package io.kontor.integration;

import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.kafka.EmbeddedKafkaBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One broker for all tests, each of which has topics of its own. */
public final class Kafka {
  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final EmbeddedKafkaBroker BROKER = start();

  private Kafka() {}

  private static EmbeddedKafkaBroker start() {
    EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start();
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    return broker;
  }

  public static EmbeddedKafkaBroker broker() {
    return BROKER;
  }

  /** Settings with topics that no other test knows. */
  public static KafkaProperties settings() {
    return settings("test-" + PREFIXES.incrementAndGet(), Map.of());
  }

  public static KafkaProperties settings(String prefix, Map<String, String> properties) {
    return new KafkaProperties(
        List.of(BROKER.bootstrapServers()),
        properties,
        prefix,
        3,
        (short) -1,
        true,
        50,
        new KafkaProperties.Inbound(
            true, prefix + ".inbound", prefix + ".inbound.dlt", prefix + ".group", 2));
  }

  /** A topic's records as a consumer with that isolation level sees them. */
  public static List<ConsumerRecord<String, byte[]>> read(String topic, String isolation) {
    return BROKER.read(topic, isolation);
  }
}
