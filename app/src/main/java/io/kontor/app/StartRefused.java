package io.kontor.app;

/** Kontor does not start like this; the message is one line for whoever operates it. */
final class StartRefused extends RuntimeException {
  StartRefused(String why) {
    super(why, null, false, false);
  }
}
