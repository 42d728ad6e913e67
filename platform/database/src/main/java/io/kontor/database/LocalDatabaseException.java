package io.kontor.database;

import org.jspecify.annotations.Nullable;

/** A {@link LocalDatabase} can't be opened; the message says why. */
public class LocalDatabaseException extends IllegalStateException {
  public LocalDatabaseException(String why, @Nullable Throwable cause) {
    super(why, cause);
  }
}
