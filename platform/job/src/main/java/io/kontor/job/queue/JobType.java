package io.kontor.job.queue;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A kind of job.
 *
 * @param name lower-case words joined by hyphens; stored with each job, so it stays
 * @param arguments the record that its arguments are read into
 * @param revision of the arguments' JSON, from 1; a handler reads older ones
 * @param priority of its jobs, unless one asks for another
 * @param maxAttempts attempts until a job is dead
 * @param tenantLimit jobs of one tenant that run at the same time at most
 * @param typeLimit jobs of all tenants that run at the same time at most
 * @param longestPause between two attempts; the first pause is a second, then it doubles
 */
public record JobType<A>(
    String name,
    Class<A> arguments,
    int revision,
    JobPriority priority,
    int maxAttempts,
    int tenantLimit,
    int typeLimit,
    Duration longestPause) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final int MAX_ATTEMPTS = 3;
  private static final int TENANT_LIMIT = 4;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /**
   * @throws IllegalArgumentException if the name has another form or a limit is below 1
   */
  public JobType {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a job type's name is lower-case words joined by hyphens, not '%s'".formatted(name));
    }
    if (revision < 1 || maxAttempts < 1 || tenantLimit < 1 || typeLimit < 1) {
      throw new IllegalArgumentException("revision, attempts and limits are at least 1");
    }
  }

  /** Three attempts, four running jobs a tenant, a minute's pause at most. */
  public static <A> JobType<A> of(String name, Class<A> arguments, JobPriority priority) {
    return new JobType<>(
        name, arguments, 1, priority, MAX_ATTEMPTS, TENANT_LIMIT, Integer.MAX_VALUE, LONGEST_PAUSE);
  }

  /** This type with other arguments than of its first revision. */
  public JobType<A> revision(int number) {
    return new JobType<>(
        name, arguments, number, priority, maxAttempts, tenantLimit, typeLimit, longestPause);
  }

  /** This type with another number of attempts. */
  public JobType<A> maxAttempts(int number) {
    return new JobType<>(
        name, arguments, revision, priority, number, tenantLimit, typeLimit, longestPause);
  }

  /** This type with another longest pause between two attempts. */
  public JobType<A> longestPause(Duration pause) {
    return new JobType<>(
        name, arguments, revision, priority, maxAttempts, tenantLimit, typeLimit, pause);
  }

  /** This type with other limits of running jobs. */
  public JobType<A> limits(int perTenant, int allTenants) {
    return new JobType<>(
        name, arguments, revision, priority, maxAttempts, perTenant, allTenants, longestPause);
  }
}
