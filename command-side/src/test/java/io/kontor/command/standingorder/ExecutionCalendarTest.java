package io.kontor.command.standingorder;

import static io.kontor.api.standingorder.BusinessDayRule.FOLLOWING;
import static io.kontor.api.standingorder.BusinessDayRule.MODIFIED_FOLLOWING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Dates of schedules beside dates that were worked out by hand, from 2027 to the leap day of 2028.
 */
@Tag("fast")
class ExecutionCalendarTest {
  private final ExecutionCalendar calendar = calendar("UTC", "06:00", "TARGET", "EVERY_DAY", "DE");

  @Test
  void theLastDayOfEachMonthStaysInItsMonthByModifiedFollowing() {
    Schedule lastDays = monthly("2027-01-31", 31, MODIFIED_FOLLOWING, "TARGET");
    assertThat(dueDates(lastDays, 14))
        .isEqualTo(
            days(
                "2027-01-31 2027-02-28 2027-03-31 2027-04-30 2027-05-31 2027-06-30 2027-07-31",
                "2027-08-31 2027-09-30 2027-10-31 2027-11-30 2027-12-31 2028-01-31 2028-02-29"));
    assertThat(valueDates(lastDays, 14))
        .isEqualTo(
            days(
                "2027-01-29 2027-02-26 2027-03-31 2027-04-30 2027-05-31 2027-06-30 2027-07-30",
                "2027-08-31 2027-09-30 2027-10-29 2027-11-30 2027-12-31 2028-01-31 2028-02-29"));
  }

  @Test
  void theLastDayOfEachMonthMovesIntoTheNextByFollowing() {
    assertThat(valueDates(monthly("2027-01-31", 31, FOLLOWING, "TARGET"), 10))
        .isEqualTo(
            days(
                "2027-02-01 2027-03-01 2027-03-31 2027-04-30 2027-05-31 2027-06-30 2027-08-02",
                "2027-08-31 2027-09-30 2027-11-01"));
  }

  @ParameterizedTest
  @CsvSource({
    "2027-03-26, FOLLOWING, 2027-03-30, Good Friday to after Easter Monday",
    "2027-03-26, MODIFIED_FOLLOWING, 2027-03-30, the same month",
    "2027-03-26, PRECEDING, 2027-03-25, Maundy Thursday",
    "2027-05-01, FOLLOWING, 2027-05-03, a Saturday",
    "2027-12-24, FOLLOWING, 2027-12-24, Christmas Eve is a business day",
    "2028-01-01, FOLLOWING, 2028-01-03, a Saturday",
    "2028-01-01, PRECEDING, 2027-12-31, into the year before",
    "2028-04-14, FOLLOWING, 2028-04-18, Good Friday of 2028",
    "2028-12-25, FOLLOWING, 2028-12-27, two days of Christmas",
    "2028-12-25, PRECEDING, 2028-12-22, and a weekend before them"
  })
  void holidaysAndWeekendsAreNoBusinessDays(
      String dueDate, BusinessDayRule rule, String valueDate, String why) {
    var once = new Schedule(day(dueDate), Rhythm.ONCE, null, null, null, rule, "TARGET");
    assertThat(valueDates(once, 9)).as(why).containsExactly(day(valueDate));
  }

  @Test
  void weeksGoOnOverTheEndOfAMonthAndOfAYear() {
    var weekly = new Schedule(day("2027-12-17"), Rhythm.WEEKLY, null, null, 4, FOLLOWING, "TARGET");
    assertThat(valueDates(weekly, 9))
        .isEqualTo(days("2027-12-17 2027-12-24 2027-12-31 2028-01-07"));
  }

  @Test
  void quartersFromTheEndOfNovemberMeetTheLeapDay() {
    assertThat(dueDates(longer("2027-11-30", Rhythm.QUARTERLY, null), 4))
        .isEqualTo(days("2027-11-30 2028-02-29 2028-05-30 2028-08-30"));
    assertThat(dueDates(longer("2027-11-30", Rhythm.QUARTERLY, 31), 4))
        .isEqualTo(days("2027-11-30 2028-02-29 2028-05-31 2028-08-31"));
  }

