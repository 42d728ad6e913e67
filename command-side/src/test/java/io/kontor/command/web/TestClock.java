package io.kontor.command.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time of day, which a test may put forward. */
final class TestClock implements InstantSource {
  private volatile Duration ahead = Duration.ZERO;

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  void put(Duration forward) {
    ahead = forward;
  }
}
