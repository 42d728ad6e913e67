package io.kontor.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** Starts Kafka like its own distribution does. */
final class InJvmKafkaServer implements KafkaServerProvider {
  private final Properties settings = new Properties();
  private @Nullable Path folder;
  private @Nullable KafkaRaftServer running;

  @Override
  public boolean isToBeUsed() {
    return true;
  }

  @Override
  public void create(int port, Map<String, String> given) {
    try {
      folder = Files.createTempDirectory("kontor-kafka-");
      int controller = EmbeddedKafkaBroker.freePort();
      settings.putAll(given);
      settings.put(
          "listeners",
          "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controller));
      settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
      settings.put("log.dirs", folder.resolve("log").toString());
      format(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    restart();
  }

  @Override
  public void stop() {
    if (running != null) {
      running.shutdown();
      running.awaitShutdown();
      running = null;
    }
  }

  @Override
  public void restart() {
    var starting = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
    starting.startup();
    running = starting;
  }

  @Override
  public void delete() {
    stop();
    try (Stream<Path> files = Files.walk(requireNonNull(folder))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void format(Path in) throws IOException {
    Path file = in.resolve("server.properties");
    try (var out = Files.newBufferedWriter(file)) {
      settings.store(out, null);
    }
    var said = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    String[] arguments = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
    };
    int code = StorageTool.execute(arguments, said);
    if (code != 0) {
      throw new IOException("Kafka's folder %s could not be formatted: %d".formatted(in, code));
    }
  }
}
