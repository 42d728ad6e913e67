package io.kontor.operations.tenant;

import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.job.queue.JobType;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Asks for the jobs that change where a tenant is. They are kept in the shared database. */
public final class TenantJobs {
  /** Moves a tenant's data between the shared tables, a schema and a database of its own. */
  public static final JobType<Move> MOVE =
      JobType.of("tenant-move", Move.class, JobPriority.HIGH).limits(1, 2);

  /** Removes the data of a closed tenant. */
  public static final JobType<Close> CLOSE =
      JobType.of("tenant-close", Close.class, JobPriority.HIGH).limits(1, 2);

  /** Removes what a tenant has moved out of. */
  public static final JobType<Confirmation> CONFIRM =
      JobType.of("tenant-confirm", Confirmation.class, JobPriority.HIGH).limits(1, 2);

  private static final String ONCE = "once";

  private final JdbcClient jdbc;
  private final TenantDirectory directory;
  private final JobQueue jobs;
  private final TransactionTemplate transaction;

  /** Where a tenant is to be. */
  public record Move(TenantIsolation to) {}

  /** The tenant is well where it is now. */
  public record Confirmation() {}

  /** A closed tenant's schema or database is removed whole, or its rows of the shared tables. */
  public record Close() {}

  /**
   * @param worker connections of the worker's login to the shared database
   * @param wake lets this node look for due jobs
   */
  public TenantJobs(DataSource worker, JsonMapper json, Runnable wake) {
    this.jdbc = JdbcClient.create(worker);
    this.directory = new TenantDirectory(worker);
    this.jobs = new JobQueue(worker, json, wake);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(worker));
  }

  /**
   * Has a tenant moved.
   *
   * @return the job
   * @throws ProblemException if there is no such tenant (404), or its place does not allow it (409)
   */
  public UUID move(TenantId id, TenantIsolation to, String by) {
    RegisteredTenant tenant = find(id);
    requireOpen(tenant);
    if (tenant.isolation() == to) {
      throw refused("the tenant is there already");
    }
    if (directory.formerCells(id).stream().anyMatch(cell -> cell.isolation() == to)) {
      throw refused(
          "the tenant has left a %s that is still kept; confirm that move first"
              .formatted(to.name().toLowerCase(Locale.ROOT)));
    }
    return jobs.enqueue(id, JobRequest.of(MOVE, new Move(to), by).uniqueKey(ONCE));
  }

  /**
   * Has the schema and the database removed that a tenant has moved out of.
   *
   * @return the job
   * @throws ProblemException if there is no such tenant (404), or nothing of it is kept (409)
   */
  public UUID confirm(TenantId id, String by) {
    RegisteredTenant tenant = find(id);
    requireOpen(tenant);
    if (directory.formerCells(id).isEmpty()) {
      throw refused("no schema or database that the tenant has left is kept");
    }
    return jobs.enqueue(id, JobRequest.of(CONFIRM, new Confirmation(), by).uniqueKey(ONCE));
  }

  /**
   * Closes a tenant for good, at once, and has its data removed.
   *
   * @return the job
   * @throws ProblemException if there is no such tenant (404), or it was closed (409)
   */
  public UUID close(TenantId id, String by) {
    RegisteredTenant tenant = find(id);
    requireOpen(tenant);
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              directory.close(id);
              return jobs.enqueue(id, JobRequest.of(CLOSE, new Close(), by).uniqueKey(ONCE));
            }));
  }

  /** The newest job of a type for a tenant. */
  public Optional<UUID> newest(TenantId tenant, JobType<?> type) {
    return jdbc.sql(
            """
            select id from job where tenant_id = ? and type = ?
             order by created_at desc limit 1
            """)
        .param(tenant.value())
        .param(type.name())
        .query(UUID.class)
        .optional();
  }

  /**
   * The tenant, also when it is closed.
   *
   * @throws ProblemException if there is none (404)
   */
  public RegisteredTenant find(TenantId id) {
    return directory
        .find(id)
        .orElseThrow(() -> ProblemException.notFound("there is no such tenant"));
  }

  private static void requireOpen(RegisteredTenant tenant) {
    if (tenant.closedAt() != null) {
      throw refused("the tenant was closed");
    }
  }

  private static ProblemException refused(String why) {
    return new ProblemException(ProblemType.TENANT_PLACE_CONFLICT, why);
  }
}
