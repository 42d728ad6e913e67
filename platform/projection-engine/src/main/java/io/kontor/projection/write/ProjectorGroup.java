package io.kontor.projection.write;

import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChanges;
import io.kontor.projection.write.GroupCheckpoint.Moved;
import io.kontor.projection.write.Projector.Folded;
import io.kontor.tenancy.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.axonframework.eventhandling.EventMessage;
import org.jooq.DSLContext;

/**
 * Projects batches into all read models that are level, in the caller's transaction. A projection
 * that misses earlier events or fails on one is left out of the batch, so that it does not hold up
 * the others; its checkpoint stays where it was.
 */
public final class ProjectorGroup {
  private final Map<String, Projector<?>> projectors = new LinkedHashMap<>();
  private final GroupCheckpoint checkpoint;
  private final DSLContext sql;

  public ProjectorGroup(List<? extends Projection<?>> projections, ProjectionDatabase worker) {
    this.sql = worker.sql();
    for (Projection<?> projection : projections) {
      projectors.put(projection.name(), worker.projector(projection));
    }
    this.checkpoint = new GroupCheckpoint(projectors.keySet(), sql);
  }

  /**
   * Projects the next events of the event store, whole units of work.
   *
   * @return the projections that have not got them all
   * @throws RuntimeException if the database failed, not an event; the transaction must be rolled
   *     back
   */
  public Set<String> take(List<EventMessage<?>> batch) {
    return take(batch, new ArrayList<>());
  }

  /**
   * The same.
   *
   * @param changed receives what the commit will change
   */
  public Set<String> take(List<EventMessage<?>> batch, List<ReadModelChange> changed) {
    long to = EventContext.position(batch.getLast());
    Map<String, Moved> due = checkpoint.advance(positionBefore(batch), to);
    Map<String, Set<String>> waiting =
        ProjectionDeadLetters.among(sql, due.keySet(), Projector.streams(batch));
    List<Part> parts = new ArrayList<>();
    due.forEach(
        (name, before) ->
            parts.add(part(name, before, batch, waiting.getOrDefault(name, Set.of()))));
    List<Part> failed = write(parts);
    parts.stream().filter(part -> !failed.contains(part)).forEach(part -> changed.add(part.to(to)));
    failed.forEach(
        part ->
            new ProjectionCheckpoint(part.projector().name(), sql)
                .moveTo(part.before().position()));
    return failed.isEmpty() && due.size() == projectors.size() ? Set.of() : checkpoint.before(to);
  }

  /** The projections that stand before a position. */
  public Set<String> before(long position) {
    return checkpoint.before(position);
  }

  /** Returns the parts that failed. */
  private List<Part> write(List<Part> parts) {
    List<Part> whole = parts.stream().filter(Part::isWhole).toList();
    List<Part> single = new ArrayList<>(parts);
    if (isWritten(whole)) {
      single.removeAll(whole);
    }
    List<Part> failed = new ArrayList<>();
    for (Part part : single) {
      if (part.projector().attempt(part.folded(), part.waiting()).isPresent()) {
        failed.add(part);
      }
    }
    return failed;
  }

  /**
   * Writes the changes of several projections at once; false if one failed, and none is written.
   */
  private boolean isWritten(List<Part> parts) {
    Map<TenantId, List<RowChanges>> changes = new LinkedHashMap<>();
    for (Part part : parts) {
      Objects.requireNonNull(part.folded().changes())
          .forEach(
              (tenant, ofTenant) ->
                  changes.computeIfAbsent(tenant, first -> new ArrayList<>()).add(ofTenant));
    }
    if (changes.isEmpty()) {
      return true;
    }
    return BatchWriter.inSavepoint(
            sql,
            () ->
                changes.forEach(
                    (tenant, ofTenant) ->
                        new BatchWriter(sql, tenant).write(ofTenant.toArray(RowChanges[]::new))))
        .isEmpty();
  }

  private Part part(String name, Moved before, List<EventMessage<?>> batch, Set<String> waiting) {
    long position = before.position();
    Projector<?> projector = Objects.requireNonNull(projectors.get(name));
    List<EventMessage<?>> missing =
        position < EventContext.position(batch.getFirst())
            ? batch
            : batch.stream().filter(event -> EventContext.position(event) > position).toList();
    return new Part(projector, before, projector.fold(missing), waiting);
  }

  /** The position before a batch: positions have no gaps, and an event has that of its unit. */
  private static long positionBefore(List<EventMessage<?>> batch) {
    long unit = EventContext.position(batch.getFirst());
    return unit - batch.stream().takeWhile(event -> EventContext.position(event) == unit).count();
  }

  /**
   * What one projection does with a batch.
   *
   * @param before its checkpoint before the batch
   * @param waiting the streams of the batch that have a dead letter
   */
  private record Part(Projector<?> projector, Moved before, Folded folded, Set<String> waiting) {
    boolean isWhole() {
      return waiting.isEmpty() && folded.changes() != null;
    }

    ReadModelChange to(long position) {
      return new ReadModelChange(
          projector.name(), before.edition(), before.position(), position, folded.changes());
    }
  }
}
