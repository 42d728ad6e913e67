package io.kontor.lock;

/** A lease is over, so what was about to be written under it is refused. */
public final class LeaseLostException extends RuntimeException {
  public LeaseLostException(String message) {
    super(message);
  }
}
