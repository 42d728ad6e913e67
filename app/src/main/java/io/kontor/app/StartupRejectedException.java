package io.kontor.app;

/** Kontor does not start like this; the message is one line for whoever operates it. */
final class StartupRejectedException extends RuntimeException {
  StartupRejectedException(String why) {
    super(why, null, false, false);
  }
}
