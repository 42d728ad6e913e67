package io.kontor.projection.live;

/** A projection did not reach a position in time. */
public final class ReadModelBehindException extends RuntimeException {
  public ReadModelBehindException(String projection, long wanted, long reached) {
    super(
        "%s is at position %d, %d was asked for".formatted(projection, reached, wanted),
        null,
        false,
        false);
  }
}
