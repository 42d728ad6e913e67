package io.kontor.projection.rebuild;

import static io.kontor.projection.tables.Tables.REBUILD;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.val;

import io.kontor.projection.Projection;
import io.kontor.projection.rebuild.Rebuild.Kind;
import io.kontor.projection.rebuild.Rebuild.Phase;
import io.kontor.projection.rebuild.Rebuild.State;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.UpdateSetMoreStep;
import org.jspecify.annotations.Nullable;

/**
 * The stored rebuilds. Runs in the caller's transaction and sees only the tenants that its login
 * may see. Times are those of the database's clock.
 */
public final class RebuildRepository {
  private static final Field<Instant> NOW =
      field("clock_timestamp()", REBUILD.FINISHED_AT.getDataType());

  private final DSLContext sql;

  public RebuildRepository(DSLContext sql) {
    this.sql = sql;
  }

  public Optional<Rebuild> find(UUID id) {
    return sql.selectFrom(REBUILD)
        .where(REBUILD.REBUILD_ID.eq(id))
        .fetchOptional(RebuildRepository::rebuild);
  }

  /** Rebuilds by their ids; unknown ids are skipped. */
  List<Rebuild> find(Set<UUID> ids) {
    return sql.selectFrom(REBUILD)
        .where(REBUILD.REBUILD_ID.in(ids))
        .fetch(RebuildRepository::rebuild);
  }

  /** The last rebuild requested with an idempotency key. */
  Optional<Rebuild> find(@Nullable TenantId tenant, String requestKey) {
    return sql.selectFrom(REBUILD)
        .where(REBUILD.REQUEST_KEY.eq(requestKey))
        .and(REBUILD.TENANT_ID.isNotDistinctFrom(tenant == null ? null : tenant.value()))
        .orderBy(REBUILD.STARTED_AT.desc())
        .limit(1)
        .fetchOptional(RebuildRepository::rebuild);
  }

  /** Rebuilds that have not ended, in the order of their requests. */
  List<Rebuild> running() {
    return sql.selectFrom(REBUILD)
        .where(REBUILD.STATE.eq(State.RUNNING.name()))
        .orderBy(REBUILD.STARTED_AT, REBUILD.REBUILD_ID)
        .fetch(RebuildRepository::rebuild);
  }

  /** Whether the tenant's rows of one of the projections were rebuilt within the last time span. */
  boolean wasDoneWithin(Duration span, TenantId tenant, List<String> projections) {
    return sql.fetchExists(
        REBUILD,
        REBUILD
            .TENANT_ID
            .eq(tenant.value())
            .and(REBUILD.STATE.eq(State.DONE.name()))
            .and(
                condition(
                    "{0} && {1}::text[]",
                    REBUILD.PROJECTIONS, val(projections.toArray(String[]::new))))
            .and(
                condition(
                    "{0} > {1} - make_interval(secs => {2})",
                    REBUILD.FINISHED_AT, NOW, val(span.toMillis() / 1e3))));
  }

  /** Whether the tables were begun by these versions of the projections. */
  boolean isBuiltBy(List<Projection<?>> projections, UUID id) {
    return Arrays.equals(
        sql.select(REBUILD.VERSIONS)
            .from(REBUILD)
            .where(REBUILD.REBUILD_ID.eq(id))
            .fetchSingle(REBUILD.VERSIONS),
        versions(projections));
  }

  /**
   * @param phase the first phase, which begins at {@code position}
   * @param head the event table's last position
   */
  void insert(
      UUID id,
      Kind kind,
      List<Projection<?>> projections,
      @Nullable TenantId tenant,
      @Nullable String requestKey,
      Phase phase,
      long position,
      long head) {
    sql.insertInto(REBUILD)
        .set(REBUILD.REBUILD_ID, id)
        .set(REBUILD.KIND, kind.name())
        .set(REBUILD.PROJECTIONS, Projection.names(projections).toArray(String[]::new))
        .set(REBUILD.VERSIONS, versions(projections))
        .set(REBUILD.TENANT_ID, tenant == null ? null : tenant.value())
        .set(REBUILD.REQUEST_KEY, val(requestKey))
        .set(REBUILD.STATE, State.RUNNING.name())
        .set(REBUILD.PHASE, phase.name())
        .set(REBUILD.POSITION, position)
        .set(REBUILD.HEAD, head)
        .execute();
  }

  /**
   * The tables were created, empty, by these versions of the projections.
   *
   * @throws RebuildEndedException if the rebuild is not running any more; so do the steps below
   */
  void filling(UUID id, List<Projection<?>> projections) {
    requireRunning(
        sql.update(REBUILD)
            .set(REBUILD.PHASE, Phase.FILL.name())
            .set(REBUILD.POSITION, 0L)
            .set(REBUILD.VERSIONS, versions(projections))
            .where(isRunning(id)));
  }

  void enter(UUID id, Phase phase) {
    requireRunning(sql.update(REBUILD).set(REBUILD.PHASE, phase.name()).where(isRunning(id)));
  }

  /**
   * Moves the position, unless another process has moved it.
   *
   * @param head the event table's last position
   * @param perSecond positions per second
   */
  void advance(UUID id, long from, long to, long head, double perSecond) {
    requireRunning(
        sql.update(REBUILD)
            .set(REBUILD.POSITION, to)
            .set(REBUILD.HEAD, Math.max(to, head))
            .set(REBUILD.PER_SECOND, perSecond)
            .where(isRunning(id))
            .and(REBUILD.POSITION.eq(from)));
  }

  void done(UUID id) {
    requireRunning(ended(State.DONE).where(isRunning(id)));
  }

  /** Returns whether the rebuild was running. */
  boolean failed(UUID id, String why) {
    return ended(State.FAILED).set(REBUILD.FAILURE, why).where(isRunning(id)).execute() == 1;
  }

  /** Returns whether the rebuild was running. */
  boolean aborted(UUID id) {
    return ended(State.ABORTED).where(isRunning(id)).execute() == 1;
  }

  private UpdateSetMoreStep<Record> ended(State state) {
    return sql.update(REBUILD).set(REBUILD.FINISHED_AT, NOW).set(REBUILD.STATE, state.name());
  }

  private static Condition isRunning(UUID id) {
    return REBUILD.REBUILD_ID.eq(id).and(REBUILD.STATE.eq(State.RUNNING.name()));
  }

  private static void requireRunning(Query update) {
    if (update.execute() != 1) {
      throw new RebuildEndedException();
    }
  }

  private static Integer[] versions(List<Projection<?>> projections) {
    return projections.stream().map(Projection::version).toArray(Integer[]::new);
  }

  private static Rebuild rebuild(Record row) {
    String tenant = row.get(REBUILD.TENANT_ID);
    return new Rebuild(
        Objects.requireNonNull(row.get(REBUILD.REBUILD_ID)),
        Kind.valueOf(Objects.requireNonNull(row.get(REBUILD.KIND))),
        List.of(Objects.requireNonNull(row.get(REBUILD.PROJECTIONS))),
        tenant == null ? null : new TenantId(tenant),
        State.valueOf(Objects.requireNonNull(row.get(REBUILD.STATE))),
        Phase.valueOf(Objects.requireNonNull(row.get(REBUILD.PHASE))),
        Objects.requireNonNull(row.get(REBUILD.POSITION)),
        Objects.requireNonNull(row.get(REBUILD.HEAD)),
        Objects.requireNonNull(row.get(REBUILD.PER_SECOND)),
        row.get(REBUILD.FAILURE));
  }
}
