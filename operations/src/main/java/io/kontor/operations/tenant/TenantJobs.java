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
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Asks for the jobs that change where a tenant is. They are kept in the shared database. */
public final class TenantJobs {
  /** Moves a tenant's data into a schema or a database of its own. */
  public static final JobType<Move> MOVE =
      JobType.of("tenant-move", Move.class, JobPriority.HIGH).limits(1, 2);

  /** Removes the schema or the database of a closed tenant. */
  public static final JobType<Close> CLOSE =
      JobType.of("tenant-close", Close.class, JobPriority.HIGH).limits(1, 2);

  private static final String ONCE = "once";

  private final JdbcClient jdbc;
  private final TenantDirectory directory;
  private final JobQueue jobs;

  /** Where a tenant is to be. */
  public record Move(TenantIsolation to) {}

  /** A closed tenant's schema or database is removed whole. */
  public record Close() {}

  /**
   * @param worker connections of the worker's login to the shared database
   * @param wake lets this node look for due jobs
   */
  public TenantJobs(DataSource worker, JsonMapper json, Runnable wake) {
    this.jdbc = JdbcClient.create(worker);
    this.directory = new TenantDirectory(worker);
    this.jobs = new JobQueue(worker, json, wake);
  }

  /**
   * Has a tenant moved.
   *
   * @return the job
   * @throws ProblemException if there is no such tenant (404), it can't be moved there (400), or
   *     its place does not allow it (409)
   */
  public UUID move(TenantId id, TenantIsolation to, String by) {
    RegisteredTenant tenant = find(id);
    if (!to.isCell()) {
      throw ProblemException.invalid(
          "/to", "must be SCHEMA or DATABASE: no tenant is moved back into the shared tables yet");
    }
    requireOpen(tenant);
    if (tenant.isolation().isCell()) {
      throw refused(
          "a tenant moves out of the shared tables only; this one is in a %s of its own"
              .formatted(tenant.isolation().name().toLowerCase(Locale.ROOT)));
    }
    return jobs.enqueue(id, JobRequest.of(MOVE, new Move(to), by).uniqueKey(ONCE));
  }

  /**
   * Closes a tenant for good, at once, and has its schema or database removed.
   *
   * @return the job
   * @throws ProblemException if there is no such tenant (404), or its place does not allow it (409)
   */
  public UUID close(TenantId id, String by) {
    RegisteredTenant tenant = find(id);
    requireOpen(tenant);
    if (tenant.isolation() == TenantIsolation.ROW) {
      throw refused(
          "the tenant shares its tables with others; move it into a schema or database of its own"
              + " first");
    }
    directory.close(id);
    return jobs.enqueue(id, JobRequest.of(CLOSE, new Close(), by).uniqueKey(ONCE));
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
