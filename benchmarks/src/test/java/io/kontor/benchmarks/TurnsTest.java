package io.kontor.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class TurnsTest {
  private static final Turns THREE = new Turns(3, Duration.ofSeconds(1), Duration.ZERO);

  private final List<String> order = new ArrayList<>();
  private int prepared;

  @Test
  void eachBeginsInTurnAndTheMedianOfThePairsCounts() throws Exception {
    var comparison =
        THREE.compare(load("one", false, 200, 90, 400), load("other", false, 100, 100, 100));

    assertThat(order).containsExactly("one", "other", "other", "one", "one", "other");
    assertThat(comparison.one().ratio()).isEqualTo(2.0);
    assertThat(comparison.one().ratioMin()).isEqualTo(0.9);
    assertThat(comparison.one().ratioMax()).isEqualTo(4.0);
    assertThat(comparison.one().perSecond()).isEqualTo(230);
    assertThat(comparison.other().perSecond()).isEqualTo(100);
    assertThat(comparison.one().cpuMsPerOp()).isNull();
  }

  @Test
  void latenciesAtHalfTheRateLeaveTheRateAlone() throws Exception {
    Result result = THREE.alone(load("half", true, 100, 50, 300, 150, 200, 100));

    assertThat(order).containsExactly("half", "half@50", "half", "half@150", "half", "half@100");
    assertThat(prepared).as("slices that were prepared").isEqualTo(6);
    assertThat(result.perSecond()).isEqualTo(200);
    // the latency in milliseconds is the rate
    assertThat(result.p50Ms()).isCloseTo(100, within(1.0));
  }

  @Test
  void theWarmUpsEndIsNoted() throws Exception {
    Result cut = THREE.alone(load("cut", false, 1, 2, 3));
    Result varying =
        new Turns(1, Duration.ofSeconds(1), Duration.ofNanos(1))
            .alone(load("varying", false, 1, 2));
    Result steady =
        new Turns(1, Duration.ofSeconds(1), Duration.ofDays(1))
            .alone(load("steady", false, 50, 99, 98, 99, 100, 98, 96, 97));

    assertThat(cut.note()).isEqualTo("no warm-up");
    assertThat(varying.note()).startsWith("not steady after");
    assertThat(steady.note()).startsWith("steady after");
    assertThat(steady.perSecond()).isEqualTo(97);
  }

  @Test
  void threeRatesWithinFivePerCentAreSteadyWhereTheThreeBeforeWereNotLower() {
    assertThat(WarmUp.isSteady(List.of(100.0, 100.0, 100.0))).isFalse();
    assertThat(WarmUp.isSteady(List.of(94.0, 100.0, 97.0, 95.0, 100.0, 97.0))).isTrue();
    assertThat(WarmUp.isSteady(List.of(100.0, 100.0, 100.0, 94.0, 100.0, 97.0))).isFalse();
    assertThat(WarmUp.isSteady(List.of(88.0, 90.0, 92.0, 96.0, 98.0, 100.0))).isFalse();
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Ratio.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Ratio(2.5, 1.0, 4.0));
  }

  private Load load(String name, boolean timedAtHalfRate, double... rates) {
    Iterator<Double> next = Arrays.stream(rates).iterator();
    return new Load() {
      @Override
      public String what() {
        return name;
      }

      @Override
      public void beforeSlice() {
        prepared++;
      }

      @Override
      public Slice run(Duration time, double perSecond) {
        order.add(perSecond == 0 ? name : "%s@%.0f".formatted(name, perSecond));
        double rate = next.next();
        var nanos = new Histogram(3);
        nanos.recordValue((long) (rate * 1e6));
        return new Slice(rate, (long) rate, nanos);
      }

      @Override
      public ProcessTime processes() {
        return new ProcessTime(Path.of("none"), List.of(), 1);
      }

      @Override
      public boolean isTimedAtHalfRate() {
        return timedAtHalfRate;
      }
    };
  }
}
