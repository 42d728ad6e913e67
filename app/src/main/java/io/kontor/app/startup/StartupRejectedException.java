package io.kontor.app.startup;

/** Kontor does not start like this; the message is one line for whoever operates it. */
public final class StartupRejectedException extends RuntimeException {
  public StartupRejectedException(String why) {
    super(why, null, false, false);
  }
}
