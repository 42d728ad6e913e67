package io.kontor.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka of one node, broker and KRaft controller, as its own distribution would start it. It can
 * be stopped and started again on its port with its data, as a broker that comes back. Topics are
 * not made by themselves.
 */
public final class KafkaBroker implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final Properties settings = new Properties();
  private @Nullable KafkaRaftServer server;

  private KafkaBroker(Path folder) throws IOException {
    this.folder = folder;
    this.port = freePort();
    int controller = freePort();
    settings.put("node.id", "1");
    settings.put("process.roles", "broker,controller");
    settings.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controller));
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
    settings.put("log.dirs", folder.resolve("log").toString());
    settings.put("auto.create.topics.enable", "false");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("log.cleaner.dedupe.buffer.size", "2097152");
  }

  /** Starts one on a free port of the loopback interface, in a temporary folder. */
  public static KafkaBroker start() {
    try {
      var broker = new KafkaBroker(Files.createTempDirectory("kontor-kafka-"));
      broker.format();
      broker.restart();
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients find it, running or not. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Nobody answers until it is started again. */
  public void stop() {
    KafkaRaftServer running = server;
    if (running != null) {
      running.shutdown();
      running.awaitShutdown();
      server = null;
    }
  }

  /** Starts it again where it was, with what it had. */
  public void restart() {
    var starting = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
    starting.startup();
    server = starting;
  }

  /**
   * What a topic holds now, partition by partition.
   *
   * @param isolation {@code read_committed}, or {@code read_uncommitted} for what was undone, too
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

  /** Ends it and deletes its data. */
  @Override
  public void close() {
    stop();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void format() throws IOException {
    Path file = folder.resolve("server.properties");
    try (var out = Files.newBufferedWriter(file)) {
      settings.store(out, null);
    }
    var said = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    String[] arguments = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
    };
    int code = StorageTool.execute(arguments, said);
    if (code != 0) {
      throw new IOException("Kafka's folder %s could not be formatted: %d".formatted(folder, code));
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
