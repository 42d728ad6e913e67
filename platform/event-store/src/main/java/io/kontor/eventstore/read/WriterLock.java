package io.kontor.eventstore.read;

/**
 * The advisory lock of a schema that one appender holds at a time; a reader that holds it shared
 * sees no append under way.
 */
public final class WriterLock {
  /**
   * Its key in the database, as an SQL expression. Nodes of all versions use the same for the
   * shared schema.
   */
  public static final String KEY =
      "case current_schema() when 'kontor' then 118126338666354"
          + " else hashtextextended('writer of ' || current_schema(), 0) end";

  private WriterLock() {}
}
