package io.kontor.app.cli.tenant;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.ProgressBar;
import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobRecord;
import io.kontor.job.queue.JobState;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.web.problem.ProblemException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/** Asks for a job about a tenant and waits until the running bank has done it. */
final class TenantJobWatcher {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Set<JobState> UNDER_WAY = Set.of(JobState.WAITING, JobState.RUNNING);
  private static final int NOT_DONE = 1;

  private final CliDatabase bank;
  private final @Nullable CommandSpec spec;

  TenantJobWatcher(CliDatabase bank, @Nullable CommandSpec spec) {
    this.bank = bank;
    this.spec = spec;
  }

  /** Returns the exit code. */
  int run(Function<TenantJobs, UUID> request, boolean noWait) throws InterruptedException {
    UUID id = requested(request);
    PrintWriter out = CliSupport.out(spec);
    if (noWait) {
      out.println("job " + id);
      out.flush();
      return 0;
    }
    var jobs = new JobAdministration(bank.worker());
    JobRecord job = job(jobs, id);
    try (var bar = new ProgressBar(CliSupport.err(spec), "done", 0)) {
      while (UNDER_WAY.contains(job.state())) {
        Thread.sleep(LOOK_AGAIN);
        job = job(jobs, id);
        bar.reached(job.done());
      }
    }
    out.printf("job %s %s%s%n", id, job.state(), job.failure() == null ? "" : ": " + job.failure());
    out.flush();
    return job.state() == JobState.COMPLETED ? 0 : NOT_DONE;
  }

  private UUID requested(Function<TenantJobs, UUID> request) {
    try {
      return request.apply(new TenantJobs(bank.worker(), JsonMapper.shared(), () -> {}));
    } catch (ProblemException refused) {
      throw new CliException(refused.detail());
    }
  }

  private static JobRecord job(JobAdministration jobs, UUID id) {
    return jobs.find(id).orElseThrow(() -> new CliException("the job is gone")).job();
  }
}
