package io.kontor.projection.rebuild;

import static io.kontor.projection.tables.Tables.PROJECTION;

import io.kontor.projection.Projection;
import io.kontor.projection.rebuild.Rebuild.Kind;
import io.kontor.projection.rebuild.Rebuild.Phase;
import io.kontor.projection.write.GenerationSchema;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.axonframework.common.transaction.TransactionManager;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores requests for rebuilds and reads their state. {@link RebuildService} executes them, on any
 * node.
 */
public final class RebuildRequests {
  private static final Logger log = LoggerFactory.getLogger(RebuildRequests.class);

  private final List<Projection<?>> projections;
  private final DSLContext sql;
  private final RebuildRepository rebuilds;
  private final TransactionManager transactions;
  private final LongSupplier head;
  private final RebuildProperties properties;
  private final Runnable requested;

  /**
   * @param sql with a login that sees all tenants
   * @param transactions transactions in which {@code sql} takes part
   * @param head the event table's last position
   * @param requested runs after a request was stored
   */
  public RebuildRequests(
      List<? extends Projection<?>> projections,
      DSLContext sql,
      TransactionManager transactions,
      LongSupplier head,
      RebuildProperties properties,
      Runnable requested) {
    this.projections = List.copyOf(projections);
    this.sql = sql;
    this.rebuilds = new RebuildRepository(sql);
    this.transactions = transactions;
    this.head = head;
    this.properties = properties;
    this.requested = requested;
  }

  /** The names of the projections that can be rebuilt. */
  public List<String> names() {
    return Projection.names(projections);
  }

  /**
   * Requests a rebuild.
   *
   * @param names of the projections, which are rebuilt in one pass and swapped in one transaction
   * @param tenant only this tenant's rows; all tenants' if null
   * @param requestKey the idempotency key, for {@link #find(TenantId, String)}
   * @throws RebuildRejectedException if one of them is being rebuilt
   */
  public Rebuild request(
      Collection<String> names, @Nullable TenantId tenant, @Nullable String requestKey) {
    return insert(Kind.REBUILD, named(names), tenant, requestKey, Phase.NEW, 0);
  }

  /**
   * Requests a rollback to the previous generation.
   *
   * @param requestKey the idempotency key
   * @throws RebuildRejectedException if there is none that this version can use
   */
  public Rebuild requestRollback(String name, @Nullable String requestKey) {
    Projection<?> projection = named(List.of(name)).getFirst();
    Record row = sql.selectFrom(PROJECTION).where(PROJECTION.NAME.eq(name)).fetchOne();
    Long position = row == null ? null : row.get(PROJECTION.PREVIOUS_POSITION);
    if (row == null || position == null) {
      throw new RebuildRejectedException("%s has no previous generation".formatted(name));
    }
    if (!Objects.equals(row.get(PROJECTION.PREVIOUS_VERSION), projection.version())
        || !Generation.fitsLiveTables(sql, GenerationSchema.PREVIOUS, List.of(projection))) {
      throw new RebuildRejectedException(
          "the previous generation of %s was built by version %s of it and this is version %s: roll"
                  .formatted(name, row.get(PROJECTION.PREVIOUS_VERSION), projection.version())
              + " back with the program that built it");
    }
    return insert(Kind.ROLLBACK, List.of(projection), null, requestKey, Phase.CATCH_UP, position);
  }

  public Optional<Rebuild> find(UUID id) {
    return rebuilds.find(id);
  }

  /** The last rebuild requested with an idempotency key. */
  public Optional<Rebuild> find(@Nullable TenantId tenant, String requestKey) {
    return rebuilds.find(tenant, requestKey);
  }

  /** Rebuilds that have not ended, in the order of their requests. */
  public List<Rebuild> running() {
    return rebuilds.running();
  }

  /**
   * Aborts a rebuild; the live generation is unchanged. The node that executes it stops at its next
   * step.
   *
   * @return whether the rebuild was running
   */
  public boolean abort(UUID id) {
    boolean aborted = rebuilds.aborted(id);
    if (aborted) {
      log.info("rebuild aborted id={}", id);
    }
    return aborted;
  }

  List<Projection<?>> named(Collection<String> names) {
    Set<String> wanted = Set.copyOf(names);
    List<Projection<?>> found =
        projections.stream()
            .filter(projection -> wanted.contains(projection.name()))
            .<Projection<?>>map(projection -> projection)
            .toList();
    if (found.isEmpty() || found.size() < wanted.size()) {
      throw new IllegalArgumentException(
          "there is no such projection among %s: %s".formatted(names(), wanted));
    }
    return found;
  }

  private Rebuild insert(
      Kind kind,
      List<Projection<?>> wanted,
      @Nullable TenantId tenant,
      @Nullable String requestKey,
      Phase phase,
      long position) {
    UUID id = IdGenerator.next();
    List<String> names = Projection.names(wanted);
    Rebuild rebuild =
        transactions.fetchInTransaction(
            () -> {
              sql.execute("select pg_advisory_xact_lock(hashtext(current_schema() || '.rebuild'))");
              requireNoConflict(names, tenant);
              if (tenant != null) {
                requireWithinTenantLimits(names, tenant);
              }
              wanted.forEach(
                  projection ->
                      new ProjectionCheckpoint(projection.name(), sql)
                          .register(projection.version()));
              rebuilds.insert(
                  id, kind, wanted, tenant, requestKey, phase, position, head.getAsLong());
              return find(id).orElseThrow();
            });
    requested.run();
    return rebuild;
  }

  /**
   * Another tenant's rebuild is no conflict: the new one waits for it. Nor does a tenant's rebuild
   * prevent one of all tenants.
   */
  private void requireNoConflict(List<String> names, @Nullable TenantId tenant) {
    boolean isConflict =
        running().stream()
            .filter(running -> !Collections.disjoint(running.projections(), names))
            .anyMatch(
                running -> running.tenant() == null || Objects.equals(running.tenant(), tenant));
    if (isConflict) {
      throw new RebuildRejectedException(
          "%s is being rebuilt already".formatted(String.join(", ", names)));
    }
  }

  /**
   * Limits size and frequency: while a tenant's rows are replaced, the batches of all tenants wait.
   */
  private void requireWithinTenantLimits(List<String> names, TenantId tenant) {
    long events =
        sql.fetchSingle(
                """
                select count(*) from (
                  select from event where tenant_id = ? limit ?) counted
                """,
                tenant.value(),
                properties.tenantEvents() + 1)
            .get(0, Long.class);
    if (events > properties.tenantEvents()) {
      throw new RebuildRejectedException(
          "the tenant has more than %d events, too many to replace its rows alone: an operator can rebuild everyone's"
              .formatted(properties.tenantEvents()));
    }
    if (rebuilds.wasDoneWithin(properties.tenantPause(), tenant, names)) {
      throw new RebuildRejectedException(
          "%s was rebuilt less than %d seconds ago"
              .formatted(String.join(", ", names), properties.tenantPause().toSeconds()));
    }
  }
}
