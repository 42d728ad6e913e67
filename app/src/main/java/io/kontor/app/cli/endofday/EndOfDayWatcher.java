package io.kontor.app.cli.endofday;

import io.kontor.api.endofday.EndOfDayFigures;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.ProgressBar;
import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRecord;
import io.kontor.job.queue.JobState;
import io.kontor.sagas.endofday.EndOfDayJob;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/** Asks for the ends of a tenant's bank days and waits until the running bank has closed them. */
final class EndOfDayWatcher {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Set<JobState> GIVEN_UP =
      Set.of(JobState.DEAD, JobState.CANCELLED, JobState.DISCARDED);
  private static final String CLOSING = "CLOSING";
  private static final int NOT_DONE = 1;

  private final BankDays days;
  private final JobQueue queue;
  private final JobAdministration jobs;
  private final TenantId tenant;
  private final @Nullable CommandSpec spec;
  private final InstantSource clock;

  EndOfDayWatcher(
      DataSource worker, TenantId tenant, @Nullable CommandSpec spec, InstantSource clock) {
    this.days = new BankDays(worker);
    this.queue = new JobQueue(worker, JsonMapper.shared(), () -> {});
    this.jobs = new JobAdministration(worker);
    this.tenant = tenant;
    this.spec = spec;
    this.clock = clock;
  }

  /** Whether the open day is over. */
  boolean isBehind() {
    return isOver(open());
  }

  /** Asks for the end of the open day alone, and returns the exit code. */
  int request() {
    CliSupport.out(spec).println("job " + enqueue(open()));
    CliSupport.out(spec).flush();
    return 0;
  }

  /** Asks for the end of one day after the other, until the open one is not over. */
  int catchUp() throws InterruptedException {
    BankDays.Open open = open();
    while (isOver(open)) {
      Optional<JobRecord> failed = awaitEnd(open);
      if (failed.isPresent()) {
        CliSupport.err(spec)
            .printf(
                "%s is not closed: job %s is %s, %s%n",
                open.day(), failed.get().id(), failed.get().state(), failed.get().failure());
        return NOT_DONE;
      }
      CliSupport.out(spec)
          .println(EndOfDayCommand.line(days.closed(tenant, open.day()).orElseThrow()));
      CliSupport.out(spec).flush();
      open = open();
    }
    return 0;
  }

  /** Returns the job that failed, or nothing when the day is closed and the next is open. */
  private Optional<JobRecord> awaitEnd(BankDays.Open day) throws InterruptedException {
    UUID id = enqueue(day);
    try (var bar = new ProgressBar(CliSupport.err(spec), day.day() + " accounts", 0)) {
      while (isOpen(day)) {
        Thread.sleep(LOOK_AGAIN);
        EndOfDayFigures figures = open().figures();
        bar.reached(isOpen(day) ? figures.accounts() + figures.booked() + figures.owed() : 0);
        JobRecord job = jobs.find(id).orElseThrow().job();
        if (GIVEN_UP.contains(job.state())) {
          return Optional.of(job);
        }
        if (job.state() == JobState.COMPLETED && isStillToRun(day)) {
          id = enqueue(day);
        }
      }
    }
    return Optional.empty();
  }

  private boolean isOpen(BankDays.Open day) {
    return open().day().equals(day.day()) || days.closed(tenant, day.day()).isEmpty();
  }

  /** Its job ended without running it, as another node's lease was not over yet. */
  private boolean isStillToRun(BankDays.Open day) {
    BankDays.Open now = open();
    return now.day().equals(day.day()) && !now.step().equals(CLOSING);
  }

  private UUID enqueue(BankDays.Open day) {
    return queue.enqueue(
        tenant, EndOfDayJob.request(new EndOfDayJob.Arguments(day.day(), day.endsAt())));
  }

  private boolean isOver(BankDays.Open day) {
    return !day.endsAt().isAfter(clock.instant());
  }

  private BankDays.Open open() {
    return days.open(tenant).orElseThrow(() -> EndOfDayCommand.noBankDay(tenant));
  }
}
