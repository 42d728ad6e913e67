package io.kontor.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the servers from a file again and again. A file that is missing, empty or malformed changes
 * nothing.
 */
final class RedisNodesFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RedisNodesFile.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Pattern ADDRESS = Pattern.compile("[^:\\s]+:[0-9]{1,5}");

  private final Path file;
  private final RedisNodes nodes;
  private final Thread thread;
  private List<String> last = List.of();
  private boolean failing;

  RedisNodesFile(Path file, RedisNodes nodes) {
    this.file = file;
    this.nodes = nodes;
    thread = Thread.ofPlatform().name("redis-nodes-file").daemon().unstarted(this::run);
  }

  void start() {
    read();
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        read();
      }
    } catch (InterruptedException stopping) {
      // the end
    }
  }

  private void read() {
    try {
      List<String> lines =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
      if (lines.isEmpty() || !lines.stream().allMatch(line -> ADDRESS.matcher(line).matches())) {
        throw new IOException("not a list of host:port");
      }
      if (!lines.equals(last)) {
        nodes.use(lines);
        last = lines;
      }
      failing = false;
    } catch (IOException | RuntimeException unreadable) {
      if (!failing) {
        log.warn("redis nodes file not read file={} cause={}", file, unreadable.toString());
      }
      failing = true;
    }
  }
}
