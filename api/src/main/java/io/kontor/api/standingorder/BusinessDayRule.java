package io.kontor.api.standingorder;

import java.time.LocalDate;
import java.util.function.Predicate;

/** On which business day a due date that is none is executed. */
public enum BusinessDayRule {
  /** The next one. */
  FOLLOWING,
  /** The next one, unless it is in the next month; then the one before. */
  MODIFIED_FOLLOWING,
  /** The one before. */
  PRECEDING;

  /** The business day for a due date, which is the due date itself if that is one. */
  public LocalDate adjust(LocalDate dueDate, Predicate<LocalDate> businessDays) {
    LocalDate following = nearest(dueDate, 1, businessDays);
    return switch (this) {
      case FOLLOWING -> following;
      case MODIFIED_FOLLOWING ->
          following.getMonth() == dueDate.getMonth()
              ? following
              : nearest(dueDate, -1, businessDays);
      case PRECEDING -> nearest(dueDate, -1, businessDays);
    };
  }

  private static LocalDate nearest(LocalDate from, int step, Predicate<LocalDate> businessDays) {
    LocalDate day = from;
    while (!businessDays.test(day)) {
      day = day.plusDays(step);
    }
    return day;
  }
}
