package io.kontor.api.standingorder;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.Validation;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a standing order is due. Each due date is computed from the first day, never from the due
 * date before it, so a short month does not move those after it.
 *
 * @param first the first day that may be a due date
 * @param dayOfMonth of rhythms made of months: the last day of a month that is shorter, so 31 is
 *     the last day of each; the day of {@code first}, when null
 * @param until the last day that may be a due date; none, when null
 * @param count how many due dates there are; without an end, when null
 * @param businessDayRule what becomes of a due date that is no business day
 * @param calendar the name of the calendar of business days
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Schedule(
    LocalDate first,
    Rhythm rhythm,
    @Nullable Integer dayOfMonth,
    @Nullable LocalDate until,
    @Nullable Integer count,
    BusinessDayRule businessDayRule,
    String calendar) {
  private static final int LAST_YEAR = 2999;
  private static final int LONGEST_MONTH = 31;
  private static final int MOST = 10_000;

  /**
   * @throws IllegalArgumentException when an end or a day does not fit the rhythm
   */
  public Schedule {
    Validation.that(
        first.getYear() <= LAST_YEAR, "first: must be before the year " + (LAST_YEAR + 1));
    if (dayOfMonth != null) {
      Validation.that(rhythm.months() > 0, "dayOfMonth: is for MONTHLY, QUARTERLY and YEARLY only");
      Validation.that(
          dayOfMonth >= 1 && dayOfMonth <= LONGEST_MONTH, "dayOfMonth: must be 1 to 31");
    }
    if (until != null) {
      Validation.that(count == null, "until: must not be given with count");
      Validation.that(rhythm != Rhythm.ONCE, "until: is not for ONCE");
      Validation.that(!until.isBefore(first), "until: must not be before first");
    }
    if (count != null) {
      Validation.that(rhythm != Rhythm.ONCE, "count: is not for ONCE");
      Validation.that(count >= 1 && count <= MOST, "count: must be 1 to %d".formatted(MOST));
    }
    Validation.text("calendar", calendar);
  }

  /**
   * A due date.
   *
   * @param number from 1
   * @return nothing after the last one
   */
  public Optional<LocalDate> dueDate(int number) {
    if (number > last()) {
      return Optional.empty();
    }
    LocalDate date =
        switch (rhythm) {
          case ONCE -> first;
          case WEEKLY -> first.plusWeeks(number - 1L);
          case MONTHLY, QUARTERLY, YEARLY ->
              inMonth(firstMonth().plusMonths((number - 1L) * rhythm.months()));
        };
    return until != null && date.isAfter(until) ? Optional.empty() : Optional.of(date);
  }

  private int last() {
    if (rhythm == Rhythm.ONCE) {
      return 1;
    }
    return count == null ? Integer.MAX_VALUE : count;
  }

  private YearMonth firstMonth() {
    YearMonth month = YearMonth.from(first);
    return inMonth(month).isBefore(first) ? month.plusMonths(1) : month;
  }

  private LocalDate inMonth(YearMonth month) {
    int day = dayOfMonth == null ? first.getDayOfMonth() : dayOfMonth;
    return month.atDay(Math.min(day, month.lengthOfMonth()));
  }
}
