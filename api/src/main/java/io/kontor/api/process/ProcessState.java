package io.kontor.api.process;

/** Which way a process goes. */
public enum ProcessState {
  FORWARD,
  /** What was done is being undone. */
  BACK,
  /** It goes on when a person says how. */
  NEEDS_ATTENTION
}
