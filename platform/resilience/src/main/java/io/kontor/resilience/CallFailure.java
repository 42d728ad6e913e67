package io.kontor.resilience;

/** Why a call has no answer. Each may pass. */
public enum CallFailure {
  /** No answer in time. */
  TIMEOUT(true),
  /** No connection, or one that broke. */
  CONNECTION(true),
  /** The other party is in trouble or asks for patience (any 5xx, 408, 425, 429). */
  SERVER(true),
  /** An answer that could not be read as what was expected. */
  UNREADABLE(true),
  /** This thread was told to stop. */
  INTERRUPTED(true),
  /** Too many calls failed lately: for a while none is made. */
  CIRCUIT_OPEN(false),
  /** Too many calls are under way. */
  BULKHEAD_FULL(false);

  private final boolean mayHaveBeenDone;

  CallFailure(boolean mayHaveBeenDone) {
    this.mayHaveBeenDone = mayHaveBeenDone;
  }

  /** Whether the other party may have done what it was asked for, all the same. */
  public boolean mayHaveBeenDone() {
    return mayHaveBeenDone;
  }
}
