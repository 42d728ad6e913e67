package io.kontor.eventstore.read;

/**
 * The advisory lock of a database that one appender holds at a time; a reader that holds it shared
 * sees no append under way.
 */
public final class WriterLock {
  /** Its key in the database; nodes of all versions use the same. */
  public static final long KEY = 0x6b6f6e746f72L;

  private WriterLock() {}
}
