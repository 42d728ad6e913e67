package io.kontor.sagas.commands;

import io.kontor.api.Rejection;
import io.kontor.resilience.ForeignText;

/** What came of asking for something. */
public sealed interface Answer {

  /** It is done. */
  record Done() implements Answer {}

  /** It is asked for; an event will tell. */
  record Later() implements Answer {}

  /** It won't be done, however often it is asked for. */
  record Refused(Rejection reason) implements Answer {}

  /** Nobody knows whether it is done; asking again is safe and may help. */
  record Failed(String error) implements Answer {
    public Failed {
      error = ForeignText.line(error, "it failed");
    }
  }

  /** This answer, but one that is only the beginning when it is done. */
  default Answer thenLater() {
    return this instanceof Done ? new Later() : this;
  }

  /** This answer, where the certainty that nothing was captured is as good as done. */
  default Answer unlessNothingWasCaptured() {
    return this instanceof Refused(Rejection.NothingCaptured _) ? new Done() : this;
  }

  /** A refusal tells more than a failure, a failure more than success. */
  default Answer and(Answer other) {
    if (this instanceof Refused || other instanceof Done) {
      return this;
    }
    return this instanceof Failed && other instanceof Failed ? this : other;
  }
}
