package io.kontor.api.standingorder;

/** How often a standing order is due. */
public enum Rhythm {
  ONCE(0),
  WEEKLY(0),
  MONTHLY(1),
  QUARTERLY(3),
  YEARLY(12);

  private final int months;

  Rhythm(int months) {
    this.months = months;
  }

  /** Months between two due dates; 0 for a rhythm that is not made of months. */
  int months() {
    return months;
  }
}
