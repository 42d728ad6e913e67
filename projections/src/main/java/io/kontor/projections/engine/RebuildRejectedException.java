package io.kontor.projections.engine;

/** A rebuild can't be begun as things are; the message says why, for whoever asked. */
public final class RebuildRejectedException extends RuntimeException {
  RebuildRejectedException(String why) {
    super(why, null, false, false);
  }
}
