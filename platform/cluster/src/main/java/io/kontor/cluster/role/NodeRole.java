package io.kontor.cluster.role;

import java.util.Locale;

/** A part that a node may play. Every node has the HTTP edge and the event store. */
public enum NodeRole {
  /** Decides: command handlers live here, and commands are routed to it. */
  COMMAND,
  /** Answers reads: query handlers live here, and GET requests are answered. */
  QUERY,
  /** Writes the read models, and rebuilds them. */
  PROJECTION,
  /** Runs what coordinates over time: processes, policies, expiring holds and the schedule. */
  SAGA;

  /** As the configuration names it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
