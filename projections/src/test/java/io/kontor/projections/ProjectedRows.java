package io.kontor.projections;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.postgres.TestDatabase;
import io.kontor.projection.Projection;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.Projector;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jooq.Field;
import org.jooq.Table;

/**
 * One projection and the rows that it writes in a real database for a tenant of its own: events in,
 * rows out.
 */
public final class ProjectedRows<E> {
  /** When the first event happens; each later one an hour after the one before. */
  public static final Instant START = Instant.parse("2026-01-30T22:00:00Z");

  private static final TestDatabase DATABASE = TestDatabase.create();

  public final TenantId tenant = new TenantId("t-" + UUID.randomUUID());
  private final ProjectionDatabase worker =
      ProjectionDatabase.of(DATABASE.worker(), Jackson3Serializer.builder().build(), List.of());
  private final Projector<E> projector;
  private final Function<? super E, ?> stream;
  private final Map<String, Long> versions = new HashMap<>();
  private long position;

  /**
   * @param stream the id of an event's stream
   */
  public ProjectedRows(Projection<E> projection, Function<? super E, ?> stream) {
    this.stream = stream;
    this.projector =
        new Projector<>(
            projection,
            worker.sql(),
            worker.deadLetters(projection.name()),
            List.of(),
            changes -> {});
  }

  /** Projects events as one batch. */
  @SafeVarargs
  public final void happen(E... events) {
    List<EventMessage<?>> batch = new ArrayList<>();
    for (E event : events) {
      batch.add(message(event));
    }
    assertThat(worker.transactions().fetchInTransaction(() -> projector.retry(batch)))
        .as("failure of the projection")
        .isEmpty();
  }

  /** When the n-th event happened, counted from 1. */
  public static Instant time(int event) {
    return START.plus(Duration.ofHours(event - 1L));
  }

  private EventMessage<?> message(E event) {
    String id = stream.apply(event).toString();
    position++;
    return new GenericTrackedDomainEventMessage<>(
        new GlobalSequenceTrackingToken(position),
        new GenericDomainEventMessage<>(
            "Stream",
            id,
            versions.merge(id, 0L, (last, zero) -> last + 1),
            event,
            MetaData.with(TenantMessageInterceptor.KEY, tenant.value()),
            UUID.randomUUID().toString(),
            time((int) position)));
  }

  /** Some columns of the tenant's only row. */
  public List<Object> only(Table<?> table, Field<?>... columns) {
    List<List<Object>> all = all(table, columns);
    assertThat(all).as("rows of %s", table).hasSize(1);
    return all.getFirst();
  }

  /** Some columns of all the tenant's rows, in the order of the primary key. */
  public List<List<Object>> all(Table<?> table, Field<?>... columns) {
    return worker
        .transactions()
        .fetchInTransaction(
            () -> {
              ProjectionDatabase.actFor(worker.sql(), tenant);
              return worker
                  .sql()
                  .select(columns)
                  .from(table)
                  .orderBy(Objects.requireNonNull(table.getPrimaryKey()).getFields())
                  .fetch(row -> row.intoList());
            });
  }
}
