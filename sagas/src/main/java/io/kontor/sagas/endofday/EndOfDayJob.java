package io.kontor.sagas.endofday;

import io.kontor.api.endofday.EndOfDayFigures;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.job.queue.JobType;
import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLock;
import io.kontor.sagas.command.SystemCommandSender;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs the end of a bank day, under a lease of the tenant. A repetition goes on where it was. */
public final class EndOfDayJob implements JobHandler<EndOfDayJob.Arguments> {
  /** About an hour, while no node decides on commands or the read models are behind. */
  private static final int ATTEMPTS = 60;

  public static final JobType<Arguments> TYPE =
      JobType.of("end-of-day", Arguments.class, JobPriority.MEDIUM)
          .maxAttempts(ATTEMPTS)
          .limits(1, Integer.MAX_VALUE);

  private static final Duration LEASE = Duration.ofSeconds(10);

  private final EndOfDayStore store;
  private final EndOfDayRun run;
  private final LeaseLock locks;
  private final JobQueue jobs;

  EndOfDayJob(EndOfDayStore store, EndOfDayRun run, LeaseLock locks, JobQueue jobs) {
    this.store = store;
    this.run = run;
    this.locks = locks;
    this.jobs = jobs;
  }

  /**
   * @param endsAt from when on it may run
   */
  public record Arguments(LocalDate day, Instant endsAt) {}

  /** Asks for the end of a day, once for it while one waits. */
  public static JobRequest<Arguments> request(Arguments arguments) {
    return JobRequest.of(TYPE, arguments, SystemCommandSender.ACTOR)
        .runAt(arguments.endsAt())
        .uniqueKey(arguments.day().toString());
  }

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public @Nullable EndOfDayFigures run(JobContext<Arguments> job) throws InterruptedException {
    Arguments arguments = job.arguments();
    if (job.isAheadOf(arguments.endsAt())) {
      jobs.enqueue(job.tenant(), request(arguments));
      return null;
    }
    Optional<EndOfDayFigures> figures =
        locks.withLock(
            "end-of-day/" + job.tenant(), LEASE, Duration.ZERO, (Lease lease) -> run(job, lease));
    return figures.orElse(null);
  }

  /** Nothing is left to do for a day that is closed already. */
  private Optional<EndOfDayFigures> run(JobContext<Arguments> job, Lease lease)
      throws InterruptedException {
    Optional<OpenDay> open =
        store.find().filter(known -> known.day().equals(job.arguments().day()));
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(run.run(job.tenant(), job.id(), open.get(), lease, job::progress));
  }
}
