package io.kontor.projection.rebuild;

import static io.kontor.projection.tables.Tables.PROJECTION;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.projection.Projection;
import io.kontor.projection.rebuild.Rebuild.Kind;
import io.kontor.projection.write.PageProjector;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.tenancy.TenantId;
import java.sql.SQLException;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Makes a rebuilt generation live, or a tenant's rows of it. Runs in the caller's transaction: live
 * batches wait from {@link #lock} on, readers only during the last statements.
 */
final class GenerationSwap {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final ProjectionDatabase worker;
  private final DSLContext sql;
  private final EventPageReader events;
  private final List<Projection<?>> projections;
  private final List<String> names;
  private final Generation generation;

  GenerationSwap(
      ProjectionDatabase worker,
      EventPageReader events,
      List<Projection<?>> projections,
      Generation generation) {
    this.worker = worker;
    this.sql = worker.sql();
    this.events = events;
    this.projections = projections;
    this.names = Projection.names(projections);
    this.generation = generation;
  }

  /** Whether a swap failed because readers held a table; it can be tried again. */
  static boolean isLockedByReaders(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  /** Blocks live batches and returns the live projections' last position. */
  long lock() {
    return sql
        .select(PROJECTION.POSITION)
        .from(PROJECTION)
        .where(PROJECTION.NAME.in(names))
        .orderBy(PROJECTION.NAME)
        .forUpdate()
        .fetch(PROJECTION.POSITION)
        .stream()
        .mapToLong(Long::longValue)
        .max()
        .orElse(0);
  }

  /**
   * Makes the generation live for all tenants.
   *
   * @param reached its position
   */
  void swap(Kind kind, long reached, boolean keepPrevious) {
    // A slow reader would make the swap wait, and all other readers behind it.
    sql.execute("set local lock_timeout = '250ms'");
    generation.swapWithLive();
    renumber(kind, reached);
    if (!keepPrevious) {
      dropPrevious();
    }
  }

  /**
   * Replaces a tenant's live rows by those of the generation.
   *
   * @param reached its position
   */
  void replaceRowsOf(TenantId tenant, long reached) {
    projections.forEach(projection -> advanceLive(projection, reached));
    names.forEach(name -> new ProjectionCheckpoint(name, sql).beginEdition());
    generation.replaceRowsOf(tenant);
    generation.drop();
  }

  /**
   * Brings all tenants' live rows to the position of the rebuilt rows, so that no event is
   * projected twice.
   */
  private void advanceLive(Projection<?> projection, long reached) {
    new PageProjector(projection, worker, events).advance(reached, Long.MAX_VALUE / 2);
  }

  private void renumber(Kind kind, long reached) {
    for (Projection<?> projection : projections) {
      sql.execute(
          """
          update projection set
            generation = case when ? then greatest(generation, coalesce(previous_generation, 0)) + 1
                              else previous_generation end,
            edition = edition + 1, version = ?, position = ?, previous_generation = generation,
            previous_version = version, previous_position = position
          where name = ?
          """,
          kind == Kind.REBUILD,
          projection.version(),
          reached,
          projection.name());
    }
  }

  private void dropPrevious() {
    generation.dropPrevious();
    sql.update(PROJECTION)
        .setNull(PROJECTION.PREVIOUS_GENERATION)
        .setNull(PROJECTION.PREVIOUS_VERSION)
        .setNull(PROJECTION.PREVIOUS_POSITION)
        .where(PROJECTION.NAME.in(names))
        .execute();
  }
}
