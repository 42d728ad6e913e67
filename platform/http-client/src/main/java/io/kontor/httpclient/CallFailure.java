package io.kontor.httpclient;

/** Why a call has no valid response. Each may be temporary. */
public enum CallFailure {
  /** No response in time. */
  TIMEOUT(true),
  /** No connection, or a broken one. */
  CONNECTION(true),
  /** The other party failed or asked to retry later (any 5xx, 408, 425, 429). */
  SERVER(true),
  /** The response does not have the expected form. */
  UNREADABLE(true),
  /** This thread was interrupted. */
  INTERRUPTED(true),
  /** Too many recent calls failed: no calls are made for a while. */
  CIRCUIT_OPEN(false),
  /** Too many calls are pending. */
  BULKHEAD_FULL(false);

  private final boolean mayHaveBeenDone;

  CallFailure(boolean mayHaveBeenDone) {
    this.mayHaveBeenDone = mayHaveBeenDone;
  }

  /** Whether the other party may have carried out the request. */
  public boolean mayHaveBeenDone() {
    return mayHaveBeenDone;
  }
}
