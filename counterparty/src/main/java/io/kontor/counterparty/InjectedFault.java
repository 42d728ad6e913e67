package io.kontor.counterparty;

/** What can go wrong. */
public enum InjectedFault {
  /** It takes {@link SimulatorSettings#slowness} longer. */
  SLOW,
  /** 503, and nothing is done. */
  FAIL,
  /** 422, for good. */
  REFUSE,
  /** It is done, and then the connection is dropped. */
  LOSE_ANSWER,
  /** The bank is told twice, under one message id. */
  TWICE,
  /** It settles, and the bank is not told. */
  SILENCE,
  /** It neither settles nor comes back, and an inquiry says so. */
  STUCK,
  /** It is rejected before it settles. */
  REJECT,
  /** It settles, and comes back {@link SimulatorSettings#returnAfter} later. */
  RETURN
}
