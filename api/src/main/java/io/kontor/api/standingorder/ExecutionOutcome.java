package io.kontor.api.standingorder;

/** What came of an attempt to execute a due date. */
public enum ExecutionOutcome {
  /** Transferred, or on its way as a payment with the money held. */
  EXECUTED,
  /** The money was missing; it is tried again. */
  POSTPONED,
  /** Not executed, and not tried again. */
  FAILED
}
