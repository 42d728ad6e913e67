package io.kontor.app.cli;

/** A tool can't do what it was asked for; the message is one line for whoever asked. */
public final class CliException extends RuntimeException {
  public CliException(String why) {
    super(why, null, false, false);
  }
}
