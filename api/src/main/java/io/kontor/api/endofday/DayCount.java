package io.kontor.api.endofday;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** How days count as parts of a year. */
public enum DayCount {
  /** Calendar days over 365, also in a leap year. */
  ACT_365(365) {
    @Override
    public int days(LocalDate from, LocalDate to) {
      return Math.toIntExact(ChronoUnit.DAYS.between(from, to));
    }
  },

  /** Months of 30 days, over 360: a 31st counts as the 30th. */
  THIRTY_E_360(360) {
    @Override
    public int days(LocalDate from, LocalDate to) {
      return Math.toIntExact(number(to) - number(from));
    }

    private static long number(LocalDate day) {
      return day.getYear() * 360L + day.getMonthValue() * 30L + Math.min(day.getDayOfMonth(), 30);
    }
  };

  private final int year;

  DayCount(int year) {
    this.year = year;
  }

  /**
   * The days of a period. Those of two adjacent periods add up to those of both together.
   *
   * @param from the first day
   * @param to the day after the last one
   */
  public abstract int days(LocalDate from, LocalDate to);

  /** The days of a year. */
  public int year() {
    return year;
  }
}
