package io.kontor.lock;

/** The servers that keep the leases can't be reached or don't respond. */
public final class LockUnavailableException extends RuntimeException {
  public LockUnavailableException(String resource, Throwable cause) {
    super("the lock of %s can't be reached: %s".formatted(resource, cause.getMessage()), cause);
  }
}
