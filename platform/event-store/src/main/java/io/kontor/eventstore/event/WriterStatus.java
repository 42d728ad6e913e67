package io.kontor.eventstore.event;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node's writer accepts commands. A stopped writer stays stopped until the process
 * restarts: the node should leave the cluster and report itself as down.
 */
public final class WriterStatus {
  private record State(boolean running, @Nullable String stopReason) {}

  private volatile State state = new State(false, null);

  /** Whether commands can be made durable; stays true during a database outage. */
  public boolean isRunning() {
    return state.running;
  }

  /** Why the writer has stopped, for an operator; empty before the start and while it runs. */
  public Optional<String> stopReason() {
    return Optional.ofNullable(state.stopReason);
  }

  public synchronized void started() {
    state = new State(true, null);
  }

  /** Records the reason; only the first one is kept. */
  public synchronized void stopped(String reason) {
    if (state.stopReason == null) {
      state = new State(false, reason);
    }
  }
}
