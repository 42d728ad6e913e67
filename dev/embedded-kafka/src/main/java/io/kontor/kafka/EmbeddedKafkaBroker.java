package io.kontor.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A single-node Kafka, broker and KRaft controller, in this JVM unless a {@link
 * KafkaServerProvider} applies. It can be stopped and restarted on its port with its data, to
 * simulate an outage. Topics are not created automatically.
 */
public final class EmbeddedKafkaBroker implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("node.id", "1"),
          Map.entry("process.roles", "broker,controller"),
          Map.entry("controller.listener.names", "CONTROLLER"),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("offsets.topic.num.partitions", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("transaction.state.log.num.partitions", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("log.cleaner.dedupe.buffer.size", "2097152"));

  private static final int SECONDS_TO_START = 60;

  private final KafkaServerProvider server;
  private final int port;

  private EmbeddedKafkaBroker(KafkaServerProvider server, int port) {
    this.server = server;
    this.port = port;
  }

  /** Starts one on a free port of the loopback interface. */
  public static EmbeddedKafkaBroker start() {
    KafkaServerProvider server =
        ServiceLoader.load(KafkaServerProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(KafkaServerProvider::isToBeUsed)
            .findFirst()
            .orElseGet(InJvmKafkaServer::new);
    int port = freePort();
    server.create(port, SETTINGS);
    return new EmbeddedKafkaBroker(server, port);
  }

  /** The bootstrap address, whether it runs or not. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Stops the broker until it is restarted. */
  public void stop() {
    server.stop();
  }

  /** Restarts the broker on its port with its data. */
  public void restart() {
    server.restart();
    Map<String, Object> client =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    try (Admin admin = Admin.create(client)) {
      admin.describeCluster().nodes().get(SECONDS_TO_START, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka did not come back", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The records of a topic, partition by partition.
   *
   * @param isolation {@code read_committed}, or {@code read_uncommitted} to include aborted records
   */
  public List<ConsumerRecord<String, byte[]>> read(String topic, String isolation) {
    Map<String, Object> client =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            isolation,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false);
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(client, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(one -> consumer.position(one) < requireNonNull(ends.get(one)))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** Stops the broker and deletes its data. */
  @Override
  public void close() {
    server.delete();
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
