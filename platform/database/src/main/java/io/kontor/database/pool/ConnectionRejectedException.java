package io.kontor.database.pool;

import java.sql.SQLTransientConnectionException;
import java.util.Locale;

/** A connection was refused without asking the database for it; retry later. */
public final class ConnectionRejectedException extends SQLTransientConnectionException {
  /** Why it was refused. */
  public enum Reason {
    /** The database is away. */
    BREAKER_OPEN,
    /** More callers wait for a connection than may. */
    QUEUE_FULL,
    /** The tenant's share of the pool is taken. */
    SHARE_TAKEN;

    /** As a metric's tag. */
    String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  ConnectionRejectedException(Reason reason) {
    super("connection refused: " + reason.tag());
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** It says nothing about where it was thrown, and many are thrown in an outage. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
