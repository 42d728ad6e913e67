package io.kontor.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import io.kontor.command.standingorder.ExecutionCalendar;
import io.kontor.command.standingorder.StandingOrderProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The calendars of business days are XML files in a library, read by another one that is found by
 * name: both have to be found in the jar that is released, too.
 */
@Tag("system")
@Timeout(120)
class PackagedCalendarsTest {
  private static final Path RELEASE = Path.of("../../app/target/kontor.jar");

  @Test
  void theReleaseKnowsTheHolidaysOfTargetAndOfGermany() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dloader.main=" + Program.class.getName(),
                "-Dloader.path=" + Path.of("target/test-classes").toAbsolutePath(),
                "-cp",
                RELEASE.toString(),
                "org.springframework.boot.loader.launch.PropertiesLauncher")
            .redirectErrorStream(true)
            .start();
    String output =
        new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(program.waitFor()).as(output).isZero();
    // Good Friday is a holiday of both, the day of German unity of one.
    assertThat(output.lines())
        .containsExactly(
            "TARGET 2030-04-23 2030-10-03", //
            "DE 2030-04-23 2030-10-04");
  }

  /** Runs in the release, with no library of tests. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      var calendar =
          new ExecutionCalendar(
              new StandingOrderProperties(
                  ZoneOffset.UTC, LocalTime.NOON, List.of("TARGET", "DE"), 1, Duration.ofHours(1)));
      for (String name : calendar.names()) {
        System.out.printf(
            "%s %s %s%n",
            name,
            businessDay(calendar, name, "2030-04-19"),
            businessDay(calendar, name, "2030-10-03"));
      }
    }

    private static LocalDate businessDay(ExecutionCalendar calendar, String name, String day) {
      var once =
          new Schedule(
              LocalDate.parse(day), Rhythm.ONCE, null, null, null, BusinessDayRule.FOLLOWING, name);
      return calendar.execution(once, 1).orElseThrow().valueDate();
    }
  }
}
