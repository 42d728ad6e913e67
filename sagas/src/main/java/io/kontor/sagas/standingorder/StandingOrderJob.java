package io.kontor.sagas.standingorder;

import io.kontor.api.standingorder.StandingOrderCommand.ExecuteStandingOrder;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.job.queue.JobType;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.IdGenerator;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Executes a due date. A repetition finds it executed: whether it still has to be done is decided
 * by the order.
 */
public final class StandingOrderJob implements JobHandler<StandingOrderJob.Arguments> {
  /** About an hour, while no node decides on commands. */
  private static final int ATTEMPTS = 60;

  public static final JobType<Arguments> TYPE =
      JobType.of("standing-order", Arguments.class, JobPriority.HIGH).maxAttempts(ATTEMPTS);

  private final SystemCommandSender commands;
  private final JobQueue jobs;

  public StandingOrderJob(SystemCommandSender commands, JobQueue jobs) {
    this.commands = commands;
    this.jobs = jobs;
  }

  /**
   * @param at from when on it may be executed
   */
  public record Arguments(UUID order, LocalDate dueDate, Instant at) {}

  static JobRequest<Arguments> request(Arguments arguments) {
    return JobRequest.of(TYPE, arguments, SystemCommandSender.ACTOR)
        .runAt(arguments.at())
        .uniqueKey("%s/%s".formatted(arguments.order(), arguments.dueDate()));
  }

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public @Nullable Object run(JobContext<Arguments> job) {
    Arguments arguments = job.arguments();
    if (job.isAheadOf(arguments.at())) {
      jobs.enqueue(job.tenant(), request(arguments));
    } else {
      execute(job, arguments);
    }
    return null;
  }

  private void execute(JobContext<Arguments> job, Arguments arguments) {
    var command =
        new ExecuteStandingOrder(
            new StandingOrderId(job.tenant(), arguments.order()),
            arguments.dueDate(),
            IdGenerator.next(),
            IdGenerator.next(),
            IdGenerator.next());
    commands
        .sendOrRetry(job.tenant(), job.id().toString(), command, "the standing order")
        .ifPresent(
            rejection -> {
              throw new PermanentJobException(rejection.detail());
            });
  }
}
