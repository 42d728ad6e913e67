package io.kontor.command.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that tests can advance. */
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
