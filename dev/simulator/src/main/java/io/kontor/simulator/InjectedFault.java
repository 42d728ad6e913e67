package io.kontor.simulator;

/** The faults to inject. */
public enum InjectedFault {
  /** The call takes {@link SimulatorSettings#slowness} longer. */
  SLOW,
  /** 503, without effect. */
  FAIL,
  /** 422, a final refusal. */
  REFUSE,
  /** The request is executed, then the connection is dropped. */
  LOSE_ANSWER,
  /** The bank is notified twice, with one message id. */
  TWICE,
  /** The payment settles, but the bank is not notified. */
  SILENCE,
  /** The payment is neither settled nor returned; an inquiry reports it as accepted. */
  STUCK,
  /** The payment is rejected before it settles. */
  REJECT,
  /** The payment settles and is returned after {@link SimulatorSettings#returnAfter}. */
  RETURN
}