  @Test
  void aYearFromALeapDayIsTheLastOfFebruaryUntilTheNextOne() {
    assertThat(dueDates(longer("2028-02-29", Rhythm.YEARLY, null), 5))
        .isEqualTo(days("2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-29"));
  }

  @Test
  void aDayBeforeTheFirstDayBeginsInTheNextMonth() {
    assertThat(dueDates(monthly("2027-01-20", 15, FOLLOWING, "TARGET"), 2))
        .isEqualTo(days("2027-02-15 2027-03-15"));
  }

  @Test
  void theLastDayThatMayBeDueIsIncluded() {
    LocalDate first = day("2027-01-15");
    for (String until : List.of("2027-03-15", "2027-04-14")) {
      var schedule =
          new Schedule(first, Rhythm.MONTHLY, null, day(until), null, FOLLOWING, "TARGET");
      assertThat(dueDates(schedule, 9)).isEqualTo(days("2027-01-15 2027-02-15 2027-03-15"));
    }
  }

  /** Weeks of Sundays over both changes of clocks in Berlin; each has one instant. */
  @ParameterizedTest
  @CsvSource({
    "2027-03-28, 2027-03-28T01:30:00Z, 02:30 is left out: 03:30 of the summer",
    "2027-04-04, 2027-04-04T00:30:00Z, summer",
    "2027-10-31, 2027-10-31T00:30:00Z, 02:30 comes twice: the first one",
    "2027-11-07, 2027-11-07T01:30:00Z, winter"
  })
  void aChangeOfClocksLeavesOneInstant(String sunday, Instant at, String why) {
    ExecutionCalendar berlin = calendar("Europe/Berlin", "02:30", "EVERY_DAY");
    var once = new Schedule(day(sunday), Rhythm.ONCE, null, null, null, FOLLOWING, "EVERY_DAY");
    PlannedExecution execution = berlin.execution(once, 1).orElseThrow();
    assertThat(execution.at()).as(why).isEqualTo(at);
    assertThat(berlin.dateAt(at)).isEqualTo(day(sunday));
  }

  @Test
  void anotherCalendarHasOtherHolidays() {
    var unity = new Schedule(day("2028-10-03"), Rhythm.ONCE, null, null, null, FOLLOWING, "DE");
    assertThat(valueDates(unity, 1)).containsExactly(day("2028-10-04"));
  }

  @Test
  void whatHasPassedIsLeftOut() {
    Schedule lastDays = monthly("2027-01-31", 31, MODIFIED_FOLLOWING, "TARGET");
    assertThat(calendar.notBefore(day("2027-02-26"), lastDays, 1))
        .map(PlannedExecution::number)
        .hasValue(2);
    assertThat(calendar.notBefore(day("2027-02-27"), lastDays, 1))
        .map(PlannedExecution::number)
        .hasValue(3);
  }

  @Test
  void aCalendarThatDoesNotExistIsNoSetting() {
    assertThatThrownBy(() -> calendar("UTC", "06:00", "ATLANTIS"))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class);
  }

  private static ExecutionCalendar calendar(String zone, String at, String... calendars) {
    return new ExecutionCalendar(
        new StandingOrderProperties(
            ZoneId.of(zone), LocalTime.parse(at), List.of(calendars), 3, Duration.ofHours(4)));
  }

  private static Schedule monthly(
      String first, int dayOfMonth, BusinessDayRule rule, String calendar) {
    return new Schedule(day(first), Rhythm.MONTHLY, dayOfMonth, null, null, rule, calendar);
  }

  private static Schedule longer(String first, Rhythm rhythm, @Nullable Integer dayOfMonth) {
    return new Schedule(day(first), rhythm, dayOfMonth, null, null, FOLLOWING, "TARGET");
  }

  private List<LocalDate> dueDates(Schedule schedule, int most) {
    return calendar.first(schedule, most).stream().map(PlannedExecution::dueDate).toList();
  }

  private List<LocalDate> valueDates(Schedule schedule, int most) {
    return calendar.first(schedule, most).stream().map(PlannedExecution::valueDate).toList();
  }

  private static List<LocalDate> days(String... days) {
    return Stream.of(String.join(" ", days).split(" ", -1)).map(LocalDate::parse).toList();
  }

  private static LocalDate day(String day) {
    return LocalDate.parse(day);
  }
}
