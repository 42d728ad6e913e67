package io.kontor.api.endofday;

import java.time.LocalDate;

/** On the last day of which periods a fee is due. */
public enum FeeRhythm {
  MONTHLY(1),
  QUARTERLY(3),
  YEARLY(12);

  private final int months;

  FeeRhythm(int months) {
    this.months = months;
  }

  /** Whether a period of the calendar year ends with this day. */
  public boolean isDue(LocalDate day) {
    return day.getDayOfMonth() == day.lengthOfMonth() && day.getMonthValue() % months == 0;
  }
}
