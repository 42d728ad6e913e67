package io.kontor.api.message;

/** An answer about one stream. */
public interface VersionedResult {
  /** The stream's version. */
  long version();
}
