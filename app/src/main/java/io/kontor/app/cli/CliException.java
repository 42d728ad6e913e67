package io.kontor.app.cli;

/** A tool can't do its task; the message is one line for the operator. */
public final class CliException extends RuntimeException {
  public CliException(String why) {
    super(why, null, false, false);
  }
}
