package io.kontor.embeddedredis;

import java.io.File;
import java.io.IOException;
import redis.embedded.core.ExecutableProvider;

/** The server's binary: the one in the library, or redis-server of the system's path. */
final class RedisBinary {
  private static final String OF_THE_SYSTEM = "redis-server";

  private RedisBinary() {}

  private static final class Found {
    static final String PATH = find();
  }

  static String path() {
    return Found.PATH;
  }

  private static String find() {
    try {
      File extracted = ExecutableProvider.newJarResourceProvider().get();
      if (runs(extracted.getPath())) {
        return extracted.getPath();
      }
    } catch (IOException | RuntimeException noneForThisPlatform) {
      // The system's own remains.
    }
    if (runs(OF_THE_SYSTEM)) {
      return OF_THE_SYSTEM;
    }
    throw new IllegalStateException(
        "no Redis server runs on this machine: the one in the library needs libssl 3; install"
            + " redis-server otherwise");
  }

  private static boolean runs(String path) {
    try {
      return new ProcessBuilder(path, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
