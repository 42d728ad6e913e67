package io.kontor.command.standingorder;

import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.HolidayType;
import de.focus_shift.jollyday.core.ManagerParameters;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Schedule;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** On which days and at which instants the due dates of schedules are executed. */
public class ExecutionCalendar {
  private static final String EVERY_DAY = "EVERY_DAY";
  private static final Set<DayOfWeek> WEEKEND = EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);

  private final StandingOrderProperties properties;

  /** Business days by calendar; a calendar is read when it is first used. */
  private final Map<String, Predicate<LocalDate>> businessDays = new ConcurrentHashMap<>();

  /**
   * @throws InvalidConfigurationPropertyValueException if there is no calendar of a configured name
   */
  public ExecutionCalendar(StandingOrderProperties properties) {
    this.properties = properties;
    Set<String> known = HolidayManager.getSupportedCalendarCodes();
    for (String name : properties.calendars()) {
      if (!name.equals(EVERY_DAY) && !known.contains(name)) {
        throw new InvalidConfigurationPropertyValueException(
            "kontor.standing-orders.calendars", name, "must be a calendar such as TARGET or DE");
      }
    }
  }

  /** The names of the calendars that a schedule may have. */
  public List<String> names() {
    return properties.calendars();
  }

  /** The bank's date. */
  public LocalDate dateAt(Instant instant) {
    return instant.atZone(properties.zone()).toLocalDate();
  }

  /**
   * The execution of a due date.
   *
   * @param number of the due date, from 1
   * @return nothing after the last one
   */
  public Optional<PlannedExecution> execution(Schedule schedule, int number) {
    return schedule.dueDate(number).map(dueDate -> execution(schedule, number, dueDate));
  }

  /** The executions of the first due dates, at most {@code most}. */
  public List<PlannedExecution> first(Schedule schedule, int most) {
    return IntStream.rangeClosed(1, most)
        .mapToObj(number -> execution(schedule, number))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The first execution that is not before a day, from a due date on. */
  Optional<PlannedExecution> notBefore(LocalDate day, Schedule schedule, int number) {
    int candidate = number;
    Optional<PlannedExecution> execution = execution(schedule, candidate);
    while (execution.isPresent() && execution.get().valueDate().isBefore(day)) {
      execution = execution(schedule, ++candidate);
    }
    return execution;
  }

  /** When a due date is tried again, if it is. */
  Optional<Instant> retryAt(Instant now, int tries) {
    return tries < properties.tries()
        ? Optional.of(now.plus(properties.retryAfter()))
        : Optional.empty();
  }

  /** A time that a change of clocks leaves out is the one as much later. */
  private PlannedExecution execution(Schedule schedule, int number, LocalDate dueDate) {
    LocalDate valueDate =
        schedule
            .businessDayRule()
            .adjust(
                dueDate,
                businessDays.computeIfAbsent(schedule.calendar(), ExecutionCalendar::businessDays));
    Instant at = valueDate.atTime(properties.at()).atZone(properties.zone()).toInstant();
    return new PlannedExecution(number, dueDate, valueDate, at);
  }

  private static Predicate<LocalDate> businessDays(String calendar) {
    if (calendar.equals(EVERY_DAY)) {
      return day -> true;
    }
    HolidayManager holidays = HolidayManager.getInstance(ManagerParameters.create(calendar));
    return day -> !WEEKEND.contains(day.getDayOfWeek()) && !isHoliday(holidays, day);
  }

  /** An observance is no day off. */
  private static boolean isHoliday(HolidayManager holidays, LocalDate day) {
    return holidays.isHoliday(day, HolidayType.PUBLIC_HOLIDAY)
        || holidays.isHoliday(day, HolidayType.BANK_HOLIDAY);
  }
}
