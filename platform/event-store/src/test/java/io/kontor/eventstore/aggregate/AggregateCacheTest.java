package io.kontor.eventstore.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.inspection.AnnotatedAggregateMetaModelFactory;
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

  @Test
  void anAggregateThatGrowsInTheCacheCountsWithItsNewSize() throws Exception {
    var cache = new AggregateCache(200_000);
    for (int n = 0; n < 10; n++) {
      var aggregate = aggregate("growing-" + n);
      cache.put("growing-" + n, aggregate);
      write(aggregate, "a long text ".repeat(5_000));
      cache.put("growing-" + n, aggregate);
    }

    await()
        .untilAsserted(
            () ->
                assertThat(IntStream.range(0, 10).filter(n -> cache.get("growing-" + n) != null))
                    .hasSizeLessThanOrEqualTo(3));
  }

  @Test
  void anAggregateThatKeepsItsSizeKeepsItsEntry() throws Exception {
    var cache = new AggregateCache(200_000);
    var aggregate = aggregate("steady");
    cache.put("steady", aggregate);
    for (int n = 0; n < 100; n++) {
      write(aggregate, "short");
      cache.put("steady", aggregate);
    }

    assertThat(cache.get("steady")).isSameAs(aggregate);
  }

  /** An aggregate that holds the last text written to it. */
  static final class Note {
    @SuppressWarnings("UnusedVariable") // read by the framework
    @AggregateIdentifier
    private String id = "";

    @SuppressWarnings("UnusedVariable") // weighed
    private String text = "";

    @EventSourcingHandler
    void on(String written) {
      id = "note";
      text = written;
    }
  }

  private static EventSourcedAggregate<Note> aggregate(String first) throws Exception {
    var events =
        EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
    var unit = DefaultUnitOfWork.startAndGet(null);
    var aggregate =
        EventSourcedAggregate.initialize(
            (Callable<Note>) Note::new,
            AnnotatedAggregateMetaModelFactory.inspectAggregate(Note.class),
            events,
            NoSnapshotTriggerDefinition.TRIGGER);
    aggregate.execute(note -> AggregateLifecycle.apply(first));
    unit.commit();
    return aggregate;
  }

  private static void write(EventSourcedAggregate<Note> aggregate, String text) {
    var unit = DefaultUnitOfWork.startAndGet(null);
    aggregate.execute(note -> AggregateLifecycle.apply(text));
    unit.commit();
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    for (int n = 0; n < 3; n++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
