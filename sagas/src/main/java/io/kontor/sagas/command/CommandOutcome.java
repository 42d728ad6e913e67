package io.kontor.sagas.command;

import io.kontor.api.Rejection;
import io.kontor.httpclient.ForeignText;

/** The outcome of a command. */
public sealed interface CommandOutcome {

  /** The command succeeded and the step is complete. */
  record Done() implements CommandOutcome {}

  /** The command succeeded; an event will report the result. */
  record Pending() implements CommandOutcome {}

  /** The command was rejected; a retry will be rejected, too. */
  record Rejected(Rejection reason) implements CommandOutcome {}

  /** The outcome is unknown; a retry is safe and may succeed. */
  record Failed(String error) implements CommandOutcome {
    public Failed {
      error = ForeignText.line(error, "it failed");
    }
  }

  /** This outcome, with {@link Pending} in place of {@link Done}. */
  default CommandOutcome thenAwaitEvent() {
    return this instanceof Done ? new Pending() : this;
  }

  /** This outcome, with {@link Done} in place of the rejection that nothing was captured. */
  default CommandOutcome unlessNothingWasCaptured() {
    return this instanceof Rejected(Rejection.NothingCaptured _) ? new Done() : this;
  }

  /** The worse of two outcomes: a rejection before a failure, a failure before success. */
  default CommandOutcome and(CommandOutcome other) {
    if (this instanceof Rejected || other instanceof Done) {
      return this;
    }
    return this instanceof Failed && other instanceof Failed ? this : other;
  }
}
