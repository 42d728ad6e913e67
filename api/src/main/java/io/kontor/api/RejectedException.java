package io.kontor.api;

import org.axonframework.commandhandling.CommandExecutionException;

/**
 * Carries a {@link Rejection} out of a command handler and, as the exception's details, between
 * nodes. It has no stack trace: a rejection is an ordinary, frequent outcome.
 */
public final class RejectedException extends CommandExecutionException {
  private final transient Rejection rejection;

  public RejectedException(Rejection rejection) {
    super(rejection.detail(), null, rejection, false);
    this.rejection = rejection;
  }

  public Rejection rejection() {
    return rejection;
  }
}
