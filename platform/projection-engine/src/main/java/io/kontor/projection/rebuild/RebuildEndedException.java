package io.kontor.projection.rebuild;

/** The rebuild was aborted or taken over by another process, or this process stops. */
final class RebuildEndedException extends RuntimeException {
  RebuildEndedException() {
    super("ended", null, false, false);
  }
}
