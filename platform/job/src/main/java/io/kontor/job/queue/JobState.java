package io.kontor.job.queue;

/** Where a job is in its life. */
public enum JobState {
  /** Due now or later, for the first time or again after a failure. */
  WAITING,
  /** Admitted: a worker runs it, or is about to. */
  RUNNING,
  COMPLETED,
  /** Out of attempts, or failed for good: waits for a person. */
  DEAD,
  CANCELLED,
  /** Was dead, and a person decided that it is not to be done. */
  DISCARDED
}
