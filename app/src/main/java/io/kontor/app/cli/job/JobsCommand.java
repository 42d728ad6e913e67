package io.kontor.app.cli.job;

import io.kontor.api.message.Validation;
import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobAdministration.Outcome;
import io.kontor.job.queue.JobAdministration.Place;
import io.kontor.job.queue.JobRecord;
import io.kontor.job.queue.JobState;
import io.kontor.tenancy.TenantId;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** All tenants' jobs: list, show, retry, cancel, discard, pause, resume, stats. */
@Command(
    name = "jobs",
    description = "See the work in the background, and decide what becomes of it.",
    mixinStandardHelpOptions = true)
public final class JobsCommand {
  private static final int PAGE = 200;

  @Spec private @Nullable CommandSpec spec;

  @Command(name = "list", description = "Print jobs and tasks of processes, the latest due first.")
  int list(
      @Mixin DatabaseOptions bank,
      @Option(names = "--state", description = "only those in this state: ${COMPLETION-CANDIDATES}")
          @Nullable JobState state,
      @Option(names = "--type", description = "only those of this type") @Nullable String type) {
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase database = bank.open()) {
      var jobs = new JobAdministration(database.worker());
      List<JobRecord> page = jobs.list(state, type, null, PAGE);
      while (!page.isEmpty()) {
        page.forEach(job -> out.println(line(job)));
        JobRecord last = page.getLast();
        page = jobs.list(state, type, new Place(last.runAt(), last.id()), PAGE);
      }
    }
    out.flush();
    return 0;
  }

  @Command(name = "show", description = "Print a job with its arguments and what came of it.")
  int show(@Mixin DatabaseOptions bank, @Parameters(paramLabel = "ID") UUID id) {
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase database = bank.open()) {
      var contents =
          new JobAdministration(database.worker()).find(id).orElseThrow(JobsCommand::unknown);
      JobRecord job = contents.job();
      out.println(line(job));
      print(out, "created", job.createdAt() + " by " + job.createdBy());
      print(out, "due", job.runAt());
      print(out, "started", job.startedAt());
      print(out, "ended", job.endedAt());
      print(out, "attempts", job.attempts() + " of " + job.maxAttempts());
      print(out, "part of", job.parent());
      print(out, "message", job.message());
      print(out, "failure", job.failure());
      print(out, "decision", job.decision());
      print(out, "decided by", job.decidedBy());
      print(out, "arguments", contents.arguments());
      print(out, "result", contents.result());
    }
    out.flush();
    return 0;
  }

  @Command(name = "retry", description = "Have a dead, cancelled or waiting job tried now.")
  int retry(@Mixin DatabaseOptions bank, @Parameters(paramLabel = "ID") UUID id) {
    return change(bank, id, jobs -> jobs.retry(id, CliSupport.operator()));
  }

  @Command(name = "cancel", description = "Cancel a waiting job, or ask a running one to end.")
  int cancel(@Mixin DatabaseOptions bank, @Parameters(paramLabel = "ID") UUID id) {
    return change(bank, id, jobs -> jobs.cancel(id, CliSupport.operator()));
  }

  @Command(name = "discard", description = "Decide that a dead job is not to be done.")
  int discard(
      @Mixin DatabaseOptions bank,
      @Parameters(paramLabel = "ID") UUID id,
      @Option(names = "--reason", required = true, description = "why, which is recorded")
          String reason) {
    try {
      Validation.text("--reason", reason);
    } catch (IllegalArgumentException bad) {
      throw CliSupport.misused(spec, String.valueOf(bad.getMessage()));
    }
    return change(bank, id, jobs -> jobs.discard(id, CliSupport.operator(), reason));
  }

  @Command(name = "pause", description = "Begin no more jobs of a type.")
  int pause(
      @Mixin DatabaseOptions bank,
      @Parameters(paramLabel = "TYPE") String type,
      @Option(names = "--tenant", description = "whose; all tenants', if not given")
          @Nullable String tenant) {
    TenantId whose = tenant(tenant);
    try (CliDatabase database = bank.open()) {
      requireKnown(
          new JobAdministration(database.worker()).pause(whose, type, CliSupport.operator()));
    }
    return 0;
  }

  @Command(name = "resume", description = "Begin jobs of a type again.")
  int resume(
      @Mixin DatabaseOptions bank,
      @Parameters(paramLabel = "TYPE") String type,
      @Option(names = "--tenant", description = "whose pause to lift; that of all, if not given")
          @Nullable String tenant) {
    TenantId whose = tenant(tenant);
    try (CliDatabase database = bank.open()) {
      requireKnown(new JobAdministration(database.worker()).resume(whose, type));
    }
    return 0;
  }

  @Command(name = "stats", description = "Print figures of the jobs by type and priority.")
  int stats(@Mixin DatabaseOptions bank) {
    PrintWriter out = CliSupport.out(spec);
    out.printf(
        "%-28s %-8s %8s %8s %8s %10s %6s %8s %8s%n",
        "type",
        "priority",
        "pending",
        "running",
        "failed",
        "completed",
        "dead",
        "oldest",
        "per min");
    try (CliDatabase database = bank.open()) {
      new JobAdministration(database.worker())
          .statistics()
          .forEach(
              queue ->
                  out.printf(
                      Locale.ROOT,
                      "%-28s %-8s %8d %8d %8d %10d %6d %7ds %8.1f%s%n",
                      queue.type(),
                      queue.priority(),
                      queue.pending(),
                      queue.processing(),
                      queue.failed(),
                      queue.completed(),
                      queue.dead(),
                      queue.oldestWaitSeconds(),
                      queue.perMinute(),
                      queue.paused() ? " paused" : ""));
    }
    out.flush();
    return 0;
  }

  private int change(DatabaseOptions bank, UUID id, Function<JobAdministration, Outcome> decision) {
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase database = bank.open()) {
      var jobs = new JobAdministration(database.worker());
      switch (decide(jobs, decision)) {
        case UNKNOWN_JOB -> throw unknown();
        case NOT_POSSIBLE ->
            throw new CliException("the job's state does not allow it, or it is a process's task");
        case DONE -> out.println(line(jobs.find(id).orElseThrow().job()));
      }
    }
    out.flush();
    return 0;
  }

  private static Outcome decide(
      JobAdministration jobs, Function<JobAdministration, Outcome> decision) {
    try {
      return decision.apply(jobs);
    } catch (DuplicateKeyException anotherWaits) {
      return Outcome.NOT_POSSIBLE;
    }
  }

  private @Nullable TenantId tenant(@Nullable String id) {
    try {
      return id == null ? null : new TenantId(id);
    } catch (IllegalArgumentException malformed) {
      throw CliSupport.misused(spec, "--tenant: " + malformed.getMessage());
    }
  }

  private static void print(PrintWriter out, String what, @Nullable Object value) {
    if (value != null) {
      out.printf("%-10s %s%n", what, value);
    }
  }

  private static String line(JobRecord job) {
    return "%s %s %s %s %s attempts=%d%s%s"
        .formatted(
            job.id(),
            job.tenant() == null ? "-" : job.tenant(),
            job.type(),
            job.priority(),
            job.state(),
            job.attempts(),
            job.total() == 0 ? "" : " done=%d/%d".formatted(job.done(), job.total()),
            job.canBeSteered() ? "" : " (a process's task)");
  }

  private static void requireKnown(boolean isKnown) {
    if (!isKnown) {
      throw new CliException("there is no job of that type");
    }
  }

  private static CliException unknown() {
    return new CliException("there is no such job");
  }
}
