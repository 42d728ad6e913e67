package io.kontor.eventstore.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class AggregateCacheTest {
  record Amount(BigDecimal number, String unit) {}

  record Hold(Amount amount, String reference) {}

  static final class Holder {
    final Map<UUID, Hold> holds = new LinkedHashMap<>();
    final List<UUID> ended = new ArrayList<>();
    long total;

    Holder(int holds) {
      for (int n = 0; n < holds; n++) {
        this.holds.put(
            UUID.randomUUID(),
            new Hold(new Amount(BigDecimal.valueOf(n, 2), "EUR"), "reference number " + n));
        ended.add(UUID.randomUUID());
      }
    }
  }

  /** Compares the estimate with the heap's growth, within a tolerance. */
  @Test
  void theWeightIsWhatTheHeapGrowsBy() {
    List<Holder> kept = new ArrayList<>();
    long before = usedHeap();
    for (int n = 0; n < 100; n++) {
      kept.add(new Holder(2_000));
    }
    long grown = usedHeap() - before;
    long weighed = kept.stream().mapToLong(Weight::of).sum();

    assertThat(weighed).isCloseTo(grown, Percentage.withPercentage(50));
  }

  @Test
  void twiceAsMuchWeighsTwiceAsMuch() {
    assertThat(Weight.of(new Holder(2_000)))
        .isCloseTo(2 * Weight.of(new Holder(1_000)), Percentage.withPercentage(2));
  }

  @Test
  void whatRefersToItselfIsWeighedToo() {
    List<Object> knot = new ArrayList<>();
    knot.add(knot);
    assertThat(Weight.of(knot)).isPositive();
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    for (int n = 0; n < 3; n++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
