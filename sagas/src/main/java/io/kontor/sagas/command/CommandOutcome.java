package io.kontor.sagas.command;

import io.kontor.api.Rejection;
import io.kontor.resilience.ForeignText;

/** What came of asking for something. */
public sealed interface CommandOutcome {

  /** It is done. */
  record Done() implements CommandOutcome {}

  /** It is asked for; an event will tell. */
  record Later() implements CommandOutcome {}

  /** It won't be done, however often it is asked for. */
  record Refused(Rejection reason) implements CommandOutcome {}

  /** Nobody knows whether it is done; asking again is safe and may help. */
  record Failed(String error) implements CommandOutcome {
    public Failed {
      error = ForeignText.line(error, "it failed");
    }
  }

  /** This answer, but one that is only the beginning when it is done. */
  default CommandOutcome thenLater() {
    return this instanceof Done ? new Later() : this;
  }

  /** This answer, where the certainty that nothing was captured is as good as done. */
  default CommandOutcome unlessNothingWasCaptured() {
    return this instanceof Refused(Rejection.NothingCaptured _) ? new Done() : this;
  }

  /** A refusal tells more than a failure, a failure more than success. */
  default CommandOutcome and(CommandOutcome other) {
    if (this instanceof Refused || other instanceof Done) {
      return this;
    }
    return this instanceof Failed && other instanceof Failed ? this : other;
  }
}
