package io.kontor.lock;

import io.kontor.embeddedredis.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A Redis server whose clock can jump an hour ahead: by libfaketime where Debian's package {@code
 * faketime} is installed. Elsewhere a key is made to expire at once, which is all that a lease
 * notices of such a jump.
 */
final class SteppedRedis {
  private static final Path LIBRARY =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

  final EmbeddedRedis server;
  private final Path clock;

  SteppedRedis(Path folder) {
    try {
      clock = Files.createTempFile(folder, "clock", "");
      Files.writeString(clock, "+0\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = EmbeddedRedis.start(isClockStepped() ? environment() : Map.of());
  }

  static boolean isClockStepped() {
    return Files.exists(LIBRARY);
  }

  private Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", LIBRARY.toString(),
        "FAKETIME_TIMESTAMP_FILE", clock.toString(),
        "FAKETIME_NO_CACHE", "1");
  }

  /**
   * The clock jumps an hour ahead, so that all keys expire.
   *
   * @param key the one to expire where the clock can't be stepped
   */
  void jumpAhead(String key) {
    try {
      if (isClockStepped()) {
        Files.writeString(clock, "+1h\n");
      } else {
        server.command("pexpire %s 0".formatted(key));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
