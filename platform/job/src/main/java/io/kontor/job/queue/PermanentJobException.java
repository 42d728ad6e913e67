package io.kontor.job.queue;

/** A failure that no other attempt can mend: the job is dead at once. */
public final class PermanentJobException extends RuntimeException {
  /**
   * @param reason one line for the person who decides what becomes of it
   */
  public PermanentJobException(String reason) {
    super(reason, null, false, false);
  }
}
