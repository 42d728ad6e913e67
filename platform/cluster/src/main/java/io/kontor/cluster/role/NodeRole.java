package io.kontor.cluster.role;

import java.util.Locale;

/** A role of a node. Every node has the HTTP edge and the event store. */
public enum NodeRole {
  /** Runs command handlers; commands are routed to it. */
  COMMAND,
  /** Runs query handlers and serves GET requests. */
  QUERY,
  /** Writes the read models, and rebuilds them. */
  PROJECTION,
  /** Runs sagas, policies and scheduled jobs. */
  SAGA;

  /** Its name in the configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
