package io.kontor.job.queue;

import java.time.Duration;

/**
 * How much a job lets others go first. A job is never overtaken by one that became due later than
 * itself by more than the difference of what the two give way, so that none starves.
 */
public enum JobPriority {
  HIGH(Duration.ZERO),
  MEDIUM(Duration.ofSeconds(20)),
  LOW(Duration.ofMinutes(1));

  private final Duration givesWay;

  JobPriority(Duration givesWay) {
    this.givesWay = givesWay;
  }

  /** How much later than its run time its turn comes among those that wait. */
  public Duration givesWay() {
    return givesWay;
  }

  /** The most that any job gives way. */
  static Duration longestGivingWay() {
    return LOW.givesWay;
  }
}
