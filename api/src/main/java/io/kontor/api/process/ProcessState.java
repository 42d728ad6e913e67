package io.kontor.api.process;

/** The direction of a process. */
public enum ProcessState {
  FORWARD,
  /** Completed steps are being undone. */
  BACK,
  /** It waits for an operator's decision. */
  NEEDS_ATTENTION
}
