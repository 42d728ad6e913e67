package io.kontor.database.migration;

import io.kontor.database.schema.DatabaseSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryListener;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryState;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;

/**
 * Migrates a database to the schema of the modules on the class path, while other nodes use it. A
 * migration waits two seconds at most for a table's lock, since requests wait behind it; then it is
 * rolled back and tried again, ten times with doubled pauses up to 30 seconds.
 */
public final class SchemaMigrator {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaMigrator.class);
  private static final String LOCATION = "classpath:db/migration";
  private static final String LOCK_TIMEOUT = "set lock_timeout = '2s'";

  /** SQLSTATEs: a deadlock, and a lock that was not to be had in time. */
  private static final Set<String> LOCKED = Set.of("40P01", "55P03");

  private static final RetryPolicy WHILE_LOCKED =
      RetryPolicy.builder()
          .predicate(SchemaMigrator::isLocked)
          .maxRetries(10)
          .delay(Duration.ofSeconds(1))
          .multiplier(2)
          .maxDelay(Duration.ofSeconds(30))
          .build();

  private SchemaMigrator() {}

  /**
   * Runs the pending migrations in {@code db/migration} on the shared schema.
   *
   * @param owner connections of {@link io.kontor.database.DatabaseLogin#OWNER}
   * @throws FlywayException when one fails; those before it stay
   */
  public static void run(DataSource owner) {
    run(owner, DatabaseSchema.SHARED);
  }

  /**
   * Runs the pending migrations in {@code db/migration} on a schema, which keeps its own record of
   * them.
   *
   * @param owner connections of {@link io.kontor.database.DatabaseLogin#OWNER}
   * @throws FlywayException when one fails; those before it stay
   */
  public static void run(DataSource owner, DatabaseSchema schema) {
    FluentConfiguration configuration =
        Flyway.configure().dataSource(owner).locations(LOCATION).defaultSchema(schema.name());
    if (!schema.equals(DatabaseSchema.SHARED)) {
      configuration.resourceProvider(new MigrationsOfSchema(schema));
    }
    run(configuration);
  }

  static void run(FluentConfiguration configuration) {
    Flyway migrations = configuration.validateMigrationNaming(true).initSql(LOCK_TIMEOUT).load();
    var retries = new RetryTemplate(WHILE_LOCKED);
    retries.setRetryListener(new LockLog());
    retries.invoke(
        () -> {
          var _ = migrations.migrate();
        });
  }

  private static boolean isLocked(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && LOCKED.contains(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  private static final class LockLog implements RetryListener {
    @Override
    public void onRetryableExecution(RetryPolicy policy, Retryable<?> retryable, RetryState tries) {
      if (!tries.isSuccessful() && isLocked(tries.getLastException())) {
        LOG.warn(
            "migration rolled back try={} reason=a transaction of another connection holds the"
                + " lock of a table; it is tried again",
            tries.getRetryCount() + 1);
      }
    }
  }
}
