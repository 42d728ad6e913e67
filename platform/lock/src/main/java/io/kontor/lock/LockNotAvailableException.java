package io.kontor.lock;

import java.time.Duration;

/** Another process holds the resource. */
public final class LockNotAvailableException extends RuntimeException {
  LockNotAvailableException(String resource, Duration wait) {
    super("%s is held by another process, after %d ms".formatted(resource, wait.toMillis()));
  }
}
