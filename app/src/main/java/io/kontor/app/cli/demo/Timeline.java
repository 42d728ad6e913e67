package io.kontor.app.cli.demo;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** What happens at which time; what happens may plan more for later. */
final class Timeline {
  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparingLong(Planned::number));
  private final Instant end;
  private long count;

  private record Planned(Instant at, long number, Consumer<Instant> action) {}

  /**
   * @param end what would happen at or after it is left out
   */
  Timeline(Instant end) {
    this.end = end;
  }

  Instant end() {
    return end;
  }

  void at(Instant time, Consumer<Instant> action) {
    if (time.isBefore(end)) {
      planned.add(new Planned(time, count++, action));
    }
  }

  /**
   * Has everything happen in the order of time.
   *
   * @param reached receives how much has happened
   */
  void run(LongConsumer reached) {
    long done = 0;
    for (Planned next = planned.poll(); next != null; next = planned.poll()) {
      next.action.accept(next.at);
      reached.accept(++done);
    }
  }
}
