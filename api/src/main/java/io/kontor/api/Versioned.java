package io.kontor.api;

/** An answer about one stream. */
public interface Versioned {
  /** The stream's version. */
  long version();
}
