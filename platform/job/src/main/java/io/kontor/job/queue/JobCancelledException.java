package io.kontor.job.queue;

/** The job is not to go on: it was cancelled, or another attempt has taken its place. */
public final class JobCancelledException extends RuntimeException {
  JobCancelledException(String reason) {
    super(reason, null, false, false);
  }
}
