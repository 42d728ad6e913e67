package io.kontor.lock;

import io.kontor.lock.LeaseHistory.Recorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Program: contenders for a lease on a quorum of Redis servers. Arguments: addresses, file of its
 * history, number of contenders, seed, TTL in milliseconds, name of the process.
 */
final class RedisContenders {
  private RedisContenders() {}

  public static void main(String[] arguments) throws Exception {
    try (var quorum = new TestQuorum(List.of(arguments[0].split(",", -1)));
        var recorder = new Recorder(Path.of(arguments[1]))) {
      new Contenders(
              quorum.lock(), Duration.ofMillis(Long.parseLong(arguments[4])), recorder, lease -> {})
          .run(arguments[5], Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
    }
  }
}
