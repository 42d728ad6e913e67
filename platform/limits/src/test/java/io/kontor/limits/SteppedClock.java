package io.kontor.limits;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is set forward. */
final class SteppedClock implements TimeMeter {
  private final AtomicLong nanos = new AtomicLong(1);

  void step(Duration forward) {
    nanos.addAndGet(forward.toNanos());
  }

  @Override
  public long currentTimeNanos() {
    return nanos.get();
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }
}
