package io.kontor.app.startup;

/** Kontor can't start with this configuration; the message is one line for the operator. */
public final class StartupRejectedException extends RuntimeException {
  public StartupRejectedException(String why) {
    super(why, null, false, false);
  }
}
