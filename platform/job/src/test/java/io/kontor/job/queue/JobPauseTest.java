package io.kontor.job.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class JobPauseTest {
  private static final JobType<Void> TYPE = JobType.of("pause", Void.class, JobPriority.MEDIUM);
  private static final int DRAWN = 200;

  @ParameterizedTest
  @CsvSource({
    "1, 1000",
    "2, 2000",
    "3, 4000",
    "4, 8000",
    "5, 16000",
    "6, 32000",
  })
  void thePauseDoublesFromASecondAQuarterMoreOrLess(int attempt, long millis) {
    List<Long> pauses = pauses(TYPE, attempt);
    assertThat(pauses).allSatisfy(p -> assertThat(p).isBetween(millis * 3 / 4, millis * 5 / 4));
    assertThat(pauses).anyMatch(p -> p < millis).anyMatch(p -> p > millis);
  }

  @ParameterizedTest
  @CsvSource({"7", "8", "20", "60"})
  void noPauseIsLongerThanAMinute(int attempt) {
    assertThat(pauses(TYPE, attempt)).allSatisfy(p -> assertThat(p).isBetween(45_000L, 60_000L));
  }

  @Test
  void aTypeMayHaveAnotherLongestPause() {
    var type = TYPE.longestPause(Duration.ofSeconds(3));
    assertThat(pauses(type, 10)).allSatisfy(p -> assertThat(p).isBetween(2_250L, 3_000L));
  }

  private static List<Long> pauses(JobType<?> type, int attempt) {
    var pause = JobRunner.pause(type);
    return LongStream.range(0, DRAWN).mapToObj(n -> pause.apply(attempt)).toList();
  }
}
