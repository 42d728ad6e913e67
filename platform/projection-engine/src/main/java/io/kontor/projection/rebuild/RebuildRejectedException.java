package io.kontor.projection.rebuild;

/** A rebuild can't be started now; the message gives the caller the reason. */
public final class RebuildRejectedException extends RuntimeException {
  RebuildRejectedException(String why) {
    super(why, null, false, false);
  }
}
