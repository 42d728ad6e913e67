package io.kontor.eventstore;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node's writer takes commands. One that has stopped stays so until the process is
 * started again: the node should leave the cluster and report itself as down.
 */
public final class WriterStatus {
  private record State(boolean running, @Nullable String stopReason) {}

  private volatile State state = new State(false, null);

  /** Whether commands can be made durable. A database that is away for a while does not count. */
  public boolean isRunning() {
    return state.running;
  }

  /** Why the writer has stopped, in words for an operator; empty before and while it runs. */
  public Optional<String> stopReason() {
    return Optional.ofNullable(state.stopReason);
  }

  public synchronized void started() {
    state = new State(true, null);
  }

  /** The first reason is the one that is kept. */
  public synchronized void stopped(String reason) {
    if (state.stopReason == null) {
      state = new State(false, reason);
    }
  }
}
