package io.kontor.api.message;

/** A result about one stream. */
public interface VersionedResult {
  /** The stream's version. */
  long version();
}
