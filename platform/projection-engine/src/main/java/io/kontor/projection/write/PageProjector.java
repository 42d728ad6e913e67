package io.kontor.projection.write;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventPageReader.Page;
import io.kontor.projection.Projection;
import io.kontor.projection.write.Projector.Folded;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings one live read model forward from the event table, in the caller's transaction. A batch
 * that fails is split until the failing events are isolated, which become dead letters.
 */
public final class PageProjector {
  private final ProjectionCheckpoint checkpoint;
  private final Projector<?> projector;
  private final EventPageReader events;

  public PageProjector(
      Projection<?> projection, ProjectionDatabase worker, EventPageReader events) {
    this.checkpoint = new ProjectionCheckpoint(projection.name(), worker.sql());
    this.projector = worker.projector(projection);
    this.events = events;
  }

  /**
   * Projects the next events.
   *
   * @param upTo the position to reach
   * @param limit number of positions at most; the last unit of work may exceed it
   * @return the new position; empty if a batch, a swap or another node holds the read model
   * @throws RuntimeException if the database failed, not an event
   */
  public OptionalLong advance(long upTo, long limit) {
    Optional<ReadModelChange> change = change(upTo, limit);
    return change.isPresent() ? OptionalLong.of(change.get().to()) : OptionalLong.empty();
  }

  /** The same, with what the commit will change. */
  public Optional<ReadModelChange> change(long upTo, long limit) {
    OptionalLong held = checkpoint.tryHold();
    if (held.isEmpty()) {
      return Optional.empty();
    }
    long after = held.getAsLong();
    long edition = checkpoint.edition();
    if (after >= upTo) {
      return Optional.of(new ReadModelChange(projector.name(), edition, after, after, Map.of()));
    }
    Page page = events.read(null, after, Math.min(upTo, after + limit));
    Folded folded = projector.fold(List.copyOf(page.events()));
    projector.take(folded);
    checkpoint.moveTo(page.upTo());
    return Optional.of(
        new ReadModelChange(projector.name(), edition, after, page.upTo(), folded.changes()));
  }
}
